import { expect, test } from 'vitest'
import { issueText } from '../drift/issue.ts'
import { transact } from '../records/journal.ts'
import { type FlowLab, flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { findDrift } from './drift.ts'
import { showInstance } from './show.ts'
import { isOpen, status } from './status.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }
const dev = (body: string) => labFiles([], { dev: `components:\n  terraform:\n${body}` }) as Record<string, string>
const of = (name: string, size = 1) => `    ${name}:\n      vars: { size: ${size} }\n`
const reads = (output: string) => `    app:\n      vars:\n        size: !terraform.state vpc ${output}\n`
const files = (body: string) => ({ ...labFiles(['vpc', 'app', 'db'], {}), ...dev(body) })
const noise = (until: string) => `
integrations:
  airlock:
    drift:
      noise:
        - { address: thing.*, attribute: size, owner: "@acme/net", reason: "the cloud counts", until: "${until}" }
`
const resized = { size: 7, stage: 'dev', version: 1, steady: 'steady' }

async function applied(body = of('vpc') + of('db'), options: LabOptions = {}): Promise<FlowLab> {
  const lab = flowLab(files(body), options)
  for (let i = 0; i < 3 && (await lab.status()).length > 0; i++) {
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
  expect(await lab.status()).toEqual([])
  return lab
}

test('what was changed outside is found, told once, kept to look at, and gone when it is gone', async () => {
  const lab = await applied()
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev clean'])
  await lab.drift('vpc@dev', 'thing.this', resized)
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev out-of-band: 1 to change'])
  expect(await lab.status()).toEqual(['vpc@dev drifted: out-of-band'])
  expect((await status(lab.world)).items.some(isOpen)).toBe(false)
  const { model, document } = await showInstance(lab.world, { component: 'vpc', stack: 'dev' })
  expect(model?.drift[0]?.address).toBe('thing.this')
  const first = document.drift?.found?.firstMs
  await lab.look()
  const again = await lab.document('vpc@dev')
  expect(again.drift?.found).toMatchObject({ firstMs: first })
  expect(again.drift!.found!.lastMs).toBeGreaterThan(first!)
  await lab.drift('vpc@dev', 'thing.this', { ...resized, size: 1 })
  expect(await lab.look({ component: 'vpc' })).toEqual(['vpc@dev clean'])
  expect(await lab.status()).toEqual([])
})

test('the owners of the stack are told', async () => {
  const lab = await applied()
  lab.commit({ '.github/CODEOWNERS': '* @acme/all\n/stacks/dev.yaml @acme/dev\n' })
  await lab.drift('vpc@dev', 'thing.this', resized)
  const { items } = await findDrift(lab.world, { component: 'vpc' }, events)
  expect(items).toMatchObject([{ finding: { owners: ['@acme/dev'] } }])
})

test('what is deleted outside is out of band too', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', undefined)
  expect(await lab.look({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev out-of-band: 1 to add'])
})

test('a change that was merged and not applied is no drift: the look is at what is applied', async () => {
  const lab = await applied()
  lab.commit(dev(of('vpc', 2) + of('db')))
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev unapplied-commit: no change'])
  await lab.plan()
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev unapplied-commit: 1 to change'])
  await lab.drift('vpc@dev', 'thing.this', resized)
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev out-of-band: 1 to change'])
})

test('what a failed apply left half done is explained by it', async () => {
  let breaks = false
  const lab = await applied(of('vpc'), { fails: (step) => (breaks && step === 'apply' ? 'Error: no\n' : undefined) })
  lab.commit(dev(of('vpc', 2)))
  await lab.plan()
  await lab.approve()
  breaks = true
  expect(await lab.apply()).toEqual(['vpc@dev failed at apply, failed'])
  await lab.drift('vpc@dev', 'thing.this', { ...resized, size: 2 })
  expect(await lab.look()).toEqual(['vpc@dev unapplied-commit: 1 to change'])
})

test('a value that another instance gives and that is another now is external data', async () => {
  const lab = await applied(of('vpc') + reads('size'))
  // Somebody applies vpc by hand with another size.
  await lab.drift('vpc@dev', 'thing.this', resized)
  const states = lab.world.states
  const world = {
    ...lab.world,
    states: {
      read: async (ref: Parameters<typeof states.read>[0]) => {
        const state = await states.read(ref)
        return state && { ...state, outputs: { ...state.outputs, size: { value: 7, sensitive: false } } }
      },
    },
  }
  const { items } = await findDrift(world, { component: 'app' }, events)
  expect(items).toMatchObject([{ id: 'app@dev', kind: 'drifted', finding: { finding: { class: 'external-data' } } }])
})

test('what a provider always reports is noise while the allowlist says so, and drift afterwards', async () => {
  const lab = await applied()
  const atmos = files('')['atmos.yaml'] as string
  await lab.drift('vpc@dev', 'thing.this', resized)
  lab.commit({ 'atmos.yaml': atmos + noise('2026-12-31') })
  expect(await lab.look({ component: 'vpc' })).toEqual(['vpc@dev provider-noise: 1 to change'])
  expect(await lab.status()).toEqual([])
  lab.commit({ 'atmos.yaml': atmos + noise('2026-11-01') })
  const { items, expired } = await findDrift(lab.world, { component: 'vpc' }, events)
  expect(items).toMatchObject([{ kind: 'drifted', finding: { finding: { class: 'out-of-band' } } }])
  expect(expired).toMatchObject([{ owner: '@acme/net', at: { file: 'atmos.yaml' } }])
})

test('a look that failed says nothing of reality: the finding stays', async () => {
  let breaks = false
  const lab = await applied(of('vpc'), {
    fails: (step) => (breaks && step === 'plan' ? 'Error: no network\n' : undefined),
  })
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.look()
  breaks = true
  expect(await lab.look()).toEqual(['vpc@dev failed: plan: Error: no network'])
  expect((await lab.document('vpc@dev')).drift).toMatchObject({
    found: { class: 'out-of-band' },
    failed: { why: 'plan: Error: no network' },
  })
  expect(await lab.status()).toEqual(['vpc@dev drifted: out-of-band'])
})

test('a look that was interrupted is no look', async () => {
  const stop = { aborted: false }
  let breaks = false
  const fails: LabOptions['fails'] = (step) => {
    stop.aborted = breaks
    return breaks && step === 'plan' ? 'Error: operation canceled\n' : undefined
  }
  const lab = await applied(of('vpc'), { fails })
  breaks = true
  await expect(lab.look({ stop })).rejects.toMatchObject({ code: 'interrupted' })
  expect((await lab.document('vpc@dev')).drift).toBeUndefined()
})

test('nothing is said of what was never applied, nor of what somebody works on', async () => {
  const lab = await applied(of('vpc'))
  lab.commit(dev(of('vpc') + of('db')))
  const address = (await lab.document('vpc@dev')).address
  await transact(lab.world.journal, address, {
    kind: 'claim',
    holder: { run: '7', by: 'ben' },
    purpose: 'apply',
    leaseMs: 900_000,
  })
  const before = lab.terraform.ran.length
  expect(await lab.look()).toEqual(['db@dev never-applied', 'vpc@dev busy'])
  expect(lab.terraform.ran).toHaveLength(before)
})

test('put back under approval: it waits, is approved, and is applied as what it is', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', resized)
  expect(await lab.remediate()).toEqual(['vpc@dev waits for approval'])
  expect(await lab.status()).toEqual(['vpc@dev drifted: out-of-band, missing'])
  expect((await status(lab.world)).items.some(isOpen)).toBe(true)
  expect(await lab.approve({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev'])
  expect(await lab.status()).toEqual(['vpc@dev drifted: out-of-band, approved'])
  expect(await lab.remediate({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev applied'])
  const { attempts, drift, ledger } = await lab.document('vpc@dev')
  expect(attempts.at(-1)).toMatchObject({ action: 'remediate', outcome: 'done' })
  expect(drift).toMatchObject({ cleanMs: expect.any(Number) })
  expect(drift?.found).toBeUndefined()
  expect(ledger?.fingerprint).toBe(attempts.at(-1)?.fingerprint)
  expect(await lab.status()).toEqual([])
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev clean'])
})

test('airlock apply puts back as well what was approved, and leaves alone what was not', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.remediate()
  expect(await lab.apply()).toEqual([])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect((await lab.document('vpc@dev')).attempts.at(-1)?.action).toBe('remediate')
  expect(await lab.status()).toEqual([])
})

test('other drift than was approved waits for another yes', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.remediate()
  await lab.approve()
  await lab.drift('vpc@dev', 'thing.this', undefined)
  expect(await lab.remediate()).toEqual(['vpc@dev waits for approval'])
})

test('drift that goes away takes its yes along', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.remediate()
  await lab.approve()
  await lab.drift('vpc@dev', 'thing.this', { ...resized, size: 1 })
  expect(await lab.remediate()).toEqual([])
  await lab.drift('vpc@dev', 'thing.this', resized)
  expect(await lab.remediate()).toEqual(['vpc@dev waits for approval'])
})

test('a plan from before the drift is not what puts it back', async () => {
  const lab = await applied(of('vpc'))
  expect(await lab.plan({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev planned'])
  await lab.drift('vpc@dev', 'thing.this', resized)
  expect(await lab.remediate()).toEqual(['vpc@dev waits for approval'])
})

test('what is in flight is not put back: its apply decides', async () => {
  const lab = await applied()
  await lab.drift('vpc@dev', 'thing.this', resized)
  lab.commit(dev(of('vpc', 2) + of('db')))
  await expect(lab.remediate({ component: 'vpc', stack: 'dev' })).rejects.toMatchObject({
    code: 'remediate-in-flight',
    message:
      'vpc in dev is in flight: main asks for something else than is applied, so that there is nothing to put back to',
    exit: 3,
  })
  expect(await lab.remediate()).toEqual([])
  const { items } = await findDrift(lab.world, { component: 'vpc' }, events)
  const [item] = items
  expect(item?.kind === 'drifted' && issueText(item.finding).body).toContain('A change of it is in flight')
})

test('what drifted before it was adopted can be put back too', async () => {
  const lab = await applied()
  await lab.forget()
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.adopt()
  expect(await lab.look()).toEqual(['db@dev clean', 'vpc@dev out-of-band: 1 to change'])
  await lab.remediate()
  await lab.approve()
  expect(await lab.remediate()).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('what had drifted when adopted and was put right by hand is unknown no longer', async () => {
  const lab = await applied()
  await lab.forget()
  await lab.drift('vpc@dev', 'thing.this', resized)
  await lab.adopt()
  expect(await lab.status()).toEqual(['vpc@dev unknown: drifted'])
  await lab.drift('vpc@dev', 'thing.this', { ...resized, size: 1 })
  await lab.look()
  expect(await lab.status()).toEqual([])
})
