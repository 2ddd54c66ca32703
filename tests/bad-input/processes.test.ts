import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents, estate, type House, house, steady } from './house.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Terraform that says when an apply has begun, and goes on when it is allowed to. */
const gated = (gate: string) => `${estate['components/terraform/vpc/main.tf']}
resource "terraform_data" "gate" {
  triggers_replace = var.size
  provisioner "local-exec" {
    command = "echo x >> ${gate}/begun; while [ ! -e ${gate}/open ]; do sleep 0.05; done"
  }
}
`

let it: House
let gate: string
beforeAll(async () => {
  it = await house({ 'stacks/orgs/prod.yaml': undefined })
  gate = join(it.root, 'gate')
  await mkdir(gate)
  await it.write({ 'components/terraform/vpc/main.tf': gated(gate) })
  await it.commit('Wait at a gate')
})
afterAll(() => it.dispose())

const open = () => writeFile(join(gate, 'open'), '')
async function close(): Promise<void> {
  await rm(join(gate, 'open'), { force: true })
  await rm(join(gate, 'begun'), { force: true })
}
async function begun(): Promise<number> {
  return (await readFile(join(gate, 'begun'), 'utf8').catch(() => '')).length / 2
}
async function untilBegun(): Promise<void> {
  while (!existsSync(join(gate, 'begun'))) await sleep(25)
}

/** Until the journal has the id of the lock that Terraform took. */
async function untilNoted(): Promise<void> {
  while ((await documents(it))[0]!.content.attempts.at(-1)?.lock === undefined) await sleep(25)
}

interface Started {
  readonly child: ChildProcess
  /** Exit code or signal, and all that was written. */
  readonly ended: Promise<{ readonly code: number | string; readonly said: string }>
}

/** `airlock` as a process of its own. */
function start(...words: string[]): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/cli/main.ts'), '-C', it.repo, ...words], {
    cwd: root,
    env: { ...it.env, GATE: gate } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const ended = once(child, 'close').then(([code, signal]) => ({ code: (code ?? signal) as number | string, said }))
  return { child, ended }
}

async function size(to: number): Promise<void> {
  const file = 'stacks/catalog/vpc.yaml'
  await it.write({ [file]: (await it.read(file)).replace(/size: \d+/, `size: ${to}`) })
  await it.commit(`Make vpc ${to}`)
}

async function approved(): Promise<void> {
  expect(await it.airlock(['plan'])).toMatchObject({ code: 0 })
  expect(await it.airlock(['approve'])).toMatchObject({ code: 0 })
}

test('an apply that is under way keeps others away, and says who, since when and what frees it', async () => {
  await approved()
  const first = start('apply')
  await untilBegun()
  const second = await it.airlock(['apply'])
  expect([second.code, steady(second.out)]).toMatchInlineSnapshot(`
    [
      3,
      "0 of 1 done at main@HEX

      ✗ vpc   -s dev   refused

    Refused: vpc in dev is being applied by Ann Example, run local-…, since HH:MM UTC (lease until HH:MM UTC)
      it frees itself when run local-… ends; if that run is dead: airlock unlock vpc -s dev --reason "…"

    Still in flight: 1
      vpc   -s dev   is being applied by Ann Example, run local-…
    ",
    ]
  `)
  const status = await it.airlock(['status'])
  expect([status.code, steady(status.out)]).toMatchInlineSnapshot(`
    [
      3,
      "In flight: 1 of 1 instances   since HEX "Wait at a gate", just now, HH:MM UTC

      vpc   -s dev   is being applied by Ann Example, run local-…   2 to add   plan HEX, digest HEX

    (exit 3: something is in flight)
    ",
    ]
  `)
  const unlock = await it.airlock(['unlock', 'vpc', '-s', 'dev', '--reason', 'impatience'])
  expect([unlock.code, steady(unlock.err).replace(/process \d+ on \S+\)/, 'process … on …)')]).toMatchInlineSnapshot(`
    [
      3,
      "Refused: vpc in dev is held by Ann Example, run local-…, since HH:MM UTC, and that process still runs
      wait for it, or stop it (process … on …), then: airlock unlock vpc -s dev --reason "…"
    ",
    ]
  `)
  await open()
  expect(await first.ended).toMatchObject({ code: 0 })
  expect([await begun(), (await it.airlock(['status'])).code]).toEqual([1, 0])
})

test('of two applies at once exactly one applies', async () => {
  await close()
  await size(2)
  await approved()
  const startedMs = performance.now()
  const both = [start('apply'), start('apply')]
  await untilBegun()
  const patienceMs = Math.min(15_000, 1000 + 2 * (performance.now() - startedMs))
  // The other is refused at once, or waits for the working copy and is refused after it.
  await Promise.race([...both.map((it) => it.ended), sleep(patienceMs)])
  await open()
  const ended = await Promise.all(both.map((it) => it.ended))
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 3])
  expect(ended.find(({ code }) => code === 3)?.said).toMatch(/is being applied by Ann Example|it was applied/)
  expect([await begun(), (await it.airlock(['status'])).code]).toEqual([1, 0])
}, 180_000)

test('after an apply was killed, status, apply and unlock tell the truth, and nothing is applied twice', async () => {
  await close()
  await size(3)
  await approved()
  const killed = start('apply')
  await untilBegun()
  killed.child.kill('SIGKILL')
  expect(await killed.ended).toMatchObject({ code: 'SIGKILL' })
  const status = await it.airlock(['status'])
  expect([status.code, steady(status.out)]).toMatchInlineSnapshot(`
    [
      3,
      "In flight: 1 of 1 instances   since HEX "Make vpc N", just now, HH:MM UTC

      vpc   -s dev   was left by Ann Example, run local-…, whose process is gone   1 to replace, 1 to change   plan HEX, digest HEX

    Next: airlock unlock vpc -s dev --reason "…"
    (exit 3: something is in flight)
    ",
    ]
  `)
  const apply = await it.airlock(['apply'])
  expect([apply.code, steady(apply.out)]).toMatchInlineSnapshot(`
    [
      3,
      "0 of 1 done at main@HEX

      ✗ vpc   -s dev   refused

    Refused: vpc in dev was left by Ann Example, run local-…, whose process is gone; claimed since HH:MM UTC (lease until HH:MM UTC)
      it frees itself when the lease ends; at once with: airlock unlock vpc -s dev --reason "…"

    Still in flight: 1
      vpc   -s dev   was left by Ann Example, run local-…, whose process is gone

    Next: airlock unlock vpc -s dev --reason "…"
    ",
    ]
  `)
  const unlock = await it.airlock(['unlock', 'vpc', '-s', 'dev', '--reason', 'it was killed'])
  expect([unlock.code, steady(unlock.out)]).toMatchInlineSnapshot(`
    [
      0,
      "Released: vpc -s dev was claimed by Ann Example, run local-…, since HH:MM UTC.
    ",
    ]
  `)
  // Terraform goes on without its parent: the next apply waits for it, and finds that it did all of it.
  const next = it.airlock(['apply'])
  await open()
  const finished = await next
  expect([finished.code, steady(finished.out)]).toMatchInlineSnapshot(`
    [
      0,
      "1 of 1 done at main@HEX

      ✓ vpc   -s dev   no change: nothing to apply

    vpc -s dev: the interrupted apply had done all of it.
    ",
    ]
  `)
  expect([await begun(), (await it.airlock(['status'])).code]).toEqual([1, 0])
})

/** The process group of the Terraform that the last apply has started. */
async function terraformGroup(): Promise<number> {
  const work = join(it.root, 'work')
  const number = (name: string) => Number(/\/lock\/(\d+)\.json$/.exec(name)?.[1] ?? 0)
  const names = (await readdir(work, { recursive: true })).filter((name) => number(name) > 0)
  // While the holder is written anew, the one before is there too, with the command before.
  const last = names.sort((a, b) => number(a) - number(b)).at(-1)!
  return (JSON.parse(await readFile(join(work, last), 'utf8')) as { child: { pid: number } }).child.pid
}

test('after Airlock and Terraform were both killed half-way, the rest goes on without another approval', async () => {
  await close()
  const main = 'components/terraform/vpc/main.tf'
  const late = 'resource "terraform_data" "late" {\n  input      = var.size\n  depends_on = [terraform_data.gate]\n}\n'
  await it.write({ [main]: gated(gate) + late })
  await size(7)
  await approved()
  const killed = start('apply')
  await untilBegun()
  await untilNoted()
  killed.child.kill('SIGKILL')
  process.kill(-(await terraformGroup()), 'SIGKILL')
  await killed.ended
  expect(await it.airlock(['unlock', 'vpc', '-s', 'dev', '--reason', 'both were killed'])).toMatchObject({ code: 0 })
  await open()
  const next = await it.airlock(['apply'])
  expect(next.code).toBe(0)
  expect(next.out).toMatch(/vpc +-s dev +applied: .*, what was left of the approved plan/)
  const [attempt, last] = (await documents(it))[0]!.content.attempts.slice(-2)
  // Whether Terraform had saved anything of it when they were killed, nobody can say.
  expect(['partial', 'unknown']).toContain(attempt?.outcome)
  expect([attempt?.found?.is, last?.outcome]).toEqual(['residual', 'done'])
  expect((await it.airlock(['status'])).code).toBe(0)
}, 300_000)

test('an apply that is interrupted tells Terraform once, waits for it, and says how far it came', async () => {
  await close()
  await size(4)
  await approved()
  const interrupted = start('apply')
  await untilBegun()
  interrupted.child.kill('SIGINT')
  const { code, said } = await interrupted.ended
  expect([code, steady(said)]).toEqual([1, expect.stringContaining('Stopping: what runs now is told to end')])
  expect(said).toMatch(/Failed: vpc -s dev, terraform apply[\s\S]*Interrupt received/)
  const status = await it.airlock(['status'])
  expect([status.code, steady(status.out)]).toMatchInlineSnapshot(`
    [
      3,
      "In flight: 1 of 1 instances   since HEX "Make vpc N", just now, HH:MM UTC

      vpc   -s dev   what was left of the approved plan waits for apply (last apply: partial)

      vpc -s dev: the last apply, by Ann Example, run local-…, failed half-way at HH:MM UTC (terraform apply ended with 1); a fix or a revert is planned as usual.

    Next: airlock apply
    (exit 3: something is in flight)
    ",
    ]
  `)
  expect((await documents(it))[0]?.content).not.toHaveProperty('claim')
  await open()
  await approved()
  expect(await it.airlock(['apply'])).toMatchObject({ code: 0 })
})

test('a plan that is interrupted keeps nothing half-made, and the next one is whole', async () => {
  await size(5)
  await writeFile(
    join(it.root, 'terraform'),
    '#!/bin/sh\nif [ "$1" = plan ]; then echo x > "$GATE/planning"; while :; do sleep 0.05; done; fi\nexec terraform "$@"\n',
    { mode: 0o755 },
  )
  const { child, ended } = start('plan', '--terraform', join(it.root, 'terraform'))
  while (!existsSync(join(gate, 'planning'))) await sleep(25)
  child.kill('SIGINT')
  const { code, said } = await ended
  expect([code, steady(said)]).toMatchInlineSnapshot(`
    [
      1,
      "
    Stopping: what runs now is told to end, and is waited for. Again to stop at once.
    ⚠ 1 of 1 plans failed

      vpc  -s dev   planning failed

    vpc in dev: planning failed
        terraform plan was interrupted
    ",
    ]
  `)
  expect((await it.airlock(['status'])).out).toContain('vpc   -s dev   waits for a plan')
  expect(await it.airlock(['plan'])).toMatchObject({ code: 0 })
})
