import { beforeAll, expect, test } from 'vitest'
import { findAffected } from '../../src/flows/affected.ts'
import { commentInput } from '../../src/flows/comment.ts'
import { planChanges } from '../../src/flows/plan.ts'
import type { ShownItem } from '../../src/flows/planning.ts'
import { progressAt } from '../../src/flows/progress.ts'
import { status } from '../../src/flows/status.ts'
import { gateSentences } from '../../src/gate/words.ts'
import { maxCommentCharacters, renderComment } from '../../src/plan/render/comment.ts'
import { problems } from '../../src/plan/render/markdown.testkit.ts'
import { commentState } from '../../src/plan/render/state.ts'
import { renderSummary } from '../../src/plan/render/summary.ts'
import { affectedSummary } from '../../src/report/summaries.ts'
import { branchesOf } from '../../src/testkit/branches.ts'
import { type FlowLab, flowLab } from '../../src/testkit/flow-lab.ts'
import { before, change, components, earlier } from './estate.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }
const url = 'https://github.com/acme/infra'
const links = { pullOf: (it: number) => `${url}/pull/${it}`, runOf: (it: string) => `${url}/actions/runs/${it}` }
const secrets = /token-of-/

let story: Awaited<ReturnType<typeof play>>
beforeAll(async () => {
  story = await play()
})

async function settle(lab: FlowLab): Promise<void> {
  for (let round = 0; (await lab.status()).length > 0; round++) {
    if (round > 4) throw new Error(`does not settle: ${(await lab.status()).join('; ')}`)
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
}

/** The platform is applied, one change waits for its apply, and a pull request changes twelve instances. */
async function play() {
  const lab = flowLab(before, { components })
  Object.assign(lab.world.machine, { run: { name: '4402', url: links.runOf('4402') } })
  const branches = branchesOf(lab, before)
  await settle(lab)
  await branches.branch('more-room', earlier)
  await lab.plan()
  const first = await branches.open('more-room')
  await branches.merge(first.number!, 'more-room')
  await branches.branch('new-addresses', change)
  await lab.drift('vpc@plat-ue1-prod', 'folder_network.this', {
    arn: 'folder:10.48.0.0/12',
    cidr: '10.48.0.0/12',
    size: 7,
    name: 'plat-prod',
    token: 'token-of-10.48.0.0/12',
  })
  const affected = await findAffected(lab.world, { head: 'new-addresses' })
  const outcome = await planChanges(lab.world, {}, events)
  const { verdict, number } = await branches.open('new-addresses')
  const extras = {
    ...gateSentences(verdict, lab.time.nowMs, { at: 'github', links }),
    blobUrl: `${url}/blob/${outcome.head.commit}`,
    plansUrl: `${url}/actions/runs/4411`,
  }
  const input = commentInput(outcome, extras)
  await branches.merge(number!, 'new-addresses')
  await lab.plan()
  await lab.approve()
  await lab.apply({ component: 'dns' })
  const progress = progressAt(await status(lab.world), links.runOf)
  const merged = { commit: (await lab.world.repo.resolve('main'))!.slice(0, 7), when: '09:00 UTC' }
  const after = commentInput(outcome, {
    blobUrl: extras.blobUrl,
    plansUrl: extras.plansUrl,
    merged,
    progress,
  })
  return { affected, outcome, input, after, extras, verdict }
}

test('the comment of a pull request with twelve instances', async () => {
  const comment = renderComment(story.input)
  await expect(comment).toMatchFileSnapshot('./12-instances.golden')
  expect(story.input.instances).toHaveLength(12)
  expect(problems(comment)).toEqual([])
  expect(comment).not.toMatch(secrets)
  expect(comment.length).toBeLessThan(maxCommentCharacters / 4)
  expect(commentState(comment)?.digests.length).toBeGreaterThan(4)
})

test('the gate counts the plans that the comment counts, also of what only reads what changes', () => {
  const { planned, changed } = story.verdict
  expect({ planned, changed }).toEqual({ planned: 12, changed: 12 })
  expect(renderComment(story.input)).toContain(`### Airlock: ${planned} planned`)
})

test('the summary of the same, with every plan in whole', async () => {
  const summary = renderSummary(story.input)
  await expect(summary).toMatchFileSnapshot('./12-instances-summary.golden')
  expect(problems(summary)).toEqual([])
  expect(summary).not.toMatch(secrets)
})

test('the comment after the merge, when some of it is applied', async () => {
  const comment = renderComment(story.after)
  await expect(comment).toMatchFileSnapshot('./12-instances-merged.golden')
  expect(problems(comment)).toEqual([])
})

test('the comment of the same change from a fork: what its files alone tell', async () => {
  const { outcome, extras } = story
  const items = outcome.items.map(({ id, component, stack, change }): ShownItem => {
    if (change === undefined) throw new Error(`${id} is planned without a change`)
    return { kind: 'unplanned', id, component, stack, change }
  })
  const unplanned = { why: 'fork', head: outcome.head.commit } as const
  const comment = renderComment(commentInput({ ...outcome, items }, { blobUrl: extras.blobUrl, unplanned }))
  await expect(comment).toMatchFileSnapshot('./12-instances-fork.golden')
  expect(problems(comment)).toEqual([])
})

test('the summary of the job that finds what is affected', async () => {
  const summary = affectedSummary({
    between: 'main → new-addresses',
    changes: story.affected.changes,
    blobUrl: story.extras.blobUrl,
  })
  await expect(summary).toMatchFileSnapshot('./12-instances-affected.golden')
  expect(problems(summary)).toEqual([])
})
