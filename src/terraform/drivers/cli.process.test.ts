import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, sandbox } from '../../testkit/sandbox.ts'
import type { Job } from '../terraform.ts'
import { fileComponent, hasTerraform, jobOf, sandboxTerraform } from './cli.testkit.ts'

interface Event {
  readonly event: string
  readonly holder?: string
  readonly text?: string
  readonly kind?: string
  readonly state?: { readonly serial: number }
  readonly output?: string
  readonly id?: string
}

interface Started {
  readonly child: ChildProcess
  readonly events: readonly Event[]
  saw(event: string, test?: (event: Event) => boolean): Promise<Event>
  ended(): Promise<void>
}

const patience = { timeout: 60_000, interval: 20 }

const slowPair = `${fileComponent}
resource "folder_file" "second" {
  name       = "\${var.name}-second"
  depends_on = [folder_file.this]
}
`

describe.skipIf(!hasTerraform)('processes that use one working copy', { timeout: 180_000 }, () => {
  let box: Sandbox
  const children = new Set<ChildProcess>()
  beforeAll(async () => {
    box = await sandbox()
  })
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    children.clear()
  })
  afterAll(() => box.dispose())

  /** Starts the process; in a group of its own, as a shell would. */
  function start(job: Job, act: 'hold' | 'apply', of = 'ann in /home/ann/infra'): Started {
    const request = {
      root: box.root,
      of,
      act,
      job: {
        ...job,
        files: [...job.files].map(([path, { bytes }]) => [path, Buffer.from(bytes).toString()]),
        generated: [...job.generated],
        links: [...job.links],
      },
    }
    const script = fileURLToPath(new URL('cli.testprocess.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(request)], {
      env: box.env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    children.add(child)
    const events: Event[] = []
    createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)))
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    return {
      child,
      events,
      async saw(event, fits = () => true) {
        const find = () => events.find((it) => it.event === event && fits(it))
        await expect.poll(find, patience).toBeDefined()
        return find()!
      },
      ended: () => ended,
    }
  }

  const job = (name: string, vars: Readonly<Record<string, unknown>> = {}, main = fileComponent) =>
    jobOf(box, { name, main, vars: { name, text: 'one', ...vars } })

  const creating = ({ text = '' }: Event) => text.includes('folder_file.this: Creating...')

  async function planHere(it: Job) {
    const terraform = sandboxTerraform(box)
    const holders: string[] = []
    const session = await terraform.open(it, (await terraform.tool('terraform'))!, {
      waiting: (holder) => holders.push(holder),
    })
    try {
      return { plan: await session.plan({ destroy: false, extraArgs: [] }), state: await session.state(), holders }
    } finally {
      await session.close()
    }
  }

  test('the second waits for the first, says for whom, and goes on when it ends', async () => {
    const first = start(job('two'), 'hold')
    await first.saw('opened')
    const second = start(job('two'), 'hold', 'bob in /home/bob/infra')
    const { holder } = await second.saw('waiting')
    expect(holder).toContain(`process ${first.child.pid}, for ann in /home/ann/infra, since `)
    expect(second.events.map(({ event }) => event)).not.toContain('opened')
    first.child.stdin?.write('go\n')
    await second.saw('opened')
  })

  test('a process that was killed is succeeded at once', async () => {
    const first = start(job('killed'), 'hold')
    await first.saw('opened')
    first.child.kill('SIGKILL')
    await first.ended()
    const second = start(job('killed'), 'hold')
    await second.saw('opened')
    expect(second.events.map(({ event }) => event)).toEqual(['opened'])
  })

  test('Terraform outlives a process that is killed while it applies, stores its state, and is waited for', async () => {
    const it = job('orphan', { delay_ms: 2_000 })
    const first = start(it, 'apply')
    await first.saw('line', creating)
    first.child.kill('SIGKILL')
    await first.ended()

    const { plan, state, holders } = await planHere(it)
    expect(holders).toHaveLength(1)
    expect(holders[0]).toMatch(/^Terraform \(process \d+\), left running by process \d+, for ann in/)
    expect(plan).toMatchObject({ kind: 'planned', changed: false })
    expect(state?.serial).toBeGreaterThan(0)
  })

  test('when Terraform is killed too, its lock is left and can be told by its id, and nothing goes on without it', async () => {
    const it = job('providerless', { delay_ms: 20_000 })
    const first = start(it, 'apply')
    await first.saw('line', creating)
    const { id } = await first.saw('locked')
    const lock = join(box.root, 'work', it.key, 'lock')
    const [name] = (await readdir(lock))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .slice(-1)
    const { child } = JSON.parse(await readFile(join(lock, name!), 'utf8')) as { child: { pid: number } }
    first.child.kill('SIGKILL')
    process.kill(child.pid, 'SIGKILL')
    await first.ended()
    const group = async () => {
      const stats = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid))
      const all = await Promise.all(stats.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
      const fields = all.map((text) => text.slice(text.lastIndexOf(')') + 2).split(' '))
      return fields.filter(([state, , group]) => Number(group) === child.pid && state !== 'Z').length
    }
    const terraform = sandboxTerraform(box)
    const session = await terraform.open(it, (await terraform.tool('terraform'))!, {})
    await expect.poll(group, patience).toBe(0)
    expect(await session.lock()).toMatchObject({ id, operation: 'OperationTypeApply' })
    expect(await session.unlock('another')).toEqual({ kind: 'absent' })
    expect(await session.unlock(id!)).toEqual({ kind: 'released' })
    expect(await session.lock()).toBeUndefined()
    await session.close()
    const { plan, holders } = await planHere(it)
    expect(holders).toEqual([])
    if (plan.kind === 'planned') expect(plan.ran.output).toContain('1 to add')
    expect(plan.kind).toBe('planned')
    expect(await readdir(join(box.cloud, 'file')).catch(() => [])).not.toContain('providerless.json')
  })

  test('Ctrl-C during an apply lets what runs come to its end, begins nothing new, and tells the state truly', async () => {
    const it = job('interrupted', { delay_ms: 2_000 }, slowPair)
    const first = start(it, 'apply')
    await first.saw('line', creating)
    process.kill(-first.child.pid!, 'SIGINT') // as a terminal does it: to the whole group
    process.kill(-first.child.pid!, 'SIGINT')
    const { kind, state, output = '' } = await first.saw('applied')
    await first.saw('closed')
    expect(kind).toBe('failed')
    expect(output.match(/Interrupt received/g)).toHaveLength(1)
    expect(output).not.toContain('Two interrupts received')
    expect(await readdir(join(box.cloud, 'file'))).not.toContain('interrupted-second.json')
    expect(await readFile(join(box.cloud, 'file', 'interrupted.json'), 'utf8')).toContain('"text": "one"')

    const after = await planHere(it)
    expect(after.state).toEqual(state)
    expect(after.plan).toMatchObject({ kind: 'planned', changed: true })
    if (after.plan.kind === 'planned') expect(after.plan.ran.output).toContain('1 to add, 0 to change, 0 to destroy')
  })
})
