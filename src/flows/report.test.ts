import { expect, test } from 'vitest'
import type { CommitId } from '../git/repo.ts'
import { labFiles } from '../testkit/flow-lab.ts'
import { type GitHubLab, githubLab } from '../testkit/github-lab.ts'
import { foldRun, followAll, followOnGitHub } from './follow-pulls.ts'
import { judge } from './gate.ts'
import { affectedJobs } from './jobs.ts'
import { mergeResult } from './merge-result.ts'
import { planJob } from './plan-jobs.ts'
import { dispatchReplans } from './replan.ts'
import { reportOpen, reportPull } from './report.ts'

const silent = { begin: () => {}, doing: () => {}, finished: () => {} }
const links = {
  runUrl: 'https://github.com/acme/infra/actions/runs/4411',
  blobUrl: (it: string) => `https://x/blob/${it}`,
  pullOf: (it: number) => `https://x/pull/${it}`,
  runOf: (it: string) => `https://x/runs/${it}`,
}
const estate = (vpc: number) => `components:
  terraform:
    app:
      vars: { size: 1, network: !terraform.state vpc version }
    vpc:
      vars: { size: ${vpc} }
`
const files = labFiles(['vpc', 'app'], { dev: estate(1), prod: estate(1) })
const manifest = (stage: string, vpc: number) =>
  labFiles([], { [stage]: estate(vpc) })[`stacks/${stage}.yaml`] as string

async function settled(options?: Parameters<typeof githubLab>[1]): Promise<GitHubLab> {
  const lab = githubLab(files, options)
  await lab.adopt()
  return lab
}

/** Pushes a commit to a pull request, as its author does. */
async function push(lab: GitHubLab, number: number, changes: Readonly<Record<string, string>>): Promise<CommitId> {
  const branch = `change-${number}`
  const main = (await lab.repo.resolve('main'))!
  const before = await lab.repo.resolve(branch)
  lab.commit(changes, { branch, parents: [before ?? main], subject: `Change ${number}` })
  const commit = (await lab.repo.resolve(branch))!
  lab.github.putPull({
    number,
    title: `Change ${number}`,
    author: 'ann',
    head: { branch, commit, fork: false },
    base: { branch: 'main', commit: main },
  })
  return commit
}

/** What the jobs of a run do: plan, fold. */
async function run(lab: GitHubLab, number: number, head: CommitId) {
  const { world } = lab
  const range = {
    kind: 'change',
    head,
    result: await mergeResult(world, head, 'main'),
    pullRequest: number,
    all: false,
  } as const
  const { file } = await affectedJobs(world, range)
  for (const job of file.jobs) await planJob(world, file, job, silent)
  const pull = await followOnGitHub(world, number)
  if (pull.head === head) await foldRun(world, 'main', { number, head, run: file.run })
  return file
}

const methods = ({ github }: GitHubLab, from: number) => github.calls.slice(from).map(({ method }) => method)

test('a pull request gets one comment and a status, and the same again costs nothing', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  const before = lab.github.calls.length
  const { run: name } = await run(lab, 7, head)
  const report = await reportPull(lab.world, 7, { head, links })
  expect(report).toMatchObject({ kind: 'told', comment: { what: 'created' }, failed: [] })
  expect(report.verdicts).toMatchObject([{ state: 'success', changed: true }])
  expect(report.comment?.body).toMatch(/^### Airlock: 1 planned: 1 add; 1 deferred\n/)
  expect(report.comment?.body).toContain(`[stacks/dev.yaml:8](<https://x/blob/${head}/stacks/dev.yaml#L8>)`)
  expect(report.comment?.body).toContain(`[whole plans](<https://x/runs/${name}>)`)
  expect(methods(lab, before)).toEqual(['pulls.get', 'statuses.set', 'comments.list', 'comments.create'])
  const again = lab.github.calls.length
  const later = { ...links, runUrl: 'https://github.com/acme/infra/actions/runs/4412' }
  expect(await reportPull(lab.world, 7, { head, links: later })).toMatchObject({ comment: { what: 'unchanged' } })
  expect(methods(lab, again)).toEqual([])
})

test('a push changes the comment in its place', async () => {
  const lab = await settled()
  const first = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, first)
  await reportPull(lab.world, 7, { head: first, links })
  const head = await push(lab, 7, { 'stacks/prod.yaml': manifest('prod', 3) })
  await run(lab, 7, head)
  expect(await reportPull(lab.world, 7, { head, links })).toMatchObject({ comment: { what: 'updated' } })
  expect(await lab.github.comments.list(7)).toHaveLength(1)
  expect((await lab.github.statuses.list(head)).map(({ state }) => state)).toEqual(['success'])
})

test('a run whose head was overtaken by a force push tells nothing, and its plans do not count for the new one', async () => {
  const lab = await settled()
  const old = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 5) })
  await run(lab, 7, old)
  expect(await reportPull(lab.world, 7, { head: old, links })).toMatchObject({ kind: 'moved' })
  const report = await reportPull(lab.world, 7, { head, links })
  expect(report.verdicts).toMatchObject([{ state: 'failure' }])
  expect(report.comment?.body).toContain('its plan job ended without a plan')
})

test('what Terraform said of a plan that failed stands in the comment', async () => {
  const failing = { now: false }
  const lab = await settled({
    fails: (step, { folder }) =>
      failing.now && step === 'plan' && folder.endsWith('vpc') ? 'no such size' : undefined,
  })
  failing.now = true
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  const { comment, verdicts } = await reportPull(lab.world, 7, { head, links })
  expect(comment?.body).toContain('no such size')
  expect(verdicts).toMatchObject([{ state: 'failure' }])
})

test('a merge that is in flight holds another pull request back, whose status alone is set anew', async () => {
  const lab = await settled()
  const code = 'components/terraform/vpc/main.tf'
  for (const [number, changes] of [
    [8, { [code]: '# wider\n' }],
    [7, { [code]: files[code] as string, 'stacks/dev.yaml': manifest('dev', 7) }],
  ] as const) {
    const head = await push(lab, number, changes)
    await run(lab, number, head)
    await reportPull(lab.world, number, { head, links })
  }
  await lab.merge(7)
  const before = lab.github.calls.length
  await followAll(lab.world)
  const { verdicts } = await reportOpen(lab.world, links)
  expect(verdicts).toMatchObject([{ number: 8, changed: true }])
  expect(verdicts[0]?.description).toContain('vpc in dev is in flight since #7')
  expect(methods(lab, before)).toEqual(['pulls.open', 'statuses.set'])
  const again = lab.github.calls.length
  expect((await reportOpen(lab.world, links)).verdicts).toMatchObject([{ number: 8, changed: false }])
  expect(methods(lab, again)).toEqual([])
  const head = (await lab.repo.resolve('change-8'))!
  const { comment } = await reportPull(lab.world, 8, { head, links })
  expect(comment?.body).toMatch(/\*\*Blocked by\*\*: vpc in dev is in flight since \[\S+7\]\(<https:\/\/x\/pull\/7>\)/)
})

test("somebody else's comment with our marker is left alone, and a comment that was deleted is made again", async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  const forged = lab.github.putComment(7, 'eve', '<!-- airlock:1 {"digests":[]} -->')
  const { comment } = await reportPull(lab.world, 7, { head, links })
  expect(comment?.what).toBe('created')
  expect((await lab.github.comments.get(forged.id))?.body).toBe(forged.body)
})

test('a pull request that was closed while no run looked is closed in the records, and its plans do not count', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  lab.github.putPull({ number: 7, state: 'closed' })
  await followAll(lab.world)
  await expect(judge(lab.world, { number: 7 })).rejects.toThrow('#7 is closed')
  expect((await lab.document('vpc@dev')).plans.at(-1)?.status).toMatchObject({ kind: 'superseded', why: 'change-gone' })
  lab.github.putPull({ number: 7, state: 'open' })
  expect(await followOnGitHub(lab.world, 7)).toMatchObject({ state: { kind: 'open' }, head })
})

test('a pull request that goes to another base is judged for that one', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  const main = (await lab.repo.resolve('main'))!
  lab.commit({}, { branch: 'release', parents: [main], subject: 'Release' })
  lab.github.putPull({ number: 7, base: { branch: 'release', commit: main } })
  const pull = await followOnGitHub(lab.world, 7)
  expect(pull.base.branch).toBe('release')
  expect(pull.verdict).toBeUndefined()
})

test('a pull request that is opened again is planned only where it has no plan, and is green again', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  expect((await run(lab, 7, head)).jobs).toHaveLength(2)
  const about = { head, links }
  const first = await reportPull(lab.world, 7, about)
  // The gate's line counts what the comment counts.
  const planned = /^### Airlock: (\d+ planned)/.exec(first.comment?.body ?? '')?.[1]
  expect(first.verdicts[0]?.description).toBe(`${planned}, nothing in the way`)
  lab.github.putPull({ ...(await lab.github.pulls.get(7)), state: 'closed' })
  await followOnGitHub(lab.world, 7)
  lab.github.putPull({ ...(await lab.github.pulls.get(7)), state: 'open' })
  lab.run.id += 1
  // It was deferred, and so has none.
  expect((await run(lab, 7, head)).jobs).toEqual([{ name: 'app', ids: ['app@dev'] }])
  expect((await reportPull(lab.world, 7, about)).verdicts).toEqual([{ ...first.verdicts[0], changed: false }])
})

test('of a fork nothing is planned unasked: the comment says what changes, and what a maintainer can do', async () => {
  const lab = await settled()
  const head = await push(lab, 9, { 'stacks/dev.yaml': manifest('dev', 2) })
  lab.github.putPull({ number: 9, author: 'eve', head: { branch: 'main', commit: head, fork: true } })
  await followOnGitHub(lab.world, 9)
  const { comment, verdicts } = await reportPull(lab.world, 9, { head, links })
  expect(comment?.body).toContain(`/airlock plan ${head}`)
  expect(comment?.body).toContain('vpc')
  expect(verdicts).toMatchObject([{ state: 'failure' }])
})

test('what changes documents only is green, whoever wrote it', async () => {
  const lab = await settled()
  const head = await push(lab, 9, { 'README.md': 'more\n' })
  lab.github.putPull({ number: 9, author: 'eve', head: { branch: 'docs', commit: head, fork: true } })
  await followOnGitHub(lab.world, 9)
  const { verdicts, comment } = await reportPull(lab.world, 9, { head, links })
  expect(verdicts).toMatchObject([{ state: 'success', description: 'no instance changes' }])
  expect(comment?.body).not.toContain('/airlock plan')
})

test('plans that were made by dispatch show as checks, one a component', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  const before = lab.github.calls.length
  await reportPull(lab.world, 7, { head, links, checks: true })
  const checks = lab.github.calls.slice(before).filter(({ method }) => method === 'checks.create')
  expect(checks.map(({ args: [check] }) => check)).toMatchObject([
    { name: 'app', commit: head, conclusion: 'success' },
    { name: 'vpc', commit: head, conclusion: 'success' },
  ])
})

test('however many components were planned by dispatch, their checks are at most two requests', async () => {
  const stack = (size: number) =>
    `components:\n  terraform:\n${['app', 'db', 'vpc'].map((it) => `    ${it}:\n      vars: { size: ${size} }\n`).join('')}`
  const lab = githubLab(labFiles(['app', 'db', 'vpc'], { dev: stack(1) }))
  await lab.adopt()
  const head = await push(lab, 7, { 'stacks/dev.yaml': labFiles([], { dev: stack(2) })['stacks/dev.yaml'] as string })
  await run(lab, 7, head)
  const before = lab.github.calls.length
  await reportPull(lab.world, 7, { head, links, checks: true })
  const checks = lab.github.calls.slice(before).filter(({ method }) => method === 'checks.create')
  expect(checks.map(({ args: [check] }) => check)).toMatchObject([
    { name: '3 components', commit: head, conclusion: 'success' },
  ])
})

test('notes stand at the lines that change something', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  await run(lab, 7, head)
  const { annotations } = await reportPull(lab.world, 7, { head, links })
  expect(annotations.map(({ path, line }) => `${path}:${line}`)).toEqual(['stacks/dev.yaml:8', 'stacks/dev.yaml:10'])
})

test('where the branch has moved, the merge is planned and shown, not the head alone', async () => {
  const lab = await settled()
  const head = await push(lab, 7, { 'stacks/dev.yaml': manifest('dev', 2) })
  const main = (await lab.repo.resolve('main'))!
  const code = 'components/terraform/vpc/main.tf'
  lab.commit({ 'stacks/dev.yaml': manifest('dev', 1), [code]: '# mended\n' }, { branch: 'main', parents: [main] })
  const file = await run(lab, 7, head)
  expect(file).toMatchObject({ head, onto: await lab.repo.resolve('main') })
  const { verdicts, comment } = await reportPull(lab.world, 7, { head, links })
  // Planned for what the merge gives: what is in the way is only that the other change is not applied yet.
  expect(verdicts[0]?.description).not.toContain('not planned')
  expect(comment?.body).not.toContain('mended')
  expect((await lab.document('vpc@dev')).plans.at(-1)).toMatchObject({ commit: head, pullRequest: 7 })
})

test('a merge that makes plans of another pull request stale has it planned again, once', async () => {
  const lab = await settled()
  const code = 'components/terraform/vpc/main.tf'
  const head = await push(lab, 8, { 'stacks/dev.yaml': manifest('dev', 8) })
  await run(lab, 8, head)
  const main = (await lab.repo.resolve('main'))!
  lab.commit({ 'stacks/dev.yaml': manifest('dev', 1), [code]: '# mended\n' }, { branch: 'main', parents: [main] })
  const { judged } = await reportOpen(lab.world, links)
  const of = { workflow: 'airlock.yml', branch: 'main' }
  expect(await dispatchReplans(lab.world, judged, of)).toEqual([8])
  expect(lab.github.calls.at(-1)).toEqual({
    method: 'runs.dispatch',
    args: ['airlock.yml', 'main', { task: 'plan', pr: '8', head_sha: head }],
  })
  expect(await dispatchReplans(lab.world, judged, of)).toEqual([])
  await run(lab, 8, head)
  const after = await reportOpen(lab.world, links)
  expect(await dispatchReplans(lab.world, after.judged, of)).toEqual([])
  expect(after.verdicts[0]?.description).not.toContain('not planned')
})

test('what was planned again after a merge is planned once more when that is applied, and its state has moved', async () => {
  const free = 'settings: { airlock: { approval: none } }\n'
  const freed = (size: number) => labFiles([], { dev: `${free}${estate(size)}` })['stacks/dev.yaml'] as string
  const lab = githubLab({ ...files, 'stacks/dev.yaml': freed(1) })
  await lab.adopt()
  const code = 'components/terraform/vpc/main.tf'
  const head = await push(lab, 8, { 'stacks/dev.yaml': freed(8) })
  await run(lab, 8, head)
  const main = (await lab.repo.resolve('main'))!
  lab.repo.checkout('main')
  lab.commit({ 'stacks/dev.yaml': freed(1), [code]: '# mended\n' }, { branch: 'main', parents: [main] })
  const of = { workflow: 'airlock.yml', branch: 'main' }
  const again = async () => dispatchReplans(lab.world, (await reportOpen(lab.world, links)).judged, of)
  expect(await again()).toEqual([8])
  await run(lab, 8, head)
  expect(await again()).toEqual([])
  await lab.plan()
  await lab.apply()
  expect((await judge(lab.world, { number: 8 })).judged[0]?.verdict.reasons).toMatchObject([
    { kind: 'not-planned', why: 'state-moved' },
  ])
  expect(await again()).toEqual([8])
  expect(await again()).toEqual([])
})
