import { expect, test } from 'vitest'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'
import { type Answer, turns, type UpRequest, up } from './up.ts'

const body = (size: number, more = '') => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
    cluster:
      vars: { network: !terraform.state vpc version }
    app:
      vars: { cluster: !terraform.state cluster version }
    dns:
      vars: { zone: a }
${more}`
const names = ['vpc', 'cluster', 'app', 'dns']
const estate = (more = '') => labFiles(names, { dev: body(1, more), prod: body(1) })

async function bringUp(
  lab: FlowLab,
  request: Partial<UpRequest> = {},
  answer: (id: string) => Answer = () => 'nobody',
) {
  const said: string[] = []
  const outcome = await up(
    lab.world,
    { stack: 'dev', approve: false, parallel: 1, ...request },
    {
      begin: () => {},
      doing: (id, what) => void (what === 'applying' && said.push(`${id} ${what}`)),
      finished: () => {},
      shown: ({ id }) => void said.push(`${id} shown`),
      approved: () => {},
      ask: async ({ id }) => {
        said.push(`${id} asked`)
        return answer(id)
      },
    },
  )
  return { ...outcome, said, kinds: outcome.items.map(({ id, kind }) => `${id} ${kind}`) }
}

test('a new stack is planned, approved and applied in order, and nothing of another one', async () => {
  const lab = flowLab(estate())
  const { said, kinds, clean, left, approved } = await bringUp(lab, { approve: true })
  expect(said).toEqual([
    'dns@dev shown',
    'vpc@dev shown',
    'dns@dev applying',
    'vpc@dev applying',
    'cluster@dev shown',
    'cluster@dev applying',
    'app@dev shown',
    'app@dev applying',
  ])
  expect(kinds.sort()).toEqual(['app@dev applied', 'cluster@dev applied', 'dns@dev applied', 'vpc@dev applied'])
  expect([clean, left]).toEqual([[], []])
  expect(approved.map(({ by }) => by.name)).toEqual(['Ann', 'Ann', 'Ann', 'Ann'])
  expect((await lab.document('vpc@dev')).ledger?.by).toMatch(/^Ann, run local-/)
  expect((await lab.status()).every((line) => line.includes('@prod'))).toBe(true)
})

test('a person is asked for each plan; without one it stops and says what waits', async () => {
  const lab = flowLab(estate())
  const alone = await bringUp(lab)
  expect(alone.said).toEqual(['dns@dev shown', 'dns@dev asked', 'vpc@dev shown'])
  expect(alone.left.map(({ id }) => id)).toEqual(['dns@dev', 'vpc@dev', 'cluster@dev', 'app@dev'])
  const some = await bringUp(lab, {}, (id) => (id === 'dns@dev' ? 'no' : 'yes'))
  expect(some.said.filter((line) => line.endsWith('asked'))).toEqual([
    'dns@dev asked',
    'vpc@dev asked',
    'cluster@dev asked',
    'app@dev asked',
  ])
  expect(some.left.map(({ id }) => id)).toEqual(['dns@dev'])
})

test('run again it goes on where it stopped, and says what is clean', async () => {
  const lab = flowLab(estate())
  await bringUp(lab, {}, (id) => (id === 'cluster@dev' ? 'no' : 'yes'))
  const { clean, kinds } = await bringUp(lab, { approve: true })
  expect(clean).toEqual(['dns@dev', 'vpc@dev'])
  expect(kinds.sort()).toEqual(['app@dev applied', 'cluster@dev applied'])
  expect((await bringUp(lab)).clean).toEqual(['dns@dev', 'vpc@dev', 'cluster@dev', 'app@dev'])
})

test('where no approval is asked for, none is', async () => {
  const lab = flowLab(estate('settings: { airlock: { approval: none } }\n'))
  expect((await bringUp(lab)).said).toEqual([
    'dns@dev applying',
    'vpc@dev applying',
    'cluster@dev applying',
    'app@dev applying',
  ])
  expect((await lab.document('app@dev')).approvals).toEqual([])
})

test('a failure stops what depends on it, and nothing else', async () => {
  const lab = flowLab(estate(), {
    fails: (step, { key }) => (step === 'apply' && key.includes('cluster@dev') ? 'no quota' : undefined),
  })
  const { kinds, left } = await bringUp(lab, { approve: true })
  expect(kinds.sort()).toEqual(['app@dev blocked', 'cluster@dev failed', 'dns@dev applied', 'vpc@dev applied'])
  expect(left.map(({ id }) => id)).toEqual(['cluster@dev', 'app@dev'])
})

test('what waits for another stack says so, and is not applied', async () => {
  const files = labFiles(['vpc', 'app'], {
    dev: 'components:\n  terraform:\n    app:\n      vars: { network: !terraform.state vpc net version }\n',
    net: 'components:\n  terraform:\n    vpc:\n      vars: { size: 1 }\n',
  })
  const { items } = await bringUp(flowLab(files), { approve: true })
  expect(items).toMatchObject([{ id: 'app@dev', kind: 'waits', for: 'upstream', upstreams: ['vpc@net'] }])
})

test('only at the tip of the protected branch', async () => {
  const lab = flowLab(estate())
  lab.commit({ 'stacks/dev.yaml': 'x: 1' }, { branch: 'wide', parents: [(await lab.repo.resolve('main'))!] })
  await expect(bringUp(lab)).rejects.toMatchObject({ code: 'not-at-tip', exit: 3 })
})

test('a stack that is not there is refused with the nearest name', async () => {
  await expect(bringUp(flowLab(estate()), { stack: 'prd' })).rejects.toMatchObject({
    code: 'stack-unknown',
    fix: 'did you mean prod?',
  })
})

test('turns tell the order and what each waits for, and touch nothing', async () => {
  const lab = flowLab(estate())
  await bringUp(lab, {}, (id) => (id === 'cluster@dev' ? 'no' : 'yes'))
  const before = await Promise.all(
    (await lab.store.list('')).map(async (key) => [key, (await lab.store.get(key))?.bytes]),
  )
  const found = await turns(lab.world, { stack: 'dev' })
  expect(
    found.turns.map(
      ({ id, wave, item }) => `${wave} ${id} ${item?.kind === 'in-flight' ? item.waitsFor.kind : item?.kind}`,
    ),
  ).toEqual(['1 dns@dev undefined', '1 vpc@dev undefined', '2 cluster@dev approval', '3 app@dev upstream'])
  const after = await Promise.all(
    (await lab.store.list('')).map(async (key) => [key, (await lab.store.get(key))?.bytes]),
  )
  expect(after).toEqual(before)
})

test('what was removed is destroyed after what read it, each plan asked for though they are alike', async () => {
  const lab = flowLab(estate())
  await bringUp(lab, { approve: true })
  lab.commit(
    labFiles([], { dev: 'components: { terraform: { dns: { vars: { zone: a } } } }\n' }) as Record<string, string>,
  )
  expect((await turns(lab.world, { stack: 'dev' })).turns.map(({ id, item }) => `${id} ${item?.kind}`)).toEqual([
    'dns@dev undefined',
    'app@dev in-flight',
    'cluster@dev in-flight',
    'vpc@dev in-flight',
  ])
  const { said, clean, left } = await bringUp(lab, { approve: true })
  expect(said.filter((line) => line.endsWith('applying'))).toEqual([
    'app@dev applying',
    'cluster@dev applying',
    'vpc@dev applying',
  ])
  expect([clean, left]).toEqual([['dns@dev'], []])
})

test('more removals than go without saying are refused one by one, with the command that names their number', async () => {
  const lab = flowLab(estate())
  await bringUp(lab, { approve: true })
  const many = {
    ...labFiles([], { dev: 'components: { terraform: { other: { metadata: { type: abstract } } } }\n' }),
  } as Record<string, string>
  lab.commit({ ...many, 'components/terraform/other/main.tf': '' })
  const { items, left } = await bringUp(lab, { approve: true })
  expect(items).toContainEqual(
    expect.objectContaining({ kind: 'refused', fix: expect.stringContaining('airlock approve --all --destroy 4') }),
  )
  expect(left.length).toBe(4)
})
