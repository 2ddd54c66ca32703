import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, type Lab, lab, refusal, workflowFiles, workflowPath } from './lab.testkit.ts'

let world: Lab
let main: string
beforeEach(async () => {
  world = await lab({ files: workflowFiles })
  main = await world.github.commit(world.repository, 'main')
})
afterEach(() => world.github.close())

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
      workflow: workflowPath,
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
      workflow: workflowPath,
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
    expect(list.data.workflow_runs).toMatchObject([{ id: run.id, path: workflowPath, head_sha: main, run_attempt: 1 }])
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
      workflow: workflowPath,
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

describe('OIDC tokens', () => {
  const claims = async (event: string, ref: string, environment?: string): Promise<Record<string, unknown>> => {
    const run = world.github.startRun({
      repository: world.repository,
      workflow: workflowPath,
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
      job_workflow_ref: `acme/infra/${workflowPath}@refs/pull/1/merge`,
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
      workflow: workflowPath,
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
