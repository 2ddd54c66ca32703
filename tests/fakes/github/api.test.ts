import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, type Lab, lab, refusal, workflowFiles, workflowPath } from './lab.testkit.ts'

let world: Lab
let main: string
beforeEach(async () => {
  world = await lab({ files: workflowFiles })
  main = await world.github.commit(world.repository, 'main')
})
afterEach(() => world.github.close())

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
      workflow: workflowPath,
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

describe('a browser’s editor', () => {
  const path = { ...at, path: 'docs/new.md' }
  const put = (login: string, more: Record<string, unknown> = {}) =>
    world.as(login).request('PUT /repos/{owner}/{repo}/contents/{path}', {
      ...path,
      message: 'Write',
      content: Buffer.from('text\n').toString('base64'),
      ...more,
    })

  it('writes a file as a push does, never over what it did not see', async () => {
    expect(await refusal(put('cat'))).toMatchObject({ status: 403 })
    const { status, data } = await put('bob')
    expect([status, data.commit.sha]).toEqual([201, await world.github.commit(world.repository, 'main')])
    expect(world.github.deliveries.at(-1)).toMatchObject({ event: 'push', by: { login: 'bob' } })
    expect(await refusal(put('bob'))).toMatchObject({ status: 422 })
    expect(await refusal(put('bob', { sha: '0'.repeat(40) }))).toMatchObject({ status: 409 })
    expect((await put('bob', { sha: data.content?.sha })).status).toBe(200)
  })

  it('shows folders, whole trees too', async () => {
    await put('bob')
    const { data } = await world.as('cat').request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...at,
      tree_sha: 'main',
      recursive: 'true',
    })
    expect(data.tree.map((it) => `${it.type} ${it.path}`)).toContain('blob docs/new.md')
  })
})
