import { expect, test } from 'vitest'
import { page } from '../dashboard/page.ts'
import { addressId } from '../records/address.ts'
import { transact } from '../records/journal.ts'
import { documentKey, eventsPrefix, pullRequestKey } from '../records/keys.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { dashboard } from './dashboard.ts'
import type { World } from './world.ts'

const stack = (size: number) => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
`
const dev = (size: number) => labFiles([], { dev: stack(size) }) as Record<string, string>

/** A lab whose one instance was applied, with what `world` has instead of the usual. */
async function applied(ambient: World['ambient']['env'] = {}) {
  const lab = flowLab(labFiles(['vpc'], { dev: stack(1) }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  const world: World = { ...lab.world, ambient: { ...lab.world.ambient, env: ambient } }
  return { ...lab, world, look: () => dashboard(world) }
}

test('an estate that was applied needs nobody, and its history tells how it came so', async () => {
  const { look } = await applied()
  const made = await look()
  expect(made.needs).toEqual([])
  expect(made.counts.clean).toBe(1)
  expect(made.history).toMatchObject([{ kind: 'applied', of: ['vpc@dev'] }])
  expect(made.history[0]?.plannedMs).toBeLessThan(made.history[0]!.approvedMs!)
  expect(made.instances[0]?.events.map(({ says }) => says.split(',')[0])).toEqual([
    'apply ended: done',
    'apply begun',
    'claimed by Ann',
    'approved by Ann',
    'plan stored',
  ])
})

test('a change that was merged is told from its plan to its approval, with the values that reviewers see', async () => {
  const { look, commit, plan, approve } = await applied()
  commit(dev(2), { subject: 'Widen (#7)' })
  expect((await look()).needs.map(({ says }) => says)).toEqual(['waits for a plan'])
  await plan()
  const waiting = await look()
  expect(waiting.needs.map(({ says }) => says)).toEqual(['waits for approval: 1 to change'])
  expect(waiting.instances[0]?.flight).toMatchObject({ why: ['it was changed'], commits: [{ subject: 'Widen (#7)' }] })
  const view = waiting.instances[0]?.plans[0]?.view
  expect(view && 'objects' in view && view.objects[0]?.rows[0]).toEqual({
    name: 'size',
    before: { code: '1' },
    after: { code: '2' },
    forces: false,
  })
  await approve()
  expect((await look()).needs.map(({ says }) => says)).toEqual(['is approved, waits for apply: 1 to change'])
})

test('a plan, an event that cannot be read is told on the page, which is made all the same', async () => {
  const { look, store, document } = await applied()
  const { plans, address } = await document('vpc@dev')
  await store.put(plans[0]!.model, new TextEncoder().encode('{'), { kind: 'any' })
  const [event] = await store.list(eventsPrefix(addressId(address)))
  await store.put(event!, new TextEncoder().encode('{"format":1,"kind":"new-kind"}'), { kind: 'any' })
  const made = await look()
  expect(made.problems).toEqual([
    expect.stringMatching(/^the record events\/\S+ cannot be read: events\[0\]\.kind is "new-kind"/),
    expect.stringMatching(/^the stored plan \S+ cannot be read: /),
  ])
  expect(made.instances[0]?.plans[0]?.view).toEqual({ left: 'it cannot be read' })
  expect(made.counts.clean).toBe(1)
})

test('a plan that the store has no more is told so', async () => {
  const { look, store, document } = await applied()
  await store.delete((await document('vpc@dev')).plans[0]!.model, { kind: 'any' })
  expect((await look()).instances[0]?.plans[0]?.view).toEqual({ left: 'it is no longer in the store' })
})

test('a document of the format before is read as any other', async () => {
  const { look, store, document } = await applied()
  const key = documentKey(addressId((await document('vpc@dev')).address))
  const text = new TextDecoder().decode((await store.get(key))!.bytes)
  await store.put(key, new TextEncoder().encode(text.replace('"format": 2', '"format": 1')), { kind: 'any' })
  expect((await look()).instances[0]?.standing).toBe('clean')
})

test('what was removed by name is in flight until it is destroyed, though no stack declares it any more', async () => {
  const { look, commit } = await applied()
  commit({ 'stacks/dev.yaml': 'vars:\n  stage: dev\ncomponents:\n  terraform: {}\n' })
  const [it] = (await look()).instances
  expect(it).toMatchObject({ id: 'vpc@dev', standing: 'in-flight', flight: { why: ['its declaration was removed'] } })
})

test('a secret of the environment is on no page and in no payload, however it came into a record', async () => {
  const secret = `Planted<&>"it's-0`
  const { look, commit, world, document } = await applied({ DEPLOY_TOKEN: secret })
  commit(dev(2), { subject: `Use ${secret} for now`, author: `${secret} <a@b.test>` })
  const { address } = await document('vpc@dev')
  await transact(world.journal, address, {
    kind: 'claim',
    holder: { run: 'hold-1', by: `ann ${secret}` },
    purpose: 'hold',
    leaseMs: 1,
    reason: `because ${secret}`,
  })
  const made = await look()
  expect(made.needs.map(({ says }) => says)).toEqual(['is held by ann (sensitive): because (sensitive)'])
  for (const text of [JSON.stringify(made), page(made)]) expect(text).not.toMatch(/Planted|it(&#39;|')s-0/)
})

test('open pull requests are told with what the gate said of them last', async () => {
  const { look, store } = await applied()
  const pull = {
    format: 1,
    number: 7,
    title: 'Widen',
    author: 'ann',
    branch: 'wide',
    state: { kind: 'open' },
    head: 'a91f03b',
    base: { branch: 'main', commit: 'c0ffee' },
    supersedes: [],
    verdict: { state: 'pass', reasons: [], changed: 0, atMs: 5 },
    openedMs: 1,
    rev: 1,
    atMs: 5,
    nonces: [],
  }
  const write = (it: typeof pull) =>
    store.put(pullRequestKey(it.number), new TextEncoder().encode(JSON.stringify(it)), { kind: 'any' })
  await write(pull)
  await write({ ...pull, number: 8, state: { kind: 'closed', atMs: 4 } as typeof pull.state })
  expect((await look()).pulls).toEqual([
    { name: '#7', title: 'Widen', of: [], gate: 'pass', says: 'no instance changes', atMs: 5 },
  ])
})
