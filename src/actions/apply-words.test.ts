import { expect, test } from 'vitest'
import { applyJob } from '../flows/apply-jobs.ts'
import { labFiles } from '../testkit/flow-lab.ts'
import { githubLab } from '../testkit/github-lab.ts'
import { awaitedLines } from './apply-words.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }

test('an apply job that waits says for whom, and what that person types', async () => {
  const it = githubLab(labFiles(['vpc'], { dev: 'components:\n  terraform:\n    vpc: {}\n' }))
  await it.plan()
  const outcome = await applyJob(it.world, { component: 'vpc', environment: 'dev' }, events)
  expect(outcome.failed).toBe(false)
  const digest = (await it.document('vpc@dev')).plans[0]!.digest.replace('pd1:', '').slice(0, 8)
  const lines = (kind: 'review' | 'environment') => awaitedLines(outcome.awaited, () => ({ kind, environment: 'dev' }))
  expect(lines('review')).toEqual([
    `vpc -s dev: waits for approval: 1 to add; somebody who may write, and did not write it, comments /airlock approve ${digest}`,
  ])
  expect(lines('environment')).toEqual([
    'vpc -s dev: waits for approval: 1 to add; the reviewers of the environment dev are asked',
  ])
  const many = Array.from({ length: 12 }, () => outcome.awaited[0]!)
  expect(awaitedLines(many, () => ({ kind: 'review', environment: 'dev' })).at(-1)).toBe('and 2 more')
})
