import { expect, test } from 'vitest'
import { labFiles } from '../testkit/flow-lab.ts'
import { type GitHubLab, githubLab } from '../testkit/github-lab.ts'
import { answerComment } from './command.ts'

const manifest = (body: string) => `vars:\n  stage: dev\nterraform:\n  backend_type: local\n${body}`
const vpc = (size: number) => manifest(`components:\n  terraform:\n    vpc:\n      vars:\n        size: ${size}\n`)

async function lab(): Promise<GitHubLab> {
  const it = githubLab(labFiles(['vpc'], { dev: '' }))
  await it.propose(7, { 'stacks/dev.yaml': vpc(1) })
  return it
}

/** Says something in #7: the signs at the comment, and the reply. */
async function say(it: GitHubLab, author: string, body: string, on = 7): Promise<string[]> {
  const { id } = it.github.putComment(on, author, body)
  return answered(it, id, on)
}

async function answered(it: GitHubLab, id: number, on = 7): Promise<string[]> {
  await answerComment(it.world, { number: on, comment: id })
  const { comments, reactions } = it.github.has
  const replies = [...comments.values()].filter(
    (comment) => comment.id > id && comment.author === 'github-actions[bot]',
  )
  return [
    ...reactions.filter(({ comment }) => comment === id).map(({ reaction }) => reaction),
    ...replies.map((reply) => reply.body),
  ]
}

async function digestOf(it: GitHubLab): Promise<string> {
  return (await it.document('vpc@dev')).plans.at(-1)!.digest.slice(4, 12)
}

test('what is no command is left alone', async () => {
  const it = await lab()
  expect(await say(it, 'bea', 'looks good to me')).toEqual([])
  expect(await say(it, 'bea', '/airlocksmith')).toEqual([])
})

test('what is not understood gets a sign and what was perhaps meant', async () => {
  const it = await lab()
  expect(await say(it, 'bea', '/airlock aply')).toEqual([
    'eyes',
    'confused',
    'aply is no command of Airlock; did you mean apply?.\n\n`/airlock apply`',
  ])
})

test('a yes in a comment is recorded by login, and its apply started', async () => {
  const it = await lab()
  await it.merge(7)
  const [eyes, reply] = await say(it, 'bea', `/airlock approve ${await digestOf(it)}`)
  expect(eyes).toBe('eyes')
  expect(reply).toContain('Approved by bea, digest')
  expect(reply).toContain('- `vpc -s dev`: 1 to add')
  expect(it.github.has.dispatches).toEqual([{ workflow: 'airlock.yml', branch: 'main', inputs: { task: 'apply' } }])
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})

test('a yes before the merge counts after it, for the same plan', async () => {
  const it = await lab()
  expect((await say(it, 'bea', `/airlock approve ${await digestOf(it)}`))[1]).toContain('once this is merged')
  expect(it.github.has.dispatches).toEqual([])
  await it.merge(7)
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})

test.each([
  ['edited', (it: GitHubLab, id: number) => edit(it, id)],
  ['deleted', (it: GitHubLab, id: number) => void it.github.has.comments.delete(id)],
])('a comment that was %s since approves nothing', async (_, change) => {
  const it = await lab()
  await it.merge(7)
  const { id } = it.github.putComment(7, 'bea', `/airlock approve ${await digestOf(it)}`)
  await answered(it, id)
  change(it, id)
  expect(await it.apply()).toEqual(['vpc@dev waits for approval'])
})

test('a comment that was edited before it is read is not carried out', async () => {
  const it = await lab()
  const { id } = it.github.putComment(7, 'bea', '/airlock apply')
  edit(it, id)
  expect((await answered(it, id)).at(-1)).toContain('was edited after it was written')
  expect(it.github.has.dispatches).toEqual([])
})

test('neither its author nor a reader approves a change', async () => {
  const it = await lab()
  await it.merge(7)
  const digest = await digestOf(it)
  expect((await say(it, 'ann', `/airlock approve ${digest}`)).at(-1)).toContain('ann wrote')
  expect((await say(it, 'eve', `/airlock approve ${digest}`)).at(-1)).toContain('takes at least `write`')
  expect((await say(it, 'bea', '/airlock approve 00000000')).at(-1)).toContain('no plan with digest 00000000')
  expect((await it.document('vpc@dev')).approvals).toEqual([])
})

test('what came past pull requests is approved by somebody who maintains the repository', async () => {
  const it = githubLab(labFiles(['vpc'], { dev: '' }))
  it.commit({ 'stacks/dev.yaml': vpc(1) })
  await it.plan()
  it.github.putPull({ number: 8, state: 'closed' })
  const digest = await digestOf(it)
  expect((await say(it, 'bea', `/airlock approve ${digest}`, 8)).at(-1)).toContain('past any pull request')
  expect((await say(it, 'mia', `/airlock approve ${digest}`, 8)).at(-1)).toContain('Approved by mia')
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})

test('a no takes the yes back, by name and with its reason', async () => {
  const it = await lab()
  it.github.putReview(7, { author: 'bea', state: 'APPROVED' })
  await it.merge(7)
  await it.next()
  expect((await say(it, 'mia', '/airlock reject the window is closed')).at(-1)).toContain('the window is closed')
  expect(await it.status()).toEqual(['vpc@dev never-applied: rejected'])
  // The review from before does not outlive the no.
  expect((await it.next()).waves).toEqual([])
  expect(await it.apply()).toEqual([expect.stringContaining('was rejected by mia')])
})

test('a plan is made again for the head that was looked at', async () => {
  const it = await lab()
  const head = it.github.has.pulls.get(7)!.head.commit
  expect(await say(it, 'bea', '/airlock plan')).toEqual(['eyes', '+1'])
  expect(it.github.has.dispatches.at(-1)?.inputs).toEqual({ task: 'plan', pr: '7', head_sha: head })
  expect((await say(it, 'bea', `/airlock plan ${'0'.repeat(40)}`)).at(-1)).toContain('is not what')
})

test('of a fork only the commit that somebody names is planned', async () => {
  const it = await lab()
  const { head } = it.github.has.pulls.get(7)!
  it.github.putPull({ number: 7, head: { ...head, fork: true } })
  expect((await say(it, 'bea', '/airlock plan')).at(-1)).toContain('comes from a fork')
  expect(it.github.has.dispatches).toEqual([])
  expect(await say(it, 'bea', `/airlock plan ${head.commit}`)).toEqual(['eyes', '+1'])
})

test('help lists what there is, and explain tells where a value comes from', async () => {
  const it = await lab()
  await it.merge(7)
  expect((await say(it, 'stranger', '/airlock help')).at(-1)).toContain('`/airlock approve DIGEST [--destroy N]`')
  expect((await say(it, 'eve', '/airlock explain vpc -s dev vars.size')).at(-1)).toContain(
    '`vars.size` = `1` (`stacks/dev.yaml:9`)',
  )
  expect((await say(it, 'eve', '/airlock explain vcp -s dev')).at(-1)).toContain('did you mean')
})

test("somebody's text stays text in the reply", async () => {
  const it = await lab()
  await it.merge(7)
  const reply = (await say(it, 'mia', '/airlock reject <img src=x> @acme/all `id` [x](http://evil)')).at(-1)!
  expect(reply).not.toContain('<img')
  expect(reply).not.toContain('@acme')
  expect(reply).not.toMatch(/(?<!\\)\]\(/)
})

test('nothing is unlocked that a run still holds, nor by somebody who may only write', async () => {
  const it = await lab()
  await it.merge(7)
  expect((await say(it, 'bea', '/airlock unlock vpc -s dev it is dead')).at(-1)).toContain('takes at least `maintain`')
  expect((await say(it, 'mia', '/airlock unlock vpc -s dev it is dead')).at(-1)).toContain('nobody holds vpc in dev')
})

function edit({ github, time }: GitHubLab, id: number): void {
  const comment = github.has.comments.get(id)!
  github.has.comments.set(id, { ...comment, updatedMs: time.nowMs + 1 })
}
