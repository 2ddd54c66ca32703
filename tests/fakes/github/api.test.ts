import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, type Lab, lab, refusal } from './lab.testkit.ts'

const workflow = `name: airlock
on:
  workflow_dispatch:
    inputs:
      task: { type: choice, options: [sweep, plan], default: sweep }
      pr: { type: string }
  pull_request:
jobs: {}
`
const path = '.github/workflows/airlock.yml'

let world: Lab
let main: string
beforeEach(async () => {
  world = await lab({ files: { [path]: workflow, '.github/workflows/other.yml': 'on: push\njobs: {}\n' } })
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

  it('of too much at once say how long to wait', async () => {
    world.github.slowDown(1, 7)
    const { status, message, headers } = await refusal(world.as('bob').request('GET /repos/{owner}/{repo}', at))
    expect([status, headers['retry-after']]).toEqual([403, '7'])
    expect(message).toContain('secondary rate limit')
    await world.as('bob').request('GET /repos/{owner}/{repo}', at)
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

describe('comments', () => {
  it('take 65,536 characters and no more, and tell what was written', async () => {
    const number = await world.pull('topic')
    const post = (body: string) =>
      world
        .asJob({ 'pull-requests': 'write' })
        .request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number: number, body })
    expect(await refusal(post('x'.repeat(65_537)))).toMatchObject({
      status: 422,
      message: expect.stringContaining('maximum is 65536'),
    })
    expect((await post('x'.repeat(65_536))).data.user?.login).toBe('github-actions[bot]')
    expect(world.github.deliveries.at(-1)).toMatchObject({
      event: 'issue_comment',
      action: 'created',
      ref: 'refs/heads/main',
      by: { kind: 'job' },
    })
  })

  it('by a job start nothing, by a person the default branch’s workflows', async () => {
    const number = await world.pull('topic')
    const heard: string[] = []
    world.github.onEvent((it) => heard.push(`${it.event} ${it.sha === main}`))
    await world.asJob({ issues: 'write' }).request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...at,
      issue_number: number,
      body: 'from a job',
    })
    await world.github.comment(world.repository, number, '/airlock plan', 'bob')
    expect(heard).toEqual(['issue_comment true'])
  })

  it('are listed in pages with a way to the next', async () => {
    const number = await world.pull('topic')
    for (let at = 0; at < 5; at++) await world.github.comment(world.repository, number, `${at}`, 'bob')
    const list = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
    const first = await world.as('bob').request(list, { ...at, issue_number: number, per_page: 2 })
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/)
    const last = await world.as('bob').request(list, { ...at, issue_number: number, per_page: 2, page: 3 })
    expect(last.data.map((it) => it.body)).toEqual(['4'])
    expect(last.headers.link).not.toContain('rel="next"')
  })

  it('are changed and removed, answered with signs, and gone when they are gone', async () => {
    const number = await world.pull('topic')
    const id = await world.github.comment(world.repository, number, 'hello', 'bob')
    const one = { ...at, comment_id: id }
    const update = (login: string) =>
      world.as(login).request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...one, body: 'new' })
    expect(await refusal(update('cat'))).toMatchObject({ status: 403 })
    expect((await update('ann')).data.body).toBe('new')
    const react = () =>
      world
        .as('bob')
        .request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', { ...one, content: 'eyes' })
    expect([(await react()).status, (await react()).status]).toEqual([201, 200])
    await world.as('bob').request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', one)
    expect(await refusal(update('bob'))).toMatchObject({ status: 404 })
  })
})

describe('statuses', () => {
  const post = (body: Record<string, unknown>) =>
    world
      .asJob({ statuses: 'write' })
      .request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha: main, state: 'success', ...body } as never)

  it('are refused at a commit that is not there, and with a description of 141 characters', async () => {
    expect(await refusal(post({ sha: '1'.repeat(40) }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('No commit found'),
    })
    expect(await refusal(post({ description: 'x'.repeat(141) }))).toMatchObject({ status: 422 })
    expect(await refusal(post({ state: 'green' }))).toMatchObject({ status: 422 })
    expect((await post({ description: 'x'.repeat(140) })).status).toBe(201)
  })

  it('come to one state of all contexts, of each its newest', async () => {
    await post({ context: 'a', state: 'failure' })
    await post({ context: 'a' })
    await post({ context: 'b', state: 'pending' })
    const of = (): Promise<{ data: { state: string; total_count: number } }> =>
      world.as('cat').request('GET /repos/{owner}/{repo}/commits/{ref}/status', { ...at, ref: 'main' })
    expect((await of()).data).toMatchObject({ state: 'pending', total_count: 2 })
    await post({ context: 'b', state: 'error' })
    expect((await of()).data.state).toBe('failure')
    const all = await world.as('cat').request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ...at, ref: main })
    expect(all.data.map((it) => it.context)).toEqual(['b', 'b', 'a', 'a'])
  })

  it('are a limited number of one context, a thousand at GitHub', async () => {
    const small = await lab({ limits: { statusesAContext: 2 } })
    const sha = await small.github.commit(small.repository, 'main')
    const set = (context: string) =>
      small.as('bob').request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha, state: 'success', context })
    await set('many')
    await set('many')
    expect(await refusal(set('many'))).toMatchObject({
      status: 422,
      message: expect.stringContaining('maximum number of statuses'),
    })
    await set('another')
    await small.github.close()
  })
})

describe('check runs', () => {
  const annotation = { path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' } as const
  const create = (octokit: ReturnType<Lab['as']>, count: number) =>
    octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...at,
      name: 'plan',
      head_sha: main,
      conclusion: 'success',
      output: { title: 't', summary: 's', annotations: Array.from({ length: count }, () => annotation) },
    })

  it('take fifty annotations a call, more with the next, and are made by apps alone', async () => {
    const job = world.asJob({ checks: 'write' })
    expect(await refusal(create(job, 51))).toMatchObject({ status: 422 })
    expect(await refusal(create(world.as('ann'), 1))).toMatchObject({
      status: 403,
      message: expect.stringContaining('GitHub App'),
    })
    const { data } = await create(job, 50)
    expect(data).toMatchObject({ status: 'completed', app: { id: 15368, slug: 'github-actions' } })
    const one = { ...at, check_run_id: data.id }
    await job.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...one,
      output: { title: 't', summary: 's', annotations: [annotation] },
    })
    const list = await job.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
      ...one,
      per_page: 100,
    })
    expect(list.data).toHaveLength(51)
  })

  it('are changed only by the app that made them', async () => {
    const { data } = await create(world.asJob({ checks: 'write' }), 0)
    const app = world.with(
      world.github.token({ kind: 'app', slug: 'other', permissions: { checks: 'write' } }, world.repository),
    )
    const change = app.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...at,
      check_run_id: data.id,
      name: 'x',
    })
    expect(await refusal(change)).toMatchObject({ status: 403, message: expect.stringContaining('Invalid app_id') })
  })

  it('list the jobs of runs beside them', async () => {
    await create(world.asJob({ checks: 'write' }), 0)
    const number = await world.pull('topic')
    const pull = world.github.pull(world.repository, number)
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event: 'pull_request',
      ref: `refs/pull/${number}/merge`,
      sha: pull.mergeSha!,
      actor: 'bob',
    })
    world.github.startJob(run, { name: 'vpc', key: 'plan' })
    const { data } = await world
      .as('cat')
      .request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...at, ref: pull.headSha })
    expect(data.check_runs.map((it) => [it.name, it.status])).toEqual([['vpc', 'queued']])
  })
})

describe('deployments', () => {
  const create = (more: Record<string, unknown> = {}) =>
    world.asJob({ deployments: 'write' }).request('POST /repos/{owner}/{repo}/deployments', {
      ...at,
      ref: main,
      environment: 'prod',
      auto_merge: false,
      required_contexts: [],
      payload: { instance: 'vpc' },
      ...more,
    } as never) as Promise<{ data: { id: number } }>
  const set = (id: number, state: 'success' | 'failure') =>
    world
      .asJob({ deployments: 'write' })
      .request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', { ...at, deployment_id: id, state })
  const states = async (id: number) =>
    (
      await world
        .as('cat')
        .request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', { ...at, deployment_id: id })
    ).data.map((it) => it.state)

  it('make the successful ones before them inactive', async () => {
    const [first, second] = [await create(), await create()]
    await set(first.data.id, 'success')
    await set(second.data.id, 'success')
    expect(await states(first.data.id)).toEqual(['inactive', 'success'])
    expect(await states(second.data.id)).toEqual(['success'])
    const list = await world.as('cat').request('GET /repos/{owner}/{repo}/deployments', { ...at, environment: 'prod' })
    expect(list.data.map((it) => it.id)).toEqual([second.data.id, first.data.id])
  })

  it('are refused while statuses that they wait for are not green', async () => {
    await world
      .as('bob')
      .request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha: main, state: 'pending', context: 'ci' })
    expect(await refusal(create({ required_contexts: undefined }))).toMatchObject({ status: 409 })
    expect((await create()).data.id).toBeGreaterThan(0)
  })
})

describe('environments', () => {
  const put = (octokit: ReturnType<Lab['as']>, body: Record<string, unknown>) =>
    octokit.request('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
      ...at,
      environment_name: 'prod',
      ...body,
    } as never)
  const reviewer = async (login: string) => ({ type: 'User', id: (await world.as(login).request('GET /user')).data.id })

  it('are protected by admins alone, with reviewers and branches', async () => {
    expect(await refusal(put(world.as('bob'), {}))).toMatchObject({ status: 403 })
    const body = {
      reviewers: [await reviewer('bob')],
      prevent_self_review: true,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    }
    await put(world.as('ann'), body)
    const policies = 'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies'
    await world.as('ann').request(policies, { ...at, environment_name: 'prod', name: 'main' })
    expect(world.github.environment(world.repository, 'prod')).toMatchObject({ reviewers: ['bob'], branches: ['main'] })
    const { data } = await world
      .asJob({ actions: 'read' })
      .request('GET /repos/{owner}/{repo}/environments/{environment_name}', { ...at, environment_name: 'prod' })
    expect(data.protection_rules).toMatchObject([
      { type: 'required_reviewers', prevent_self_review: true, reviewers: [{ reviewer: { login: 'bob' } }] },
      { type: 'branch_policy' },
    ])
  })

  it('of private repositories have no reviewers with the plan Team, and branches with it', async () => {
    const small = await lab({ plan: 'team' })
    const id = Number((await small.as('bob').request('GET /user')).data.id)
    const path = { ...at, environment_name: 'prod' }
    const route = 'PUT /repos/{owner}/{repo}/environments/{environment_name}'
    const refused = await refusal(small.as('ann').request(route, { ...path, reviewers: [{ type: 'User', id }] }))
    expect(refused).toMatchObject({ status: 422, message: expect.stringContaining('billing plan') })
    await small.as('ann').request(route, {
      ...path,
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    })
    await small.github.close()
  })

  it('hold a run until a reviewer says yes; nobody else, and not the one who started it', async () => {
    await put(world.as('ann'), { reviewers: [await reviewer('bob'), await reviewer('ann')], prevent_self_review: true })
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event: 'push',
      ref: 'refs/heads/main',
      sha: main,
      actor: 'ann',
    })
    const job = world.github.startJob(run, { name: 'approve prod', key: 'approve', environment: 'prod' })
    job.status = 'waiting'
    const one = { ...at, run_id: run.id }
    const { data } = await world
      .as('bob')
      .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', one)
    expect(data).toMatchObject([{ environment: { name: 'prod' }, current_user_can_approve: true }])
    const review = (octokit: ReturnType<Lab['as']>) =>
      octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
        ...one,
        environment_ids: [Number(data[0]!.environment.id)],
        state: 'approved',
        comment: 'fine',
      })
    const heard: string[] = []
    world.github.onRunChange((_, change) => heard.push(change))
    expect(await refusal(review(world.as('cat')))).toMatchObject({ status: 403 })
    expect(await refusal(review(world.as('ann')))).toMatchObject({ status: 422 })
    expect(await refusal(review(world.asJob({ deployments: 'write' })))).toMatchObject({ status: 422 })
    await review(world.as('bob'))
    expect(heard).toEqual(['reviewed'])
    const told = await world
      .asJob({ actions: 'read' })
      .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals', one)
    expect(told.data).toMatchObject([
      { state: 'approved', comment: 'fine', user: { login: 'bob' }, environments: [{ name: 'prod' }] },
    ])
  })
})

describe('workflows', () => {
  const dispatch = (octokit: ReturnType<Lab['as']>, body: Record<string, unknown> = {}, file = 'airlock.yml') =>
    octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...at,
      workflow_id: file,
      ref: 'main',
      ...body,
    })

  it('are started by a job’s token, alone of all events, with defaults filled in', async () => {
    const heard: unknown[] = []
    world.github.onEvent((it) => heard.push([it.event, it.payload.inputs]))
    await dispatch(world.asJob({ actions: 'write' }), { inputs: { pr: '7' } })
    await world
      .asJob({ contents: 'write' })
      .request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/heads/by-job', sha: main })
    expect(heard).toEqual([['workflow_dispatch', { task: 'sweep', pr: '7' }]])
  })

  it('are not started without the event, with inputs that they do not take, at a ref that is not there', async () => {
    const bob = world.as('bob')
    expect(await refusal(dispatch(bob, {}, 'other.yml'))).toMatchObject({
      status: 422,
      message: expect.stringContaining("does not have 'workflow_dispatch'"),
    })
    expect(await refusal(dispatch(bob, { inputs: { what: 'x' } }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('Unexpected inputs'),
    })
    expect(await refusal(dispatch(bob, { inputs: { task: 'dance' } }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('allowed values'),
    })
    expect(await refusal(dispatch(bob, { ref: 'nowhere' }))).toMatchObject({ status: 422 })
    expect(await refusal(dispatch(bob, {}, 'none.yml'))).toMatchObject({ status: 404 })
    expect(await refusal(dispatch(world.as('cat')))).toMatchObject({ status: 403 })
  })

  it('have runs, which are listed, cancelled, and run again', async () => {
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event: 'push',
      ref: 'refs/heads/main',
      sha: main,
      actor: 'bob',
    })
    const one = { ...at, run_id: run.id }
    const heard: string[] = []
    world.github.onRunChange((it, change) => heard.push(`${change} ${it.attempt}`))
    const list = await world.as('cat').request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
      ...at,
      workflow_id: 'airlock.yml',
      status: 'queued',
    })
    expect(list.data.workflow_runs).toMatchObject([{ id: run.id, path, head_sha: main, run_attempt: 1 }])
    await world.as('bob').request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', one)
    run.status = 'completed'
    run.conclusion = 'cancelled'
    expect(
      await refusal(world.as('bob').request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', one)),
    ).toMatchObject({ status: 409 })
    await world.as('bob').request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun', one)
    expect(heard).toEqual(['cancel 1', 'rerun 2'])
    expect(run.status).toBe('queued')
  })

  it('have artifacts that are hidden while the run goes on', async () => {
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event: 'push',
      ref: 'refs/heads/main',
      sha: main,
      actor: 'bob',
    })
    const folder = mkdtempSync(join(tmpdir(), 'fake-artifact-'))
    writeFileSync(join(folder, 'plan.txt'), 'plan')
    world.github.artifacts(run).set('plans', folder)
    const list = () =>
      world
        .asJob({ actions: 'read' })
        .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', { ...at, run_id: run.id })
    expect((await list()).data.artifacts).toEqual([])
    run.status = 'completed'
    const [artifact] = (await list()).data.artifacts
    expect(artifact?.name).toBe('plans')
    const zip = await world
      .as('cat')
      .request('GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}', {
        ...at,
        artifact_id: artifact!.id,
        archive_format: 'zip',
      })
    expect(
      Buffer.from(zip.data as ArrayBuffer)
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    rmSync(folder, { recursive: true })
  })
})

describe('settings', () => {
  it('of secrets and variables tell names, and values of variables only', async () => {
    world.github.setSecret(world.repository, 'KEY', 'hidden', 'prod')
    const { data } = await world
      .as('ann')
      .request('GET /repos/{owner}/{repo}/environments/{environment_name}/secrets', { ...at, environment_name: 'prod' })
    expect(data.secrets.map((it) => it.name)).toEqual(['KEY'])
    expect(JSON.stringify(data)).not.toContain('hidden')
    await world.as('ann').request('POST /repos/{owner}/{repo}/actions/variables', { ...at, name: 'BUCKET', value: 'a' })
    expect(
      await refusal(
        world.as('ann').request('POST /repos/{owner}/{repo}/actions/variables', { ...at, name: 'BUCKET', value: 'b' }),
      ),
    ).toMatchObject({ status: 409 })
    await world
      .as('ann')
      .request('PATCH /repos/{owner}/{repo}/actions/variables/{name}', { ...at, name: 'BUCKET', value: 'b' })
    const variables = await world.as('ann').request('GET /repos/{owner}/{repo}/actions/variables', at)
    expect(variables.data.variables).toMatchObject([{ name: 'BUCKET', value: 'b' }])
  })

  it('of Actions are for admins', async () => {
    expect(await refusal(world.as('bob').request('GET /repos/{owner}/{repo}/actions/permissions', at))).toMatchObject({
      status: 403,
    })
    expect((await world.as('ann').request('GET /repos/{owner}/{repo}/actions/permissions/workflow', at)).data).toEqual({
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: false,
    })
  })

  it('of rulesets are for those whose plan has them', async () => {
    const small = await lab({ plan: 'free' })
    const body = { ...at, name: 'airlock', enforcement: 'active' as const, rules: [] }
    expect(await refusal(small.as('ann').request('POST /repos/{owner}/{repo}/rulesets', body))).toMatchObject({
      status: 403,
      message: expect.stringContaining('Upgrade'),
    })
    await small.github.close()
    await world.as('ann').request('POST /repos/{owner}/{repo}/rulesets', body)
    expect(await refusal(world.as('ann').request('POST /repos/{owner}/{repo}/rulesets', body))).toMatchObject({
      status: 422,
    })
    const list = await world.asJob({}).request('GET /repos/{owner}/{repo}/rulesets', at)
    expect(list.data.map((it) => it.name)).toEqual(['airlock'])
  })

  it('say what a person may do', async () => {
    const of = async (username: string) =>
      (
        await world
          .asJob({})
          .request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { ...at, username })
      ).data
    expect(await of('ann')).toMatchObject({ permission: 'admin', role_name: 'admin' })
    expect((await of('eve')).permission).toBe('none')
    await expect(of('nobody')).rejects.toMatchObject({ status: 404 })
  })
})

describe('files and commits', () => {
  it('are read raw and in GitHub’s wrapping, at any commit', async () => {
    const read = (more: Record<string, unknown>) =>
      world.as('cat').request('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path: 'a.txt', ...more })
    expect((await read({ headers: { accept: 'application/vnd.github.raw+json' } })).data).toBe('a\n')
    const { data } = await read({ ref: main })
    expect(Buffer.from((data as { content: string }).content, 'base64').toString()).toBe('a\n')
    expect(await refusal(read({ path: 'none.txt' }))).toMatchObject({ status: 404 })
    expect(await refusal(read({ ref: 'none' }))).toMatchObject({ status: 404 })
  })

  it('compare with renames, from where they parted', async () => {
    await world.github.push(world.repository, { branch: 'topic', files: { 'a.txt': null, 'c.txt': 'a\n' }, by: 'bob' })
    await world.github.push(world.repository, { branch: 'main', files: { 'd.txt': 'd\n' }, by: 'ann' })
    const { data } = await world
      .as('cat')
      .request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...at, basehead: 'main...topic' })
    expect(data).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1, merge_base_commit: { sha: main } })
    expect(data.files).toMatchObject([{ filename: 'c.txt', previous_filename: 'a.txt', status: 'renamed' }])
  })

  it('move refs forward only, unless forced, and make no ref twice', async () => {
    const octokit = world.asJob({ contents: 'write' })
    const next = await world.github.push(world.repository, { branch: 'topic', files: { 'a.txt': 'x\n' }, by: 'bob' })
    const ref = { ...at, ref: 'airlock/state' }
    await octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/airlock/state', sha: next })
    expect(
      await refusal(
        octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/airlock/state', sha: next }),
      ),
    ).toMatchObject({ status: 422 })
    expect(
      await refusal(octokit.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...ref, sha: main })),
    ).toMatchObject({ status: 422, message: expect.stringContaining('fast forward') })
    await octokit.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...ref, sha: main, force: true })
    expect(await world.github.commit(world.repository, 'refs/airlock/state')).toBe(main)
  })
})

describe('OIDC tokens', () => {
  const claims = async (event: string, ref: string, environment?: string): Promise<Record<string, unknown>> => {
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event,
      ref,
      sha: main,
      actor: 'bob',
    })
    const job = world.github.startJob(run, {
      name: 'plan',
      key: 'plan',
      ...(environment === undefined ? {} : { environment }),
    })
    world.github.token(
      { kind: 'job', run: run.id, job: job.id, permissions: { 'id-token': 'write' } },
      world.repository,
    )
    const token = await world.github.idToken(run, job, 'sts.amazonaws.com')
    return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  }

  it('say the environment where the job has one, else the pull request or the ref', async () => {
    expect(await claims('pull_request', 'refs/pull/1/merge', 'airlock-plan')).toMatchObject({
      sub: 'repo:acme/infra:environment:airlock-plan',
      aud: 'sts.amazonaws.com',
      environment: 'airlock-plan',
      job_workflow_ref: `acme/infra/${path}@refs/pull/1/merge`,
    })
    expect((await claims('pull_request', 'refs/pull/1/merge')).sub).toBe('repo:acme/infra:pull_request')
    expect((await claims('schedule', 'refs/heads/main')).sub).toBe('repo:acme/infra:ref:refs/heads/main')
  })

  it('are signed with the key that the issuer publishes', async () => {
    const { createPublicKey, createVerify } = await import('node:crypto')
    const { jwks_uri: uri } = (await (
      await fetch(`${world.github.issuerUrl}/.well-known/openid-configuration`)
    ).json()) as { jwks_uri: string }
    const { keys } = (await (await fetch(uri)).json()) as { keys: [Record<string, string>] }
    const run = world.github.startRun({
      repository: world.repository,
      workflow: path,
      event: 'push',
      ref: 'refs/heads/main',
      sha: main,
      actor: 'bob',
    })
    const job = world.github.startJob(run, { name: 'plan', key: 'plan' })
    await expect(world.github.idToken(run, job, 'x')).rejects.toThrow('id-token: write')
    world.github.token(
      { kind: 'job', run: run.id, job: job.id, permissions: { 'id-token': 'write' } },
      world.repository,
    )
    const [head, body, signature] = (await world.github.idToken(run, job, 'x')).split('.')
    const key = createPublicKey({ key: keys[0], format: 'jwk' })
    expect(createVerify('RSA-SHA256').update(`${head}.${body}`).verify(key, signature!, 'base64url')).toBe(true)
  })
})
