import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { FakeRun } from '../github/hub.ts'
import { at, type Lab, lab } from '../github/lab.testkit.ts'
import { type Runner, startRunner } from './runner.ts'

let world: Lab
let runner: Runner
let folder: string

/** Starts a GitHub with a workflow, and a runner that has one action, `OWNER/airlock/actions/ask`: a request to the API. */
async function start(workflow: string): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'host-'))
  mkdirSync(join(folder, 'ours/actions/ask'), { recursive: true })
  writeFileSync(join(folder, 'ours/package.json'), '{}')
  writeFileSync(join(folder, 'ours/actions/ask/action.yml'), ask)
  writeFileSync(join(folder, 'ours/actions/ask/ask.js'), askScript)
  world = await lab({ files: { '.github/workflows/ci.yml': workflow } })
  runner = await startRunner(world.github, { folder, actions: { 'OWNER/airlock': join(folder, 'ours') } })
}

afterEach(async () => {
  await runner.close()
  await world.github.close()
  rmSync(folder, { recursive: true })
})

const ask = `
name: ask
description: asks GitHub
inputs:
  method: { description: x, default: GET }
  path: { description: x }
  body: { description: x, default: '' }
  token: { description: x, default: '\${{ github.token }}' }
runs: { using: node24, main: ask.js }
`
const askScript = `
const input = (name) => process.env['INPUT_' + name]
fetch(process.env.GITHUB_API_URL + '/repos/' + process.env.GITHUB_REPOSITORY + input('PATH'), {
  method: input('METHOD'),
  headers: { authorization: 'Bearer ' + input('TOKEN'), accept: 'application/vnd.github+json', 'user-agent': 'ask' },
  ...(input('BODY') !== '' && { body: input('BODY') }),
}).then(async (answer) => console.log('answered ' + answer.status, (await answer.text()).slice(0, 200)))
`

function log(run: FakeRun | undefined, name: string): string {
  const job = run?.jobs.find((it) => it.name === name)
  if (job === undefined) throw new Error(`no job ${name}: ${runner.problems().join('\n')}`)
  return job.log
}

it('runs a pull request at its merge with the base, with a token that may what its job says', async () => {
  await start(`on: pull_request
permissions: {}
jobs:
  a:
    runs-on: x
    permissions: { contents: read, statuses: write }
    steps:
      - uses: actions/checkout@v5
      - run: cat a.txt b.txt; echo "$GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF"; git rev-parse HEAD
      - uses: OWNER/airlock/actions/ask@main
        with: { method: POST, path: '/statuses/\${{ github.event.pull_request.head.sha }}', body: '{"state":"success","context":"airlock/gate"}' }
      - uses: OWNER/airlock/actions/ask@main
        with: { method: POST, path: /issues/1/comments, body: '{"body":"hello"}' }
`)
  const number = await world.pull('topic')
  await runner.idle()
  const [run] = runner.runs()
  expect(run).toMatchObject({ event: 'pull_request', ref: 'refs/pull/1/merge', conclusion: 'success' })
  expect(log(run, 'a')).toContain(`topic\nb\nrefs/pull/1/merge topic main\n${run?.sha}\n`)
  expect(log(run, 'a')).toMatch(/answered 201[\s\S]*answered 403 .*Resource not accessible by integration/)
  const { data } = await world.as('ann').request('GET /repos/{owner}/{repo}/commits/{ref}/status', {
    ...at,
    ref: world.github.pull(world.repository, number).headSha,
  })
  expect(data.statuses.map(({ context }) => context)).toEqual(['airlock/gate'])
})

it('goes on when a reviewer approves through the API, and starts what a job dispatches', async () => {
  await start(`on:
  push: { branches: [main] }
  workflow_dispatch: { inputs: { task: { type: string, default: sweep } } }
jobs:
  approve:
    if: github.event_name == 'push'
    runs-on: x
    environment: prod
    permissions: { actions: write }
    steps:
      - uses: OWNER/airlock/actions/ask@main
        with: { method: POST, path: /actions/workflows/ci.yml/dispatches, body: '{"ref":"main","inputs":{"task":"apply"}}' }
  apply:
    if: inputs.task == 'apply'
    runs-on: x
    permissions: { actions: read }
    steps:
      - run: echo "applies for $GITHUB_ACTOR"
`)
  const ann = world.as('ann')
  const { data: bob } = await ann
    .request('GET /users/{username}', { username: 'bob' })
    .catch(() => ({ data: { id: 0 } }))
  await ann.request('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
    ...at,
    environment_name: 'prod',
    reviewers: [{ type: 'User', id: Number(bob.id) }],
  })
  await world.github.push(world.repository, { branch: 'main', files: { 'c.txt': 'c' }, by: 'ann' })
  await runner.idle()
  const [run] = runner.runs()
  expect(run?.status).toBe('waiting')
  const { data: pending } = await world
    .as('bob')
    .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', { ...at, run_id: run!.id })
  await world.as('bob').request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
    ...at,
    run_id: run!.id,
    environment_ids: pending.map(({ environment }) => environment.id!).map(Number),
    state: 'approved',
    comment: 'go',
  })
  await runner.idle()
  expect(log(run, 'approve')).toContain('answered 20')
  const dispatched = runner.runs()[1]
  expect(dispatched).toMatchObject({ event: 'workflow_dispatch', conclusion: 'success' })
  expect(log(dispatched, 'apply')).toContain('applies for github-actions[bot]')
})

it('runs the default branch’s workflow for a comment, and the author’s for a pull request', async () => {
  await start(`on: [pull_request, issue_comment]
jobs:
  a: { runs-on: x, steps: [{ run: 'echo default of $GITHUB_REF' }] }
`)
  const theirs =
    'on: [pull_request, issue_comment]\njobs: { a: { runs-on: x, steps: [{ run: echo theirs of $GITHUB_REF }] } }'
  const number = await world.pull('topic', { '.github/workflows/ci.yml': theirs })
  await world.github.comment(world.repository, number, '/airlock plan', 'bob')
  await runner.idle()
  const of = (event: string) =>
    log(
      runner.runs().find((it) => it.event === event),
      'a',
    )
  expect(of('pull_request')).toContain('theirs of refs/pull/1/merge')
  expect(of('issue_comment')).toContain('default of refs/heads/main')
})

it('gives a fork’s pull request a token that reads, no secrets and no OIDC; its target’s run has all', async () => {
  await start(`on: [pull_request, pull_request_target]
jobs:
  a:
    runs-on: x
    permissions: { contents: read, statuses: write, id-token: write }
    steps:
      - run: 'echo "[$K] \${ACTIONS_ID_TOKEN_REQUEST_URL:+oidc}"'
        env: { K: '\${{ secrets.KEY }}' }
      - uses: actions/checkout@v5
      - run: cat a.txt
      - uses: OWNER/airlock/actions/ask@main
        with: { method: POST, path: '/statuses/\${{ github.sha }}', body: '{"state":"success"}' }
`)
  world.github.setSecret(world.repository, 'KEY', 'tops3cret')
  const fork = await world.github.fork(world.repository, 'eve')
  await world.github.push(fork, { branch: 'evil', files: { 'a.txt': 'evil' }, by: 'eve' })
  await world.github.openPull(world.repository, { head: 'eve:evil', by: 'eve' })
  await runner.idle()
  const of = (event: string) =>
    log(
      runner.runs().find((it) => it.event === event),
      'a',
    )
  expect(of('pull_request')).toMatch(/\[\] \n[\s\S]*evil[\s\S]*answered 403/)
  expect(of('pull_request_target')).toMatch(/\[\*\*\*\] oidc\n[\s\S]*\na\n[\s\S]*answered 201/)
})

it('makes a deployment of a job with an environment, unless the job says that it is none', async () => {
  await start(`on: { push: { branches: [main] } }
jobs:
  one: { runs-on: x, environment: prod, steps: [{ run: 'true' }] }
  two: { runs-on: x, environment: { name: prod-apply, deployment: false }, steps: [{ run: 'true' }] }
`)
  await world.github.push(world.repository, { branch: 'main', files: { 'c.txt': 'c' }, by: 'ann' })
  await runner.idle()
  const { data } = await world.as('ann').request('GET /repos/{owner}/{repo}/deployments', at)
  expect(data.map(({ environment, task }) => [environment, task])).toEqual([['prod', 'deploy']])
  const statuses = await world.as('ann').request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...at,
    deployment_id: Number(data[0]?.id),
  })
  expect(statuses.data.map(({ state }) => state)).toEqual(['success', 'in_progress', 'queued'])
})

it('cancels a run, and runs it again, when somebody asks so through the API', async () => {
  await start(`on: { push: { branches: [main] } }
jobs:
  a: { runs-on: x, environment: prod, steps: [{ run: 'echo attempt $GITHUB_RUN_ATTEMPT' }] }
`)
  const ann = world.as('ann')
  await ann.request('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
    ...at,
    environment_name: 'prod',
    reviewers: [
      { type: 'User', id: Number((await ann.request('GET /users/{username}', { username: 'bob' })).data.id) },
    ],
  })
  await world.github.push(world.repository, { branch: 'main', files: { 'c.txt': 'c' }, by: 'ann' })
  await runner.idle()
  const run = runner.runs()[0]!
  await ann.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', { ...at, run_id: run.id })
  await runner.idle()
  expect(run).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
  await ann.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun', { ...at, run_id: run.id })
  await runner.idle()
  expect(run).toMatchObject({ status: 'waiting', attempt: 2 })
  runner.approve(run, 'prod', 'bob')
  await runner.idle()
  expect(log(run, 'a')).toContain('attempt 2')
})

it('tells a job the number by which the API knows it', async () => {
  await start(`
on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: echo "number \${{ job.check_run_id }}"
  b:
    runs-on: x
    needs: a
    steps:
      - run: echo "number \${{ job.check_run_id }}"
`)
  await world.github.push(world.repository, { branch: 'main', files: { x: '1' }, by: 'bob' })
  await runner.idle()
  for (const job of runner.runs()[0]!.jobs) {
    const [, number] = /^number (\d+)$/m.exec(job.log) ?? []
    const { data } = await world.as('bob').request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', {
      ...at,
      job_id: Number(number),
    })
    expect(data.name).toBe(job.key)
  }
})
