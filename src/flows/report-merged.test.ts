import { expect, test } from 'vitest'
import { transactPullRequest } from '../records/journal.ts'
import { labFiles } from '../testkit/flow-lab.ts'
import { type GitHubLab, githubLab } from '../testkit/github-lab.ts'
import { reportMerged } from './report-merged.ts'
import { status } from './status.ts'

const estate = (vpc: number) => `settings: { airlock: { approval: none } }
components:
  terraform:
    app:
      vars: { size: 1, network: !terraform.state vpc version }
    vpc:
      vars: { size: ${vpc} }
`
const manifest = (vpc: number) => labFiles([], { dev: estate(vpc) })['stacks/dev.yaml'] as string
const links = {
  runUrl: 'https://github.com/acme/infra/actions/runs/9',
  blobUrl: (it: string) => `https://github.com/acme/infra/blob/${it}`,
  runOf: (run: string) => `https://github.com/acme/infra/actions/runs/${run}`,
  pullOf: (it: number) => `https://github.com/acme/infra/pull/${it}`,
}

/** A pull request with a comment of ours, merged. */
async function merged(): Promise<GitHubLab & { readonly comment: number }> {
  const lab = githubLab(labFiles(['vpc', 'app'], { dev: estate(1) }))
  await lab.plan()
  await lab.apply()
  await lab.apply()
  await lab.propose(7, { 'stacks/dev.yaml': manifest(2) })
  const { id } = await lab.github.comments.create(7, 'what was planned')
  await transactPullRequest(lab.world.journal, 7, { kind: 'note', notes: { comment: { id, hash: 'x' } } })
  await lab.merge(7)
  return { ...lab, comment: id }
}

const told = async (lab: GitHubLab) => reportMerged(lab.world, await status(lab.world), links)
const body = async (lab: GitHubLab, id: number) => (await lab.github.comments.get(id))?.body ?? ''
const calls = ({ github }: GitHubLab) => github.calls.filter(({ method }) => method.startsWith('comments.')).length

test('the comment of a merged pull request follows it until all is applied, and costs nothing while nothing changes', async () => {
  const lab = await merged()
  expect(await told(lab)).toEqual({ told: [{ number: 7, over: false }], failed: [] })
  const waiting = await body(lab, lab.comment)
  expect(waiting).toMatch(/^### Airlock: 0 of 1 applied, 1 in flight/)
  expect(waiting).toContain('<b>vpc</b> in dev: 1 to change')
  expect(waiting).toMatch(/<sub>Merged as [0-9a-f]{7}, 2026-11-24 /)
  const before = calls(lab)
  expect((await told(lab)).told).toEqual([])
  expect(calls(lab)).toBe(before)

  await lab.plan()
  await lab.apply()
  await lab.plan()
  await lab.apply()
  expect(await lab.status()).toEqual([])
  expect((await told(lab)).told).toEqual([{ number: 7, over: true }])
  const done = await body(lab, lab.comment)
  expect(done).toMatch(/^### Airlock: all 2 applied/)
  expect(done).toMatch(
    /`vpc` in dev.*: applied by .*, \[run \d+\]\(<https:\/\/github\.com\/acme\/infra\/actions\/runs\/\d+>\), 2026-11-24 /,
  )
  const after = calls(lab)
  expect((await told(lab)).told).toEqual([])
  expect(calls(lab)).toBe(after)
})

test('a comment that somebody has deleted is not written again', async () => {
  const lab = await merged()
  lab.github.comments.update = async () => 'gone'
  expect((await told(lab)).told).toEqual([])
  lab.github.comments.update = async () => {
    throw new Error('asked again')
  }
  expect((await told(lab)).told).toEqual([])
})
