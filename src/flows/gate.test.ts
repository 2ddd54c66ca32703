import { expect, test } from 'vitest'
import { gateWords } from '../gate/words.ts'
import { transact } from '../records/journal.ts'
import { branchesOf } from '../testkit/branches.ts'
import { type FlowLab, flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { type Judged, judge, judgeOpen } from './gate.ts'
import { supersedePullRequest } from './pull-request.ts'
import { allPullRequests } from './pull-requests.ts'

const of = (name: string, size: number | string = 1) => `    ${name}:\n      vars: { size: ${size} }\n`
const stack = (body: string, more = '') => `${more}components:\n  terraform:\n${body}`
const manifest = (body: string, more?: string) => labFiles([], { dev: stack(body, more) })['stacks/dev.yaml'] as string
const code = (name: string) => `components/terraform/${name}/main.tf`
const estate = labFiles(['vpc', 'db', 'app'], { dev: stack(of('app') + of('db') + of('vpc')) })
const settings = (text: string) => ({ 'atmos.yaml': `${estate['atmos.yaml']}integrations:\n  airlock:\n${text}` })

async function settle(lab: Pick<FlowLab, 'status' | 'plan' | 'approve' | 'apply'>): Promise<void> {
  for (let round = 0; (await lab.status()).length > 0; round++) {
    if (round > 3) throw new Error(`does not settle: ${(await lab.status()).join('; ')}`)
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
}

/** An estate in which all is applied, with branches. */
async function settled(files = estate, options?: LabOptions) {
  const lab = flowLab(files, options)
  await settle(lab)
  return { ...lab, ...branchesOf(lab, files) }
}

const ofBranch = async (lab: Pick<FlowLab, 'world'>, branch: string) => (await judge(lab.world, { branch })).judged[0]!
const reasons = ({ verdict }: Judged) => gateWords(verdict, 0).reasons.map(({ message }) => message)
const said = (judged: Judged | undefined) => judged && gateWords(judged.verdict, 0).description
const standing = (all: readonly Judged[]) => all.map((it) => `#${it.number} ${it.verdict.state}: ${said(it)}`)

test('two branches that touch one instance: the second waits for the first, then plans again only what moved', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) })
  await lab.plan()
  await lab.branch('second', { [code('vpc')]: '# vpc, other\n', [code('db')]: '# db, other\n' })
  await lab.plan()
  const green = '2 planned, nothing in the way'
  expect(said(await lab.open('first'))).toBe('1 planned, nothing in the way')
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

test('a verdict is given again from the record where nothing moved that it depends on: nothing is resolved', async () => {
  const stages = ['dev', 'prod', 'test']
  const imports = (stage: string) => `import:\n  - mixins/${stage}\n`
  const files = {
    ...labFiles(['vpc'], Object.fromEntries(stages.map((it) => [it, stack(of('vpc'), imports(it))]))),
    ...Object.fromEntries(stages.map((it) => [`stacks/mixins/${it}.yaml`, 'vars: { flavour: 1 }\n'])),
  }
  const lab = await settled(files)
  const bigger = (stage: string) =>
    labFiles([], { [stage]: stack(of('vpc', 2), imports(stage)) }) as Record<string, string>
  for (const stage of stages) {
    await lab.branch(stage, bigger(stage))
    await lab.plan()
    await lab.open(stage)
  }
  const trees: string[] = []
  const tree: typeof lab.repo.tree = (at, wanted) => {
    trees.push(at)
    return lab.repo.tree(at, wanted)
  }
  const counting = { ...lab.world, repo: { ...lab.repo, tree } }
  const judged = async () => (await judgeOpen(counting)).map(({ number, from }) => `#${number} from the ${from}`)
  await lab.commit('main', { README: 'all about it' }, 'Say more')
  expect(await judged()).toEqual(['#1 from the record', '#2 from the record', '#3 from the record'])
  expect(trees).toHaveLength(0)

  const tip = await lab.commit('main', { 'stacks/mixins/prod.yaml': 'vars: { flavour: 1 } # sweet\n' }, 'Say more')
  expect(await judged()).toEqual(['#1 from the record', '#2 from the resolution', '#3 from the record'])
  expect(trees).toHaveLength(2) // the tip, and the merge of #2
  const recorded = await allPullRequests(lab.world)
  expect(recorded.map(({ base, verdict }) => [base.commit, verdict?.state])).toEqual(stages.map(() => [tip, 'pass']))
})

test('a verdict that says the same is not written again', async () => {
  const lab = await settled()
  await lab.branch('one', { [code('vpc')]: '# other\n' })
  await lab.open('one')
  const [before] = await allPullRequests(lab.world)
  await judgeOpen(lab.world)
  await judge(lab.world, { number: 1 })
  expect((await allPullRequests(lab.world))[0]).toEqual(before)
})

test('a conflict outside of all that is applied is found, though the record would still hold', async () => {
  const lab = await settled()
  await lab.branch('one', { [code('vpc')]: '# other\n', README: 'mine' })
  await lab.plan()
  expect((await lab.open('one')).verdict.state).toBe('pass')
  await lab.commit('main', { README: 'theirs' })
  const [judged] = await judgeOpen(lab.world)
  expect(said(judged)).toBe('blocked: conflicts with main in 1 file')
  expect(reasons(judged!)).toEqual(['it conflicts with main in README'])
})

test('a merge that does not resolve says where and why', async () => {
  const lab = await settled()
  await lab.branch('one', { 'stacks/dev.yaml': `import:\n  - no/such\n${estate['stacks/dev.yaml']}` })
  lab.repo.checkout('main')
  const judged = await ofBranch(lab, 'one')
  expect(judged.verdict.state).toBe('blocked')
  expect(reasons(judged)[0]).toMatch(
    /^the merge does not resolve: stacks\/dev.yaml:2:5: import "no\/such" matches no file/,
  )
})

test('before anything was applied the gate is neutral, and a change that touches no instance is always green', async () => {
  const lab = { ...flowLab(estate) }
  const { branch } = branchesOf(lab, estate)
  await branch('one', { [code('vpc')]: '# other\n' })
  expect((await ofBranch(lab, 'one')).verdict.state).toBe('neutral')
  await branch('two', { README: 'hello' })
  expect((await ofBranch(lab, 'two')).verdict).toEqual({ state: 'pass', reasons: [], changed: 0, planned: 0 })
})

test('an estate that was adopted has a gate, though nothing was applied since', async () => {
  const lab = await settled()
  await lab.forget()
  await lab.adopt()
  await lab.branch('one', { [code('vpc')]: '# other\n' })
  expect(said(await ofBranch(lab, 'one'))).toBe('blocked: vpc in dev is not planned for the merge')
  await lab.plan()
  expect(said(await ofBranch(lab, 'one'))).toBe('1 planned, nothing in the way')
})

test('advice only, where the protected branch says so; a branch cannot say it for itself', async () => {
  const lab = await settled()
  await lab.branch('one', { [code('vpc')]: '# other\n', ...settings('    gate: warn\n') })
  expect((await ofBranch(lab, 'one')).verdict.state).toBe('blocked')
  await lab.commit('main', settings('    gate: warn\n'))
  await lab.branch('two', { [code('vpc')]: '# other\n' })
  const judged = await ofBranch(lab, 'two')
  expect([judged.verdict.state, said(judged)]).toEqual(['advice', 'advice: vpc in dev is not planned for the merge'])
})

test('a direct push is named by its commit and author', async () => {
  const lab = await settled()
  await lab.commit('main', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) }, 'Enlarge')
  await lab.branch('one', { [code('vpc')]: '# other\n' })
  await lab.plan()
  expect(reasons(await ofBranch(lab, 'one'))).toEqual([
    expect.stringMatching(/^vpc in dev is in flight since [0-9a-f]{7} "Enlarge" by Ann, .* UTC: waits for a plan$/),
  ])
})

test('a failed apply holds back neither what mends it nor what reverts it, and a revert is clean only when reality is', async () => {
  let failing = false
  const fails: LabOptions['fails'] = (step) => (failing && step === 'apply' ? 'Error: the provider is down' : undefined)
  const lab = await settled(estate, { fails })
  await lab.branch('breaks', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) })
  await lab.plan()
  await lab.open('breaks')
  await lab.approve()
  await lab.merge(1, 'breaks')
  failing = true
  expect(await lab.apply()).toEqual(['vpc@dev failed at apply, failed'])
  failing = false
  await lab.branch('mends', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 3)) })
  await lab.plan()
  const mends = await ofBranch(lab, 'mends')
  expect(mends.verdict).toMatchObject({
    state: 'pass',
    reasons: [{ kind: 'excused', why: 'failed', by: [{ pullRequest: 1 }] }],
  })
  await lab.branch('reverts', { 'stacks/dev.yaml': estate['stacks/dev.yaml'] as string })
  await lab.plan()
  const reverts = await ofBranch(lab, 'reverts')
  expect(reverts.verdict).toMatchObject({ state: 'pass', reasons: [{ kind: 'excused', why: 'restores' }] })
  await lab.commit('main', { 'stacks/dev.yaml': estate['stacks/dev.yaml'] as string }, 'Revert')
  expect(await lab.status()).toEqual(['vpc@dev attempt-not-done: apply'])
})

test('what was merged after a failure, and was not tried yet, does hold back', async () => {
  let failing = false
  const lab = await settled(estate, { fails: (step) => (failing && step === 'apply' ? 'Error: down' : undefined) })
  await lab.commit('main', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) }, 'Break (#1)')
  await lab.plan()
  await lab.approve()
  failing = true
  await lab.apply()
  await lab.commit('main', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 3)) }, 'Mend (#2)')
  await lab.branch('third', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 4)) })
  await lab.plan()
  expect(said(await ofBranch(lab, 'third'))).toBe('waits: vpc in dev is in flight since #1 and #2 (waits for a plan)')
})

test('what was rejected holds nothing back until somebody approves it after all', async () => {
  const lab = await settled()
  await lab.commit('main', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) }, 'Unwanted (#7)')
  await lab.plan()
  const { address, plans } = await lab.document('vpc@dev')
  const { fingerprint, digest } = plans.at(-1)!
  const by = { name: 'Bob', email: 'bob@acme.test' }
  await transact(lab.world.journal, address, { kind: 'reject', fingerprint, digest, by, reason: 'too large' })
  await lab.branch('one', { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 3)) })
  await lab.plan()
  expect((await ofBranch(lab, 'one')).verdict).toMatchObject({ state: 'pass', reasons: [{ why: 'rejected' }] })
  await transact(lab.world.journal, address, { kind: 'approve', fingerprint, digest, how: 'local', by })
  expect(said(await ofBranch(lab, 'one'))).toBe('waits: vpc in dev is in flight since #7 (waits for apply)')
})

test("a person's word that a change is overtaken is kept in the record, and opens the gate for that change alone", async () => {
  const lab = await settled()
  for (const number of [1, 2]) {
    await lab.branch(`b${number}`, { [code(number === 1 ? 'vpc' : 'db')]: '# new\n' })
    await lab.open(`b${number}`)
  }
  await lab.branch('mine', { 'stacks/dev.yaml': manifest(of('app') + of('db', 2) + of('vpc', 2)) })
  await lab.open('mine')
  await lab.merge(1, 'b1')
  await lab.merge(2, 'b2')
  await lab.update('mine')
  await lab.plan()
  const first = (await judge(lab.world, { number: 3 })).judged[0]!
  expect(said(first)).toBe('waits: db in dev is in flight since #2 (waits for a plan); 1 more in flight')
  const after = await supersedePullRequest(lab.world, { over: 1, reason: 'mine does it all' })
  expect(after.verdict.reasons.map((it) => [it.kind, 'on' in it && it.on])).toEqual([
    ['in-flight', 'db@dev'],
    ['excused', 'vpc@dev'],
  ])
  expect((await allPullRequests(lab.world))[2]?.supersedes).toMatchObject([
    { pullRequest: 1, by: { name: 'Ann' }, reason: 'mine does it all' },
  ])
  await expect(supersedePullRequest(lab.world, { over: 3, reason: 'x' })).rejects.toMatchObject({
    code: 'pull-request-refused',
  })
})

test('an ordered stack takes one change at a time, whatever it touches', async () => {
  const files = labFiles(['vpc', 'db'], {
    dev: stack(of('db') + of('vpc'), 'settings: { airlock: { ordered: true } }\n'),
  })
  const lab = await settled(files)
  await lab.commit('main', { [code('db')]: '# other db\n' }, 'Change db (#4)')
  await lab.branch('one', { [code('vpc')]: '# other vpc\n' })
  await lab.plan()
  const judged = await ofBranch(lab, 'one')
  expect(reasons(judged)[0]).toMatch(
    /^dev takes one change at a time \(ordered: true\), and db in dev is in flight since #4 /,
  )
})

test('what is read holds back only where its outputs may change', async () => {
  const reader = (size: number) =>
    stack(of('vpc') + of('app', '!terraform.state vpc size').replace('size: !', 'network: !') + of('db', size))
  const files = labFiles(['vpc', 'app', 'db'], { dev: reader(1) })
  const lab = await settled(files)
  await lab.branch('one', { [code('app')]: '# other\n' })
  await lab.plan()
  await lab.commit(
    'main',
    { 'stacks/dev.yaml': String(files['stacks/dev.yaml']).replace('size: 1', 'size: 2') },
    'Enlarge (#5)',
  )
  const judged = await ofBranch(lab, 'one')
  expect(reasons(judged)[0]).toMatch(
    /^app in dev reads vpc in dev, whose outputs may change, and which is in flight since #5 /,
  )
  await settle(lab)
  lab.repo.checkout('main')
  await lab.commit('main', { [code('vpc')]: '# only a comment\n' }, 'Comment (#6)')
  await lab.plan()
  await lab.branch('two', { [code('app')]: '# another\n' })
  await lab.plan()
  expect((await ofBranch(lab, 'two')).verdict.state).toBe('pass')
})

test('a removal has a plan of the removal, and the gate says that something is destroyed', async () => {
  const lab = await settled()
  await lab.branch('one', { 'stacks/dev.yaml': manifest(of('app') + of('db')) })
  expect(said(await ofBranch(lab, 'one'))).toBe('blocked: vpc in dev is not planned for the merge')
  expect(reasons(await ofBranch(lab, 'one'))[0]).toBe('the removal of vpc in dev has no sealed plan')
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  const judged = await ofBranch(lab, 'one')
  expect([judged.verdict.state, reasons(judged)]).toEqual([
    'pass',
    ['it removes vpc in dev, and what that made is destroyed after the merge'],
  ])
})

test('a renamed stack moves its instances: they are planned anew, and nothing is said to be destroyed', async () => {
  const body = stack(`    vpc:\n      metadata: { terraform_workspace: kept }\n      vars: { size: 1 }\n`)
  const lab = await settled(labFiles(['vpc'], { dev: body }))
  const renamed = labFiles([], { next: body })['stacks/next.yaml'] as string
  await lab.branch('one', { 'stacks/dev.yaml': undefined, 'stacks/next.yaml': renamed })
  expect(reasons(await ofBranch(lab, 'one'))).toEqual(['vpc in next has no sealed plan'])
  expect(await lab.plan()).toEqual(['vpc@next planned'])
  expect((await ofBranch(lab, 'one')).verdict).toMatchObject({ state: 'pass', reasons: [], changed: 1 })
})

test('a commit that touched a file and asks for the same is not named, nor in the way of a word that overtakes another', async () => {
  const lab = await settled()
  const passive = (size: number) => manifest(of('app') + of('db') + of('vpc', size), 'settings: { team: net }\n')
  await lab.commit('main', { 'stacks/dev.yaml': passive(1) }, 'Say whose it is')
  await lab.branch('theirs', { 'stacks/dev.yaml': passive(2) })
  await lab.open('theirs')
  await lab.branch('mine', { [code('vpc')]: '# new\n' })
  await lab.open('mine')
  await lab.merge(1, 'theirs')
  await lab.update('mine')
  await lab.plan()
  expect(said(await ofBranch(lab, 'mine'))).toContain('vpc in dev is in flight since #1 (')
  const after = await supersedePullRequest(lab.world, { over: 1, reason: 'mine does it all' })
  expect(after.verdict.reasons.map(({ kind }) => kind)).toEqual(['excused'])
})

test('what a change asks for is not forgotten while its merge was not told of', async () => {
  const lab = await settled()
  const wider = { 'stacks/dev.yaml': manifest(of('app') + of('db') + of('vpc', 2)) }
  await lab.branch('first', wider)
  await lab.plan()
  await lab.open('first')
  await lab.commit('main', wider)
  await judgeOpen(lab.world)
  const [pull] = await allPullRequests(lab.world)
  expect(pull?.base.commit).toBe((await lab.repo.resolve('refs/heads/main'))!)
  expect(pull?.outlook?.instances.map(({ id }) => id)).toEqual(['vpc@dev'])
})
