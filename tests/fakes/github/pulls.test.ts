import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, type Lab, lab, refusal } from './lab.testkit.ts'

let world: Lab
beforeEach(async () => {
  world = await lab()
})
afterEach(() => world.github.close())

const events = (): string[] => world.github.deliveries.map((it) => `${it.event} ${it.action ?? ''}`.trim())
const since = (from: number): string[] => events().slice(from)

describe('a pull request', () => {
  it('is opened by API, with its true files, counts and commits', async () => {
    const octokit = world.as('bob')
    await world.github.push(world.repository, {
      branch: 'topic',
      files: { 'a.txt': 'x\ny\n', 'new/c.txt': 'c\n', 'b.txt': null },
      by: 'bob',
    })
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls', {
      ...at,
      head: 'topic',
      base: 'main',
      title: 'Change',
    })
    expect(data).toMatchObject({ number: 1, commits: 1, changed_files: 3, additions: 3, deletions: 2, mergeable: true })
    const files = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      ...at,
      pull_number: 1,
    })
    expect(files.data.map((it) => [it.filename, it.status])).toEqual([
      ['a.txt', 'modified'],
      ['b.txt', 'removed'],
      ['new/c.txt', 'added'],
    ])
  })

  it.each(['squash', 'merge', 'rebase'] as const)('brings only its own change to the base by %s', async (method) => {
    const number = await world.pull('topic')
    await world.github.push(world.repository, { branch: 'main', files: { 'b.txt': 'moved\n' }, by: 'ann' })
    const sha = await world.github.merge(world.repository, number, { by: 'ann', method })
    expect(await world.github.commit(world.repository, 'main')).toBe(sha)
    expect(await world.github.file(world.repository, sha, 'a.txt')).toBe('topic\n')
    expect(await world.github.file(world.repository, sha, 'b.txt')).toBe('moved\n')
    const found = await world
      .as('cat')
      .request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { ...at, commit_sha: sha })
    expect(found.data.map((it) => it.number)).toEqual([number])
    expect(world.github.deliveries.at(-1)).toMatchObject({ event: 'push', ref: 'refs/heads/main', sha })
    expect(world.github.deliveries.at(-3)).toMatchObject({
      event: 'pull_request',
      action: 'closed',
      ref: 'refs/heads/main',
      payload: { pull_request: { merged: true } },
    })
  })

  it('has no test merge when it conflicts, runs nothing but pull_request_target, and cannot be merged', async () => {
    const heard: string[] = []
    world.github.onEvent((it) => heard.push(it.event))
    await world.github.push(world.repository, { branch: 'topic', files: { 'a.txt': 'mine\n' }, by: 'bob' })
    await world.github.push(world.repository, { branch: 'main', files: { 'a.txt': 'theirs\n' }, by: 'ann' })
    const number = await world.github.openPull(world.repository, { head: 'topic', by: 'bob' })
    expect(heard).toEqual(['push', 'push', 'pull_request_target'])
    expect(world.github.pull(world.repository, number).mergeSha).toBeUndefined()
    await expect(world.github.commit(world.repository, `refs/pull/${number}/merge`)).rejects.toThrow('has no')
    const merge = world
      .as('ann')
      .request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', { ...at, pull_number: number })
    expect(await refusal(merge)).toMatchObject({ status: 405, message: expect.stringContaining('not mergeable') })
  })

  it('is not merged at another head than the one that was seen', async () => {
    const number = await world.pull('topic')
    const merge = world.as('ann').request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...at,
      pull_number: number,
      sha: '0'.repeat(40),
    })
    expect(await refusal(merge)).toMatchObject({ status: 409 })
  })

  it('is closed when its branch goes, and reopened when it is back', async () => {
    const number = await world.pull('topic')
    const head = world.github.pull(world.repository, number).headSha
    await world.github.deleteBranch(world.repository, 'topic', 'bob')
    expect(world.github.pull(world.repository, number)).toMatchObject({ state: 'closed', merged: undefined })
    await expect(world.github.reopen(world.repository, number, 'bob')).rejects.toThrow('Validation Failed')
    await world.as('bob').request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/heads/topic', sha: head })
    await world.github.reopen(world.repository, number, 'bob')
    expect(world.github.pull(world.repository, number).state).toBe('open')
  })

  it('says what its base was when it is retargeted', async () => {
    const number = await world.pull('topic')
    await world.as('ann').request('POST /repos/{owner}/{repo}/git/refs', {
      ...at,
      ref: 'refs/heads/release',
      sha: await world.github.commit(world.repository, 'main'),
    })
    await world.github.retarget(world.repository, number, 'release', 'bob')
    expect(world.github.deliveries.at(-2)).toMatchObject({
      event: 'pull_request',
      action: 'edited',
      payload: { changes: { base: { ref: { from: 'main' } } }, pull_request: { base: { ref: 'release' } } },
    })
  })

  it('counts as merged when its commits reach the base by a push', async () => {
    const number = await world.pull('topic')
    const head = world.github.pull(world.repository, number).headSha
    await world.as('ann').request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'heads/main', sha: head })
    expect(world.github.pull(world.repository, number).merged).toMatchObject({ sha: head, by: 'ann' })
  })

  it('moves with a forced push, and tells both heads', async () => {
    const number = await world.pull('topic')
    const before = world.github.pull(world.repository, number).headSha
    const after = await world.github.push(world.repository, {
      branch: 'topic',
      onto: 'main',
      files: { 'a.txt': 'again\n' },
      by: 'bob',
      force: true,
    })
    expect(world.github.deliveries.at(-2)).toMatchObject({ action: 'synchronize', payload: { before, after } })
    expect(world.github.deliveries.at(-3)).toMatchObject({ event: 'push', payload: { forced: true } })
  })

  it('from a fork keeps its commits in the base repository, and is not trusted', async () => {
    const fork = await world.github.fork(world.repository, 'eve')
    await world.github.push(fork, { branch: 'topic', files: { 'a.txt': 'eve\n' }, by: 'eve' })
    const number = await world.github.openPull(world.repository, { head: 'eve:topic', by: 'eve' })
    expect(await world.github.commit(world.repository, `refs/pull/${number}/head`)).toBe(
      await world.github.commit(fork, 'topic'),
    )
    const told = world.github.deliveries.filter((it) => it.action === 'opened')
    expect(told.map((it) => [it.event, world.github.isUntrusted(it)])).toEqual([
      ['pull_request', true],
      ['pull_request_target', false],
    ])
    expect(told[0]?.payload).toMatchObject({ pull_request: { head: { repo: { fork: true, full_name: 'eve/infra' } } } })
  })

  it('starts no run for a head whose message says [skip ci]', async () => {
    const heard: string[] = []
    world.github.onEvent((it) => heard.push(it.event))
    await world.github.push(world.repository, {
      branch: 'topic',
      files: { 'a.txt': 'x\n' },
      by: 'bob',
      message: 'Change [skip ci]',
    })
    await world.github.openPull(world.repository, { head: 'topic', by: 'bob' })
    expect(heard).toEqual(['pull_request_target'])
  })
})

describe('reviews', () => {
  it('are given by others only, and dismissed by those who may write', async () => {
    const number = await world.pull('topic')
    const path = { ...at, pull_number: number }
    const own = world
      .as('bob')
      .request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...path, event: 'APPROVE' })
    expect(await refusal(own)).toMatchObject({ status: 422, message: expect.stringContaining('approve your own') })
    const { data } = await world
      .as('ann')
      .request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...path, event: 'APPROVE' })
    expect(data).toMatchObject({ state: 'APPROVED', commit_id: world.github.pull(world.repository, number).headSha })
    const dismiss = { ...path, review_id: Number(data.id), message: 'no' }
    const by = (login: string) =>
      world.as(login).request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals', dismiss)
    expect(await refusal(by('cat'))).toMatchObject({ status: 403 })
    expect((await by('bob')).data.state).toBe('DISMISSED')
    expect(events().slice(-2)).toEqual(['pull_request_review submitted', 'pull_request_review dismissed'])
  })

  it('by a job that would approve are refused unless the repository allows it', async () => {
    const number = await world.pull('topic')
    const approve = world
      .asJob({ 'pull-requests': 'write' })
      .request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
        ...at,
        pull_number: number,
        event: 'APPROVE',
      })
    expect(await refusal(approve)).toMatchObject({ status: 422, message: expect.stringContaining('not permitted') })
  })
})

describe('rules', () => {
  const ruleset = (rules: unknown[], bypass: unknown[] = []) =>
    world.as('ann').request('POST /repos/{owner}/{repo}/rulesets', {
      ...at,
      name: 'airlock',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      bypass_actors: bypass as never,
      rules: rules as never,
    })
  const gate = {
    type: 'required_status_checks',
    parameters: { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'airlock/gate' }] },
  }
  const merge = (login: string, number: number) =>
    world.as(login).request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', { ...at, pull_number: number })
  const status = (octokit: ReturnType<Lab['as']>, number: number, state: 'success' | 'failure' | 'pending') =>
    octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...at,
      sha: world.github.pull(world.repository, number).headSha,
      context: 'airlock/gate',
      state,
    })

  it('keep a pull request from merging until the gate is green, for admins too', async () => {
    await ruleset([gate])
    const number = await world.pull('topic')
    expect(await refusal(merge('ann', number))).toMatchObject({
      status: 405,
      message: expect.stringContaining('"airlock/gate" is expected'),
    })
    await status(world.as('bob'), number, 'failure')
    expect(await refusal(merge('ann', number))).toMatchObject({
      status: 405,
      message: expect.stringContaining('failing'),
    })
    await status(world.as('bob'), number, 'success')
    expect((await merge('bob', number)).data.merged).toBe(true)
  })

  it('let those pass by who may', async () => {
    await ruleset([gate], [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }])
    const number = await world.pull('topic')
    expect(await refusal(merge('bob', number))).toMatchObject({ status: 405 })
    expect((await merge('ann', number)).data.merged).toBe(true)
  })

  it('take a gate only from the app that they name', async () => {
    const named = {
      ...gate,
      parameters: { ...gate.parameters, required_status_checks: [{ context: 'airlock/gate', integration_id: 15368 }] },
    }
    await ruleset([named])
    const number = await world.pull('topic')
    await status(world.as('bob'), number, 'success')
    expect(await refusal(merge('bob', number))).toMatchObject({ status: 405 })
    await status(world.asJob({ statuses: 'write' }), number, 'success')
    expect((await merge('bob', number)).data.merged).toBe(true)
  })

  it('refuse a push to the branch by everybody', async () => {
    await ruleset([
      gate,
      {
        type: 'pull_request',
        parameters: {
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
    ])
    const number = await world.pull('topic')
    const move = world.as('ann').request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ...at,
      ref: 'heads/main',
      sha: world.github.pull(world.repository, number).headSha,
    })
    expect(await refusal(move)).toMatchObject({ status: 422 })
  })

  it('of branch protection do not bind admins unless they say so', async () => {
    const protect = (enforce: boolean) =>
      world.as('ann').request('PUT /repos/{owner}/{repo}/branches/{branch}/protection', {
        ...at,
        branch: 'main',
        required_status_checks: { strict: false, contexts: ['airlock/gate'] },
        enforce_admins: enforce,
        required_pull_request_reviews: null,
        restrictions: null,
      })
    await protect(true)
    const number = await world.pull('topic')
    expect(await refusal(merge('ann', number))).toMatchObject({ status: 405 })
    await protect(false)
    expect(await refusal(merge('bob', number))).toMatchObject({ status: 405 })
    expect((await merge('ann', number)).data.merged).toBe(true)
  })

  it('ask for reviews, which a push makes stale, and GraphQL tells what they come to', async () => {
    await ruleset([
      {
        type: 'pull_request',
        parameters: {
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
    ])
    const number = await world.pull('topic')
    const query = `query ($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) { pullRequest(number: $number) { reviewDecision } } }`
    const decision = async (): Promise<unknown> => {
      const data = await world.as('cat').graphql<{ repository: { pullRequest: { reviewDecision: unknown } } }>(query, {
        owner: 'acme',
        name: 'infra',
        number,
      })
      return data.repository.pullRequest.reviewDecision
    }
    expect(await decision()).toBe('REVIEW_REQUIRED')
    await world.github.review(world.repository, number, { by: 'ann', event: 'APPROVE' })
    expect(await decision()).toBe('APPROVED')
    await world.github.push(world.repository, { branch: 'topic', files: { 'a.txt': 'more\n' }, by: 'bob' })
    expect(await decision()).toBe('REVIEW_REQUIRED')
    expect(await refusal(merge('ann', number))).toMatchObject({ status: 405 })
  })

  describe('with a merge queue', () => {
    const queue = {
      type: 'merge_queue',
      parameters: {
        check_response_timeout_minutes: 60,
        grouping_strategy: 'ALLGREEN',
        max_entries_to_build: 5,
        max_entries_to_merge: 5,
        merge_method: 'SQUASH',
        min_entries_to_merge: 1,
        min_entries_to_merge_wait_minutes: 5,
      },
    }
    const group = () =>
      world.github.deliveries.filter((it) => it.event === 'merge_group' && it.action === 'checks_requested').at(-1)!
    const say = (sha: string, state: 'success' | 'failure') =>
      world
        .as('bob')
        .request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha, context: 'airlock/gate', state })

    it('merge what is green on the temporary branch, and throw out what is red', async () => {
      await ruleset([gate, queue])
      const [first, second] = [await world.pull('one'), await world.pull('two', { 'b.txt': 'two\n' })]
      for (const number of [first, second]) await status(world.as('bob'), number, 'success')
      expect(await refusal(merge('bob', first))).toMatchObject({
        status: 405,
        message: expect.stringContaining('merge queue'),
      })
      await world.github.enqueue(world.repository, first, 'bob')
      const a = group()
      expect(a.ref).toMatch(/^refs\/heads\/gh-readonly-queue\/main\/pr-1-[0-9a-f]{40}$/)
      await world.github.enqueue(world.repository, second, 'bob')
      const b = group()
      expect(await world.github.file(world.repository, b.sha, 'a.txt')).toBe('one\n')
      await say(a.sha, 'failure')
      await world.github.settled(world.repository)
      expect(world.github.pull(world.repository, first).state).toBe('open')
      const rebuilt = group()
      expect(await world.github.file(world.repository, rebuilt.sha, 'a.txt')).toBe('a\n')
      await say(rebuilt.sha, 'success')
      await world.github.settled(world.repository)
      expect(world.github.pull(world.repository, second).merged?.sha).toBe(rebuilt.sha)
      expect(await world.github.commit(world.repository, 'main')).toBe(rebuilt.sha)
      await expect(world.github.commit(world.repository, rebuilt.ref)).rejects.toThrow('has no')
      expect(since(0).filter((it) => it.startsWith('pull_request '))).toContain('pull_request dequeued')
    })
  })
})
