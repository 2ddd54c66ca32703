import { afterEach, describe, expect, test } from 'vitest'
import { type Reply, type Seen, type TestServer, testServer } from './rest.testkit.ts'
import { restGitHub } from './rest.ts'

const token = 'ghs_0123456789'
const repository = { owner: 'acme', name: 'infra' }
const client = (url: string, more: Partial<Parameters<typeof restGitHub>[0]> = {}) =>
  restGitHub({ token, apiUrl: url, serverUrl: 'https://github.com', repository, paceMs: 0, repeatMs: 1, ...more })

// The contract, lists and what did not change: tests/fakes/github/door.test.ts, against a GitHub that keeps what it is told.
describe('the client of GitHub', () => {
  let server: TestServer
  afterEach(() => server.close())

  /** A client of a server that gives these answers, the last one for ever. */
  const answering = async (...replies: readonly (Reply | ((request: Seen) => Reply))[]) => {
    let at = 0
    server = await testServer((request) => {
      const reply = replies[Math.min(at++, replies.length - 1)]!
      return typeof reply === 'function' ? reply(request) : reply
    })
    return client(server.url, { patienceMs: 5000, clock: () => Date.UTC(2037, 10, 24, 10) })
  }
  const run = {
    id: 1,
    event: 'push',
    head_sha: 'a',
    status: 'completed',
    conclusion: null,
    path: '.github/workflows/airlock.yml',
    html_url: 'https://github.com/acme/infra/actions/runs/1',
  }
  const refused = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => undefined,
      (it: unknown) => it,
    )
    expect(error).toMatchObject({ name: 'UserError' })
    const { code, message, fix, cause } = error as { code: string; message: string; fix?: string; cause?: Error }
    expect(`${message} ${fix} ${cause?.stack} ${JSON.stringify(error)}`).not.toContain(token)
    return { code, message, fix }
  }

  test('sends its token to no address that an answer names', async () => {
    const next = { link: '<https://elsewhere.test/repos/acme/infra/rulesets?page=2>; rel="next"' }
    const github = await answering({ status: 200, headers: next, body: [] }, { status: 200, body: [] })
    await github.pulls.open()
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/repos/acme/infra/pulls?state=open&per_page=100',
      '/repos/acme/infra/pulls?state=open&per_page=100&page=2',
    ])
  })

  test('repeats what met an error of the server, and counts that', async () => {
    const github = await answering({ status: 502, body: {} }, { status: 503, body: {} }, { status: 200, body: run })
    expect(await github.runs.get(1)).toMatchObject({ id: 1 })
    expect(github.use()).toMatchObject({ calls: 3, repeated: 2 })
  })

  test('says so when GitHub stays away', async () => {
    const github = await answering({ status: 502, headers: { 'content-type': 'text/html' } })
    expect(await refused(github.runs.get(1))).toMatchObject({
      code: 'github-unavailable',
      message: expect.stringContaining('GitHub gave no answer to GET /repos/acme/infra/actions/runs/1 (502)'),
    })
    expect(github.use().calls).toBe(4)
    await server.close()
    expect(await refused(github.runs.get(1))).toMatchObject({ code: 'github-unavailable' })
  })

  test('waits for a secondary limit as long as GitHub says, if that is soon', async () => {
    const limit = { message: 'You have exceeded a secondary rate limit.' }
    const github = await answering(
      { status: 403, headers: { 'retry-after': '1' }, body: limit },
      { status: 200, body: run },
    )
    const begun = performance.now()
    expect(await github.runs.get(1)).toMatchObject({ id: 1 })
    expect(performance.now() - begun).toBeGreaterThan(900)
    expect(github.use()).toMatchObject({ calls: 2, repeated: 1 })
  })

  test('says until when a limit holds that does not end soon', async () => {
    const secondary = { message: 'You have exceeded a secondary rate limit.' }
    const one = await answering({ status: 429, headers: { 'retry-after': '600' }, body: secondary })
    expect(await refused(one.runs.get(1))).toEqual({
      code: 'github-limited',
      message: 'GitHub takes no more requests of this kind until 10:10 UTC (GET /repos/acme/infra/actions/runs/1)',
      fix: 'run again after that',
    })
    await server.close()
    const headers = {
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.UTC(2037, 10, 24, 10, 47) / 1000),
    }
    const two = await answering({ status: 403, headers, body: { message: 'API rate limit exceeded' } })
    const { message } = await refused(two.statuses.list('a'))
    expect(message).toContain('of this token (all 1000 of the hour are used) until 10:47 UTC')
    expect(two.use()).toMatchObject({ calls: 1, remaining: 0 })
  })

  test('names the permission that a token lacks', async () => {
    const headers = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' }
    const github = await answering(
      { status: 403, headers, body: { message: 'Resource not accessible by integration' } },
      {
        status: 404,
        headers: { 'x-accepted-github-permissions': 'pull_requests=read' },
        body: { message: 'Not Found' },
      },
      { status: 401, body: { message: `Bad credentials: ${token}` } },
    )
    expect(await refused(github.comments.create(7, 'x'))).toEqual({
      code: 'github-forbidden',
      message: 'the token may not POST /repos/acme/infra/issues/7/comments: Resource not accessible by integration',
      fix: 'it needs issues: write, or pull-requests: write',
    })
    expect(await refused(github.pulls.get(7))).toEqual({
      code: 'github-missing',
      message: 'acme/infra has no pull request 7, or the token may not see it (GET /repos/acme/infra/pulls/7)',
      fix: 'to see it, the token needs pull-requests: read',
    })
    expect((await refused(github.pulls.get(7))).message).toContain('does not accept the token')
  })

  test("tells GitHub's own words of what it does not take", async () => {
    const errors = [
      { resource: 'Status', code: 'custom', message: 'description is too long' },
      { field: 'state', code: 'invalid' },
    ]
    const github = await answering(
      { status: 422, body: { message: 'Validation Failed', errors } },
      {
        status: 422,
        body: { message: 'Please ensure the billing plan supports the required reviewers protection rule.' },
      },
    )
    expect(await refused(github.pulls.get(7))).toMatchObject({
      code: 'github-failed',
      message:
        'GitHub refused GET /repos/acme/infra/pulls/7 (422): Validation Failed: description is too long; state invalid',
    })
    const environment = { name: 'prod', reviewers: [], preventsSelfReview: false, branches: undefined }
    expect(await refused(github.governance.setEnvironment(environment))).toMatchObject({ code: 'github-plan' })
  })

  test('does not guess what an answer means that it does not know', async () => {
    const github = await answering({ status: 200, body: { ...run, status: 'dreaming' } }, { status: 200, body: [] })
    expect(await refused(github.runs.get(1))).toMatchObject({
      code: 'github-unreadable',
      message: expect.stringContaining('has "dreaming" at status, not queued, in_progress'),
    })
    expect(await refused(github.runs.get(1))).toMatchObject({ code: 'github-unreadable' })
  })

  test('cannot tell who is in a team that the token does not see', async () => {
    const github = await answering({ status: 404, body: { message: 'Not Found' } })
    expect(await github.people.isMember('acme/network', 'ann')).toBeUndefined()
    await server.close()
    const seeing = await answering({ status: 404, body: {} }, { status: 200, body: { slug: 'network' } })
    expect(await seeing.people.isMember('acme/network', 'ann')).toBe(false)
    await server.close()
    const member = await answering({ status: 200, body: { state: 'active' } })
    expect(await member.people.isMember('acme/network', 'ann')).toBe(true)
  })

  test('reads both kinds of protection as one', async () => {
    const rules = [
      {
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'ci', integration_id: 5 }] },
      },
      { type: 'merge_queue', parameters: {} },
      { type: 'deletion' },
    ]
    const protection = {
      required_status_checks: { contexts: ['airlock/gate'], checks: [{ context: 'airlock/gate', app_id: null }] },
      required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
    }
    const github = await answering(({ path }) => ({ status: 200, body: path.includes('/rules/') ? rules : protection }))
    expect(await github.governance.mergeRules('main')).toEqual({
      requiredChecks: [{ context: 'ci', app: 5 }, { context: 'airlock/gate' }],
      requiredReviews: 2,
      codeOwnerReview: true,
      dismissesStaleReviews: false,
      mergeQueue: true,
    })
  })

  test('reads who must approve in an environment, and asks for them by id', async () => {
    const reviewers = [
      { type: 'User', reviewer: { login: 'ben' } },
      { type: 'Team', reviewer: { slug: 'network', html_url: 'https://github.com/orgs/acme/teams/network' } },
    ]
    const rules = [{ type: 'required_reviewers', prevent_self_review: true, reviewers }]
    const environments = [{ name: 'prod', protection_rules: rules, deployment_branch_policy: null }]
    const github = await answering(({ method, path }) => ({
      status: 200,
      body: path.endsWith('/teams/network')
        ? { id: 8 }
        : path.startsWith('/users')
          ? { id: 9 }
          : method === 'GET'
            ? { environments }
            : {},
    }))
    const [prod] = await github.governance.environments()
    expect(prod).toEqual({
      name: 'prod',
      reviewers: ['ben', '@acme/network'],
      preventsSelfReview: true,
      branches: undefined,
    })
    await github.governance.setEnvironment(prod!)
    expect(server.seen.at(-1)?.body).toMatchObject({
      reviewers: [
        { type: 'User', id: 9 },
        { type: 'Team', id: 8 },
      ],
      prevent_self_review: true,
    })
  })
})
