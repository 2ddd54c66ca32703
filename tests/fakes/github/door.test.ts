import { describe, expect, it } from 'vitest'
import { restGitHub } from '../../../src/github/drivers/rest.ts'
import { githubContract, type Opened } from '../../../src/github/github.contract.ts'
import { memoryStore } from '../../../src/store/drivers/memory.ts'
import type { Store } from '../../../src/store/store.ts'
import { storedAnswers } from '../../../src/wire/answers.ts'
import { startGitHub } from './github.ts'
import type { Permissions } from './hub.ts'
import { at, lab } from './lab.testkit.ts'

const path = '.github/workflows/airlock.yml'
const workflow = `on:
  workflow_dispatch:
    inputs:
      task: { type: string }
      pr: { type: string }
jobs: {}
`

/** All that an app needs for all that the door has. */
const everything: Permissions = {
  actions: 'write',
  administration: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  environments: 'write',
  issues: 'write',
  'pull-requests': 'write',
  secrets: 'read',
  statuses: 'write',
  variables: 'write',
}

async function open(): Promise<Opened> {
  const fake = await startGitHub()
  for (const login of ['ann', 'ben', 'cem']) fake.user(login)
  const repository = await fake.createRepository({
    owner: 'acme',
    name: 'infra',
    files: { [path]: workflow },
    collaborators: { ann: 'write', ben: 'admin' },
  })
  const token = fake.token({ kind: 'app', slug: 'airlock', permissions: everything }, repository)
  const github = restGitHub({
    token,
    apiUrl: fake.apiUrl,
    serverUrl: fake.serverUrl,
    repository: { owner: 'acme', name: 'infra' },
    paceMs: 0,
  })
  let commits = 0
  const runs = new Map<number, ReturnType<typeof fake.startRun>>()
  const jobs = new Map<number, ReturnType<typeof fake.startJob>>()
  return {
    github,
    robot: 'airlock[bot]',
    close: () => fake.close(),
    on: {
      push: (branch) => fake.push(repository, { branch, files: { [branch]: `${commits++}\n` }, by: 'ann' }),
      open: ({ branch, author, title }) => fake.openPull(repository, { head: branch, by: author, title }),
      merge: (number, by) => fake.merge(repository, number, { by, method: 'squash' }),
      async review(number, by, state) {
        const event = ({ APPROVED: 'APPROVE', CHANGES_REQUESTED: 'REQUEST_CHANGES' } as const)[state as 'APPROVED']
        await fake.review(repository, number, { by, event })
      },
      comment: (number, by, body) => fake.comment(repository, number, body, by),
      deleteComment: (id) => fake.deleteComment(repository, id, 'ben'),
      permit: async (login, permission) => fake.user(login, { [repository]: permission }),
      async run({ event, commit }) {
        const of = { repository, workflow: path, event, ref: 'refs/heads/main', sha: commit, actor: 'ann' }
        const run = fake.startRun(of)
        run.status = 'in_progress'
        runs.set(run.id, run)
        return run.id
      },
      async job(run, name) {
        const job = fake.startJob(runs.get(run)!, { name, key: 'apply' })
        job.status = 'in_progress'
        jobs.set(job.id, job)
        return job.id
      },
      async endJob(id, conclusion) {
        Object.assign(jobs.get(id)!, { status: 'completed', conclusion })
      },
      async endRun(id, conclusion) {
        const run = runs.get(id)!
        run.status = 'completed'
        run.conclusion = conclusion as 'success'
      },
      async approve(id, environments, by, comment) {
        const run = runs.get(id)!
        for (const environment of environments) {
          fake.startJob(run, { name: environment, key: 'approve', environment }).status = 'waiting'
          fake.protect(repository, environment, { reviewers: [by] })
        }
        fake.reviewEnvironments(run, { state: 'approved', environments, by, comment })
      },
      dispatched: async () =>
        fake.deliveries
          .filter(({ event }) => event === 'workflow_dispatch')
          .map(({ ref, payload }) => ({
            branch: ref.replace('refs/heads/', ''),
            inputs: payload.inputs as Readonly<Record<string, string>>,
          })),
    },
  }
}

githubContract('rest, on the fake GitHub', open)

describe('the door', () => {
  const comment = (index: number) => ({ by: 'bob', event: 'COMMENT' as const, body: `${index}` })
  const door = (of: Awaited<ReturnType<typeof lab>>, permissions: Permissions, store?: Store) =>
    restGitHub({
      token: of.github.token({ kind: 'job', run: 1, job: 1, permissions }, of.repository),
      apiUrl: of.github.apiUrl,
      serverUrl: of.github.serverUrl,
      repository: { owner: 'acme', name: 'infra' },
      paceMs: 0,
      repeatMs: 1,
      ...(store && { memory: storedAnswers(store) }),
    })

  it('names the permission that a job lacks', async () => {
    const world = await lab()
    const sha = await world.github.commit(world.repository, 'main')
    const set = door(world, { statuses: 'read' }).statuses.set(sha, { context: 'a', state: 'success', description: '' })
    await expect(set).rejects.toMatchObject({ code: 'github-forbidden', message: expect.stringContaining('statuses') })
    await world.github.close()
  })

  it('sees with a job’s token that nobody can tell who is in a team', async () => {
    const world = await lab()
    world.github.team('acme/network', ['bob'])
    expect(await door(world, { contents: 'read' }).people.isMember('acme/network', 'bob')).toBeUndefined()
    await world.github.close()
  })

  it('has what did not change for nothing', async () => {
    const world = await lab()
    const number = await world.pull('topic')
    const github = door(world, { 'pull-requests': 'read' })
    await github.pulls.get(number)
    const left = github.use().remaining
    const first = await github.pulls.get(number)
    expect(github.use()).toMatchObject({ calls: 1, unchanged: 1, remaining: left })
    expect(first.title).toBe('topic')
    await world.as('ann').request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...at,
      pull_number: number,
      title: 'two',
    })
    expect((await github.pulls.get(number)).title).toBe('two')
    expect(github.use()).toMatchObject({ calls: 2, unchanged: 1 })
    await world.github.close()
  })

  it('has for nothing what another job was told, and believes what is remembered no further', async () => {
    const world = await lab()
    const number = await world.pull('topic')
    const store = memoryStore()
    const titleFor = async () => {
      const github = door(world, { 'pull-requests': 'read' }, store)
      const { title } = await github.pulls.get(number)
      const { calls, unchanged } = github.use()
      return { title, calls, unchanged }
    }
    const asked = { title: 'topic', calls: 1, unchanged: 0 }
    expect(await titleFor()).toEqual(asked)
    expect(await titleFor()).toEqual({ title: 'topic', calls: 0, unchanged: 1 })
    const [key = ''] = await store.list('answers/')
    const kept = new TextDecoder().decode((await store.get(key))!.bytes)
    expect(kept).toContain('topic')
    for (const forged of [kept.replaceAll('topic', 'other'), kept.slice(0, 100), '']) {
      await store.put(key, new TextEncoder().encode(forged), { kind: 'any' })
      expect(await titleFor()).toEqual(asked)
      expect(await titleFor()).toEqual({ title: 'topic', calls: 0, unchanged: 1 })
    }
    await world.github.close()
  })

  it('asks for each page of a list that another job has read', async () => {
    const world = await lab()
    const number = await world.pull('topic')
    const store = memoryStore()
    for (let index = 0; index < 101; index++) await world.github.review(world.repository, number, comment(index))
    const read = async () => {
      const github = door(world, { 'pull-requests': 'read' }, store)
      const found = await github.pulls.reviews(number)
      return [found.length, github.use().calls, github.use().unchanged]
    }
    expect(await read()).toEqual([101, 2, 0])
    expect(await read()).toEqual([101, 0, 2])
    await world.github.review(world.repository, number, comment(101))
    expect(await read()).toEqual([102, 1, 1])
    await world.github.close()
  })

  it('reads a list to its end, a hundred at a time', async () => {
    const world = await lab()
    const number = await world.pull('topic')
    for (let index = 0; index < 205; index++) await world.github.comment(world.repository, number, `${index}`, 'ann')
    const github = door(world, { 'pull-requests': 'read' })
    const found = await github.comments.list(number)
    expect(found.map(({ body }) => body)).toEqual(Array.from({ length: 205 }, (_, index) => `${index}`))
    expect(github.use().calls).toBe(3)
    await world.github.close()
  })

  it('writes no second comment when the answer to the first was lost', async () => {
    const world = await lab()
    const number = await world.pull('topic')
    const operation = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    world.github.fail({ operation, status: 502, when: 'after' })
    const made = await door(world, { 'pull-requests': 'write' }).comments.create(number, 'planned')
    expect(world.github.comments(world.repository, number).map(({ id }) => id)).toEqual([made.id])
    await world.github.close()
  })
})
