import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { branchesOf } from '../testkit/branches.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { judge, judgeOpen } from './gate.ts'
import { closePullRequest, mergePullRequest, openPullRequest } from './pull-request.ts'
import { allPullRequests } from './pull-requests.ts'

const reader = (vpc: number, app: number) => `components:
  terraform:
    app:
      vars: { size: ${app}, network: !terraform.state vpc version }
    db:
      vars: { size: ${app} }
    vpc:
      vars: { size: ${vpc} }
`
const files = labFiles(['vpc', 'app', 'db'], { dev: reader(1, 1) })
const dev = (vpc: number, app: number) => labFiles([], { dev: reader(vpc, app) })['stacks/dev.yaml'] as string

async function settled() {
  const lab = flowLab(files)
  for (let round = 0; (await lab.status()).length > 0 && round < 5; round++) {
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
  return { ...lab, ...branchesOf(lab, files) }
}

test('plans of a closed pull request do not count any more, and no others', async () => {
  const lab = await settled()
  for (const name of ['first', 'second']) {
    await lab.branch(name, { 'stacks/dev.yaml': dev(name === 'first' ? 2 : 3, 1) })
    await lab.open(name)
    await lab.plan({ component: 'vpc', stack: 'dev' })
  }
  await closePullRequest(lab.world, 1)
  const plans = (await lab.document('vpc@dev')).plans.slice(-2)
  expect(plans.map(({ pullRequest, status }) => [pullRequest, status.kind, 'why' in status && status.why])).toEqual([
    [1, 'superseded', 'change-gone'],
    [2, 'open', false],
  ])
  await expect(judge(lab.world, { number: 1 })).rejects.toMatchObject({ code: 'pull-request-unknown' })
  expect((await judgeOpen(lab.world)).map(({ number }) => number)).toEqual([2])
})

test('a plan whose branch had no pull request yet goes with the one that was opened later', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': dev(2, 1) })
  await lab.plan({ component: 'vpc', stack: 'dev' })
  await lab.open('first')
  await closePullRequest(lab.world, 1)
  expect((await lab.document('vpc@dev')).plans.at(-1)?.status).toMatchObject({ why: 'change-gone' })
})

test('a pull request is opened again, but not once it is merged; what nobody opened is refused', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': dev(2, 1) })
  expect((await lab.open('first')).number).toBe(1)
  await closePullRequest(lab.world, 1)
  const again = await openPullRequest(lab.world, { branch: 'first', title: 'Again', author: 'bob', number: 1 })
  expect(again.number).toBe(1)
  await lab.merge(1, 'first')
  const open = openPullRequest(lab.world, { branch: 'first', title: 'Again', author: 'bob', number: 1 })
  await expect(open).rejects.toMatchObject({ code: 'pull-request-refused', exit: 3 })
  const { tip } = (await judge(lab.world, { branch: 'first' })).judged[0]!.base
  await expect(mergePullRequest(lab.world, 9, tip)).rejects.toThrow('nothing is recorded of pull request #9')
  await expect(closePullRequest(lab.world, 9)).rejects.toMatchObject({ code: 'pull-request-refused' })
})

test('a branch that moves on is judged anew; one that is gone counts as it was', async () => {
  const lab = await settled()
  await lab.branch('first', { 'stacks/dev.yaml': dev(2, 1) })
  await lab.plan({ component: 'vpc', stack: 'dev' })
  expect((await lab.open('first')).verdict.state).toBe('pass')
  const head = await lab.commit('first', { 'stacks/dev.yaml': dev(3, 1) })
  expect((await judgeOpen(lab.world)).map((it) => [it.head, it.verdict.state])).toEqual([[head, 'blocked']])
  const gone = {
    ...lab.world,
    repo: {
      ...lab.repo,
      resolve: async (name: string) => (name.endsWith('/first') ? undefined : lab.repo.resolve(name)),
    },
  }
  expect((await judgeOpen(gone)).map((it) => [it.head, it.from])).toEqual([[head, 'record']])
})

test('after an apply only the plans that were made with what moved are superseded', async () => {
  const lab = await settled()
  await lab.branch('reads', { 'stacks/dev.yaml': dev(1, 2) })
  await lab.plan()
  await lab.open('reads')
  await lab.commit(
    'main',
    { 'components/terraform/vpc/main.tf': '# no other outputs\n', 'stacks/dev.yaml': dev(2, 1) },
    'Enlarge (#9)',
  )
  await lab.plan({ component: 'vpc', stack: 'dev' })
  await lab.approve()
  expect((await lab.apply({ component: 'vpc', stack: 'dev' }))[0]).toBe('vpc@dev applied')
  const ofReads = async (id: string) =>
    (await lab.document(id)).plans.flatMap(({ branch, status }) =>
      branch === 'reads' ? [status.kind === 'superseded' ? status.why : status.kind] : [],
    )
  expect(await ofReads('app@dev')).toEqual(['read-moved'])
  expect(await ofReads('db@dev')).toEqual(['open'])
  const [pull] = await allPullRequests(lab.world)
  expect(pull?.verdict?.state).toBe('blocked')
})

test('a pull request whose commits are gone keeps nobody from judging the others', async () => {
  const lab = await settled()
  for (const name of ['gone', 'there']) {
    await lab.branch(name, { 'components/terraform/vpc/main.tf': `# ${name}\n` })
    await lab.open(name)
  }
  await lab.commit('main', { 'stacks/dev.yaml': dev(2, 1) })
  const lost = (await allPullRequests(lab.world))[0]!.head
  const merge: typeof lab.repo.merge = async (ours, theirs) => {
    if (theirs !== lost) return lab.repo.merge(ours, theirs)
    throw new UserError({ code: 'git-failed', message: `${lost.slice(0, 7)} is no commit`, fix: 'fetch it' })
  }
  const judged = await judgeOpen({ ...lab.world, repo: { ...lab.repo, merge } })
  expect(judged.map(({ number, verdict }) => [number, verdict.reasons[0]?.kind])).toEqual([
    [1, 'unresolvable'],
    [2, 'in-flight'],
  ])
})
