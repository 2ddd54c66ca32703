import { expect, test } from 'vitest'
import { gateWords } from '../gate/words.ts'
import { branchesOf } from '../testkit/branches.ts'
import { flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { type Judged, judge } from './gate.ts'

const of = (name: string, size = 1) => `    ${name}:\n      vars: { size: ${size} }\n`
const stack = (body: string) => `components:\n  terraform:\n${body}`
const manifest = (body: string) => labFiles([], { dev: stack(body) })['stacks/dev.yaml'] as string
const code = (name: string) => `components/terraform/${name}/main.tf`
const estate = labFiles(['vpc', 'db', 'app'], { dev: stack(of('app') + of('db') + of('vpc')) })

/** An estate in which all is applied, with branches. */
async function settled(files = estate, options?: LabOptions) {
  const lab = flowLab(files, options)
  for (let round = 0; (await lab.status()).length > 0; round++) {
    if (round > 3) throw new Error(`does not settle: ${(await lab.status()).join('; ')}`)
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
  return { ...lab, ...branchesOf(lab, files) }
}

const said = (judged: Judged | undefined) => judged && gateWords(judged.verdict, 0).description
const standing = (all: readonly Judged[]) => all.map((it) => `#${it.number} ${it.verdict.state}: ${said(it)}`)

test('two branches that touch one instance: the second waits for the first, then plans again only what moved', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) })
  await lab.plan()
  await lab.branch('second', { [code('vpc')]: '# vpc, other\n', [code('db')]: '# db, other\n' })
  await lab.plan()
  const green = '2 instances planned for the merge, nothing in the way'
  expect(said(await lab.open('first'))).toBe('1 instance planned for the merge, nothing in the way')
  expect(said(await lab.open('second'))).toBe(green)

  expect(standing(await lab.merge(1, 'first'))).toEqual([
    '#2 blocked: waits: vpc in dev is in flight since #1 (waits for approval); vpc in dev is not planned for the merge',
  ])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  const plans = async (id: string) =>
    (await lab.document(id)).plans.filter((it) => it.branch === 'second').map((it) => it.status.kind)
  expect(await plans('vpc@dev')).toEqual(['superseded'])
  expect(await plans('db@dev')).toEqual(['open'])
  const [red] = (await judge(lab.world, { number: 2 })).judged
  expect(said(red)).toBe('blocked: vpc in dev is not planned for the merge')

  await lab.update('second')
  expect(await lab.plan({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev planned'])
  const [again] = (await judge(lab.world, {})).judged
  expect([again!.number, again!.before?.state, again!.verdict.state, said(again)]).toEqual([
    2,
    'blocked',
    'pass',
    green,
  ])
})

test('two merges before an apply are one plan that names both, and is approved again', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) })
  await lab.plan()
  await lab.approve()
  await lab.branch('second', { [code('vpc')]: '# vpc, other\n' })
  await lab.plan()
  await lab.approve()
  await lab.open('first')
  await lab.open('second')
  await lab.merge(1, 'first')
  await lab.merge(2, 'second')
  expect(await lab.status()).toEqual(['vpc@dev changed: plan'])
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  expect((await lab.document('vpc@dev')).plans.at(-1)?.merged).toEqual([1, 2])
  expect(await lab.apply()).toEqual(['vpc@dev waits for approval'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})
