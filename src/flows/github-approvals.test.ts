import { expect, test } from 'vitest'
import { transact } from '../records/journal.ts'
import { labFiles } from '../testkit/flow-lab.ts'
import { githubLab } from '../testkit/github-lab.ts'
import { applyInFlight } from './apply.ts'
import { recordApprovals } from './confirm.ts'
import { afterReview, recordReviews } from './pull-reviews.ts'
import { status } from './status.ts'

const dev = (size: number, more = '') => `components:
  terraform:
    vpc:
      vars:
        size: ${size}
${more}`
const manifest = (body: string) => `vars:\n  stage: dev\nterraform:\n  backend_type: local\n${body}`
const lab = () => githubLab(labFiles(['vpc'], { dev: '' }))

/** A lab in which #7 was merged, which makes vpc@dev. */
async function merged(review: (it: ReturnType<typeof lab>) => unknown = () => {}) {
  const it = lab()
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(1)) })
  await review(it)
  await it.merge(7)
  return it
}

test('a review of what was merged approves the plan that its head showed', async () => {
  const it = await merged(({ github }) => github.putReview(7, { author: 'bea', state: 'APPROVED' }))
  const { waves, more, approve } = await it.next()
  expect(waves).toEqual([[{ environment: 'dev', component: 'vpc', name: 'vpc · dev' }]])
  expect({ more, approve }).toEqual({ more: false, approve: [] })
  expect((await it.document('vpc@dev')).approvals).toMatchObject([
    { how: 'review', by: { name: 'bea', email: 'bea@users.noreply.github.com' }, from: { pull: 7 } },
  ])
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})

test('nobody has approved: it waits, and says so', async () => {
  const it = await merged()
  const { waves, confirmed } = await it.next()
  expect(waves).toEqual([])
  expect(confirmed.get('vpc@dev')).toMatchObject({ why: ['nobody approved #7'], unreviewed: false })
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test.each([
  ['by its author', { author: 'ann', state: 'APPROVED' }, 'the review of #7 by ann is by its author'],
  [
    'without a right',
    { author: 'eve', state: 'APPROVED' },
    'the review of #7 by eve does not count: eve may not write',
  ],
  ['of another commit', { author: 'bea', state: 'APPROVED', commit: 'f'.repeat(40) }, 'is of fffffff, and'],
  ['before the plan was there', { author: 'bea', state: 'APPROVED', submittedMs: 1 }, 'before the plan was there'],
  ['dismissed', { author: 'bea', state: 'DISMISSED' }, 'the review of #7 by bea was dismissed'],
  ['that asks for changes', { author: 'bea', state: 'CHANGES_REQUESTED' }, 'bea asks for changes in #7'],
] as const)('a review %s approves nothing', async (_, review, why) => {
  const it = await merged(({ github }) => github.putReview(7, review))
  const { waves, confirmed } = await it.next()
  expect(waves).toEqual([])
  expect(confirmed.get('vpc@dev')?.why.join('; ')).toContain(why)
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('one who asks for changes outweighs those who approve, until they do too', async () => {
  const it = await merged(({ github }) => {
    github.putReview(7, { author: 'mia', state: 'CHANGES_REQUESTED' })
    github.putReview(7, { author: 'bea', state: 'APPROVED' })
  })
  expect((await it.next()).waves).toEqual([])
  it.github.putReview(7, { author: 'mia', state: 'APPROVED' })
  expect((await it.next()).waves).toHaveLength(1)
})

test('what is recorded is not believed: a review that was dismissed since approves nothing', async () => {
  const it = await merged(({ github }) => github.putReview(7, { author: 'bea', state: 'APPROVED' }))
  expect((await it.next()).waves).toHaveLength(1)
  it.github.putReview(7, { author: 'bea', state: 'DISMISSED' })
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
  expect((await it.document('vpc@dev')).approvals).toEqual([])
})

test('nor is somebody who lost the right to write', async () => {
  const it = await merged(({ github }) => github.putReview(7, { author: 'bea', state: 'APPROVED' }))
  await it.next()
  it.github.has.permissions.set('bea', 'read')
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('a record that somebody forged approves nothing', async () => {
  const it = await merged()
  const { address, plans } = await it.document('vpc@dev')
  const { fingerprint, digest } = plans[0]!
  for (const how of ['local', 'review', 'comment', 'environment'] as const)
    await transact(it.world.journal, address, {
      kind: 'approve',
      fingerprint,
      digest,
      how,
      by: { name: 'bea', email: 'bea@users.noreply.github.com' },
      from: { pull: 7, review: 1, comment: 1, run: 1 },
    })
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
  expect((await it.document('vpc@dev')).approvals).toEqual([])
})

test('without GitHub at hand nothing that was approved there is applied', async () => {
  const it = await merged(({ github }) => github.putReview(7, { author: 'bea', state: 'APPROVED' }))
  await it.next()
  const { github: _, ...world } = it.world
  const { items } = await applyInFlight(world, {}, { begin: () => {}, doing: () => {}, finished: () => {} })
  expect(items).toMatchObject([{ kind: 'refused', message: expect.stringContaining('nobody here can ask GitHub') }])
})

test('a push past every pull request waits for somebody who maintains the repository, and says so', async () => {
  const it = lab()
  it.commit({ 'stacks/dev.yaml': manifest(dev(1)) })
  await it.plan()
  const { waves, approve, confirmed } = await it.next()
  expect({ waves, approve }).toEqual({ waves: [], approve: [{ environment: 'dev' }] })
  expect(confirmed.get('vpc@dev')).toMatchObject({ unreviewed: true })
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('reviewers of an environment approve exactly what they were asked', async () => {
  const it = lab()
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(1)}`) })
  await it.plan()
  expect((await it.next()).approve).toEqual([{ environment: 'dev' }])
  const asked = it.run.id
  answer(it, asked, 'in_progress')
  it.run.id += 1
  // Others see the same meanwhile, and ask nobody again.
  expect((await it.next()).approve).toEqual([])
  answer(it, asked, 'completed', 'approved')
  const { waves, approve } = await it.next(asked)
  expect({ approve, jobs: waves.flat().map(({ name }) => name) }).toEqual({ approve: [], jobs: ['vpc · dev'] })
  // The code moves on before it is applied: that yes was to something else.
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(2)}`) })
  await it.plan()
  expect((await it.next(asked)).approve).toEqual([{ environment: 'dev' }])
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('a reviewer who rejects an environment rejects the plans, and is not asked again', async () => {
  const it = lab()
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(1)}`) })
  await it.plan()
  await it.next()
  answer(it, it.run.id, 'completed', 'rejected')
  it.run.id += 1
  expect((await it.next()).approve).toEqual([])
  expect(await it.status()).toEqual(['vpc@dev never-applied: rejected'])
})

test('an environment without reviewers approves nothing, and is named', async () => {
  const it = lab()
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(1)}`) })
  await it.plan()
  await it.next()
  answer(it, it.run.id, 'completed')
  const before = it.run.id
  it.run.id += 1
  expect(await it.next(before)).toMatchObject({ approve: [], unprotected: ['dev'], waves: [] })
})

test('a second attempt of a run asks nothing that the first did not', async () => {
  const it = lab()
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(1)}`) })
  await it.plan()
  await it.next()
  it.commit({ 'stacks/dev.yaml': manifest(`settings:\n  airlock:\n    approval: environment\n${dev(2)}`) })
  await it.plan()
  expect(await it.next()).toMatchObject({ approve: [], more: true })
})

/** What GitHub tells of a run that waited for `dev`. */
function answer(
  { github }: ReturnType<typeof lab>,
  id: number,
  status: 'completed' | 'in_progress',
  state?: 'approved' | 'rejected',
): void {
  github.has.runs.set(id, {
    id,
    attempt: 1,
    event: 'push',
    headCommit: 'c'.repeat(40),
    status,
    conclusion: status === 'completed' ? (state === 'rejected' ? 'failure' : 'success') : undefined,
    workflow: '.github/workflows/airlock.yml',
    url: `https://github.com/acme/infra/actions/runs/${id}`,
  })
  if (state) github.has.runReviews.set(id, [{ state, environments: ['dev'], by: 'mia', comment: 'not on a Friday' }])
}

const owned = { 'stacks/dev.yaml': manifest(dev(1)), '.github/CODEOWNERS': '*.tf @ann\n/stacks/ @mia\n' }

test('owners of what an instance is made of must agree, each in their own name', async () => {
  const it = githubLab({ ...labFiles(['vpc'], { dev: '' }), '.github/CODEOWNERS': '/stacks/ @mia\n' })
  await it.propose(7, owned)
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.merge(7)
  expect((await it.next()).confirmed.get('vpc@dev')?.why).toEqual([
    'an owner must agree: @ann (.github/CODEOWNERS:1)',
    'an owner must agree: @mia (.github/CODEOWNERS:2)',
  ])
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('who is in a team is asked where it can be seen', async () => {
  const owners = { '.github/CODEOWNERS': '* @acme/network\n' }
  const it = githubLab({ ...labFiles(['vpc'], { dev: '' }), ...owners }, { seesTeams: true })
  it.github.has.teams.set('acme/network', new Set(['mia']))
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(1)) })
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.merge(7)
  expect((await it.next()).waves).toEqual([])
  it.github.putReview(7, { author: 'mia', state: 'APPROVED' })
  expect((await it.next()).waves).toHaveLength(1)
})

test('where teams cannot be seen a review counts, which GitHub itself asks of owners', async () => {
  const it = githubLab({ ...labFiles(['vpc'], { dev: '' }), '.github/CODEOWNERS': '* @acme/network\n' })
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(1)) })
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.merge(7)
  expect((await it.next()).waves).toHaveLength(1)
})

test('a force push takes the reviews of what was there before with it', async () => {
  const it = lab()
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(1)) })
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(2)) })
  await it.merge(7)
  expect((await it.next()).confirmed.get('vpc@dev')?.why.join()).toContain('the review of #7 by bea is of')
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('what came to the protected branch meanwhile is no part of what was reviewed', async () => {
  const it = await merged(({ github }) => github.putReview(7, { author: 'bea', state: 'APPROVED' }))
  it.commit({ 'stacks/dev.yaml': manifest(dev(2)) })
  await it.plan()
  const { waves, confirmed } = await it.next()
  expect({ waves, unreviewed: confirmed.get('vpc@dev')?.unreviewed }).toEqual({ waves: [], unreviewed: true })
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('what a pull request brought stays reviewed, whatever else is pushed after it', async () => {
  const it = await merged()
  it.commit({ 'README.md': 'words' })
  const { approve, confirmed } = await it.next()
  expect({ approve, unreviewed: confirmed.get('vpc@dev')?.unreviewed }).toEqual({ approve: [], unreviewed: false })
})

test('reviews of an open pull request are written down for its gate, and taken back with them', async () => {
  const it = lab()
  await it.propose(7, { 'stacks/dev.yaml': manifest(dev(1)) })
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  expect(await recordReviews(it.world, 7)).toEqual({ given: 1, withdrawn: 0 })
  expect(await recordReviews(it.world, 7)).toEqual({ given: 0, withdrawn: 0 })
  expect((await it.document('vpc@dev')).approvals).toMatchObject([{ how: 'review', by: { name: 'bea' } }])
  it.github.putReview(7, { author: 'bea', state: 'CHANGES_REQUESTED' })
  expect(await recordReviews(it.world, 7)).toEqual({ given: 0, withdrawn: 1 })
  expect((await it.document('vpc@dev')).approvals).toEqual([])
})

test('a review that comes after the merge is gone on with by another run', async () => {
  const it = await merged()
  expect(await afterReview(it.world, 7, 'merged')).toBeUndefined()
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  expect(await afterReview(it.world, 7, 'merged')).toContain('Another run was started')
  expect(await afterReview(it.world, 7, 'merged')).toBeUndefined()
  expect(it.github.has.dispatches).toHaveLength(1)
})

test('one look at many instances asks GitHub each thing once', async () => {
  const stages = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const it = githubLab(labFiles(['vpc'], Object.fromEntries(stages.map((stage) => [stage, '']))))
  const files = stages.map((stage) => [
    `stacks/${stage}.yaml`,
    manifest(dev(1)).replace('stage: dev', `stage: ${stage}`),
  ])
  await it.propose(7, Object.fromEntries(files))
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.merge(7)
  const before = it.github.use().calls
  await recordApprovals(it.world, await status(it.world))
  // The pull request, which says which commit it became; its reviews; the reviewer's right.
  expect(it.github.use().calls - before).toBe(3)
  expect((await it.next()).waves.flat()).toHaveLength(12)
  // Just before each is applied it is asked again, by time and not by instances.
  const asked = it.github.use().calls
  expect(await it.apply()).toEqual(stages.map((stage) => `vpc@${stage} applied`).sort())
  expect(it.github.use().calls - asked).toBeLessThan(12)
})
