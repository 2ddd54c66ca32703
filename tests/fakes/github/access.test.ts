import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, type Lab, lab, refusal, workflowFiles } from './lab.testkit.ts'

let world: Lab
let main: string
beforeEach(async () => {
  world = await lab({ files: workflowFiles })
  main = await world.github.commit(world.repository, 'main')
})
afterEach(() => world.github.close())

describe('tokens', () => {
  it('that nobody gave are refused', async () => {
    expect(await refusal(world.with('ghp_unknown').request('GET /repos/{owner}/{repo}', at))).toMatchObject({
      status: 401,
    })
  })

  it('see a private repository only where they may', async () => {
    expect(await refusal(world.as('eve').request('GET /repos/{owner}/{repo}', at))).toMatchObject({ status: 404 })
    expect((await world.as('cat').request('GET /repos/{owner}/{repo}', at)).data).toMatchObject({
      private: true,
      permissions: { admin: false, push: false, pull: true },
    })
  })

  it('of jobs do what their permissions say, and the refusal names the one that lacks', async () => {
    const post = world
      .asJob({ statuses: 'read' })
      .request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha: main, state: 'success' })
    const { status, message, headers } = await refusal(post)
    expect([status, message]).toEqual([403, expect.stringContaining('Resource not accessible by integration')])
    expect(headers['x-accepted-github-permissions']).toBe('statuses=write')
  })

  it('of jobs end with the job', async () => {
    const token = world.github.token({ kind: 'job', run: 1, job: 1, permissions: {} }, world.repository)
    await world.with(token).request('GET /repos/{owner}/{repo}', at)
    world.github.revoke(token)
    expect(await refusal(world.with(token).request('GET /repos/{owner}/{repo}', at))).toMatchObject({ status: 401 })
  })

  it('of jobs cannot be given what workflows cannot ask for', () => {
    const of = { kind: 'job', run: 1, job: 1, permissions: { administration: 'write' } } as const
    expect(() => world.github.token(of, world.repository)).toThrow('administration')
  })

  it('of jobs are nobody in another repository', async () => {
    await world.github.createRepository({ owner: 'acme', name: 'other', files: { a: 'a' } })
    const octokit = world.asJob({ contents: 'write' })
    expect(await refusal(octokit.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'other' }))).toMatchObject(
      { status: 404 },
    )
  })

  it('of jobs cannot read who is in a team, an app can, and a stranger is in none', async () => {
    world.github.team('acme/network', ['bob'])
    const ask = (octokit: ReturnType<Lab['as']>, username: string) =>
      octokit.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
        org: 'acme',
        team_slug: 'network',
        username,
      })
    expect(await refusal(ask(world.asJob({ contents: 'write' }), 'bob'))).toMatchObject({ status: 403 })
    const app = world.with(
      world.github.token({ kind: 'app', slug: 'airlock', permissions: { members: 'read' } }, world.repository),
    )
    expect((await ask(app, 'bob')).data.state).toBe('active')
    expect(await refusal(ask(app, 'cat'))).toMatchObject({ status: 404 })
  })
})

describe('limits', () => {
  it('count a thousand requests an hour for all jobs of a repository, and not what did not change', async () => {
    const small = await lab({ limits: { jobAnHour: 3 } })
    const [one, other] = [small.asJob({ contents: 'read' }), small.asJob({ contents: 'read' })]
    const first = await one.request('GET /repos/{owner}/{repo}/branches', at)
    expect(first.headers['x-ratelimit-remaining']).toBe('2')
    const again = one.request('GET /repos/{owner}/{repo}/branches', {
      ...at,
      headers: { 'if-none-match': first.headers.etag! },
    })
    const unchanged = await refusal(again)
    expect([unchanged.status, unchanged.headers['x-ratelimit-remaining']]).toEqual([304, '2'])
    await one.request('GET /repos/{owner}/{repo}', at)
    await other.request('GET /repos/{owner}/{repo}', at)
    const { status, headers } = await refusal(other.request('GET /repos/{owner}/{repo}', at))
    expect([status, headers['x-ratelimit-remaining']]).toEqual([403, '0'])
    small.github.advance(3_600_001)
    await other.request('GET /repos/{owner}/{repo}', at)
    await small.github.close()
  })

  it('count what did not change for a token to which its ETag was not given', async () => {
    const small = await lab()
    const [one, other] = [small.asJob({ contents: 'read' }), small.asJob({ contents: 'read' })]
    const ask = (as: typeof one, etag?: string) =>
      as.request('GET /repos/{owner}/{repo}/branches', { ...at, headers: { ...(etag && { 'if-none-match': etag }) } })
    const { etag } = (await ask(one)).headers
    expect((await ask(other, etag)).status).toBe(200)
    expect((await refusal(ask(one, etag))).status).toBe(304)
    await small.github.close()
  })

  it('of too much at once say how long to wait', async () => {
    world.github.slowDown(1, 7)
    const { status, message, headers } = await refusal(world.as('bob').request('GET /repos/{owner}/{repo}', at))
    expect([status, headers['retry-after']]).toEqual([403, '7'])
    expect(message).toContain('secondary rate limit')
    await world.as('bob').request('GET /repos/{owner}/{repo}', at)
  })

  it('of what makes content are by the minute, where a test asks for them', async () => {
    const small = await lab({ limits: { contentAMinute: 1 } })
    const set = async (context: string) =>
      small.as('bob').request('POST /repos/{owner}/{repo}/statuses/{sha}', {
        ...at,
        sha: await small.github.commit(small.repository, 'main'),
        state: 'success',
        context,
      })
    await set('one')
    const refused = await refusal(set('two'))
    expect([refused.status, Number(refused.headers['retry-after']) > 50]).toEqual([403, true])
    small.github.advance(60_001)
    expect((await set('two')).status).toBe(201)
    await small.github.close()
  })

  it('and faults can be had before and after something was done', async () => {
    const operation = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    const number = await world.pull('topic')
    const comment = () => world.as('bob').request(operation, { ...at, issue_number: number, body: 'hello' })
    world.github.fail({ operation, status: 502, when: 'before' })
    expect(await refusal(comment())).toMatchObject({ status: 502 })
    expect(world.github.comments(world.repository, number)).toHaveLength(0)
    world.github.fail({ operation, status: 502, when: 'after' })
    expect(await refusal(comment())).toMatchObject({ status: 502 })
    expect(world.github.comments(world.repository, number)).toHaveLength(1)
  })
})

describe('Dependabot', () => {
  it('is not trusted with what its branch says, and is with what the base says', async () => {
    await world.github.push(world.repository, {
      branch: 'dependabot/a',
      files: { 'a.txt': '2\n' },
      by: 'dependabot[bot]',
    })
    const number = await world.github.openPull(world.repository, { head: 'dependabot/a', by: 'dependabot[bot]' })
    expect(world.github.pull(world.repository, number).user).toBe('dependabot[bot]')
    expect(world.github.deliveries.map((it) => [it.event, world.github.isUntrusted(it)])).toEqual([
      ['push', true],
      ['pull_request', true],
      ['pull_request_target', false],
    ])
  })
})
