import { afterEach, beforeEach, expect, it } from 'vitest'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
beforeEach(async () => {
  lab = await runnerLab()
})
afterEach(async () => await lab.close())

const file = (text: string) => ({ '.github/workflows/ci.yml': `on: push\n${text}` })
const good = "runs-on: x, steps: [{ run: 'true' }]"

it('lets a job wait for a reviewer of its environment, without a machine, and gives it secrets only then', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'], secrets: { KEY: 'tops3cret' }, variables: { V: 'prod' } } }
  const [run] = await lab.push(
    file(`jobs:
  a: { ${good} }
  b:
    needs: a
    runs-on: x
    environment: prod
    steps: [{ run: 'echo "\${#K} \${{ vars.V }}"', env: { K: '\${{ secrets.KEY }}' } }]`),
  )
  expect(run).toMatchObject({ status: 'waiting', conclusion: undefined })
  expect(lab.job(run, 'b')).toMatchObject({ status: 'waiting', environment: 'prod', log: '' })
  expect(() => lab.runner.approve(run!, 'prod', 'eve')).toThrow('eve is no reviewer of prod')
  lab.runner.approve(run!, 'prod', 'bob', 'looks good')
  await lab.runner.idle()
  expect(run).toMatchObject({ status: 'completed', conclusion: 'success' })
  expect(run?.approvals).toEqual([{ state: 'approved', environments: ['prod'], user: 'bob', comment: 'looks good' }])
  expect(lab.job(run, 'b').log).toContain('9 prod\n')
})

it('fails a job that a reviewer rejects, and asks again when the run is run again', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'] } }
  const [run] = await lab.push(file(`jobs: { a: { ${good}, environment: prod } }`))
  lab.runner.approve(run!, 'prod', 'bob')
  await lab.runner.idle()
  expect(run?.conclusion).toBe('success')
  lab.runner.rerun(run!)
  await lab.runner.idle()
  expect(run?.status).toBe('waiting')
  lab.runner.reject(run!, 'prod', 'bob')
  await lab.runner.idle()
  expect(run?.conclusion).toBe('failure')
})

it('refuses an environment to a ref that its policies do not name', async () => {
  lab.settings.environments = { prod: { branches: ['main'] } }
  lab.commit({
    '.github/workflows/ci.yml': `on: pull_request\njobs: { a: { ${good}, environment: { name: prod, deployment: false } } }`,
  })
  const [run] = await lab.tell({ event: 'pull_request', action: 'opened', ref: 'refs/pull/7/merge' })
  expect(lab.job(run, 'a')).toMatchObject({ conclusion: 'failure' })
  expect(lab.job(run, 'a').log).toContain('Branch "refs/pull/7/merge" is not allowed to deploy to prod')
})

it('cancels a run that waits for approval', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'] } }
  const [run] = await lab.push(file(`jobs: { a: { ${good}, environment: prod } }`))
  lab.runner.cancel(run!)
  await lab.runner.idle()
  expect(run).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
})

it('lets one run of a group run and one wait; a third takes the waiting one’s place', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'] } }
  const text = file(`concurrency: one-\${{ github.ref }}\njobs: { a: { ${good}, environment: prod } }`)
  const [first] = await lab.push(text)
  const [second] = await lab.push(text)
  const [third] = await lab.push(text)
  expect([first, second, third].map((run) => [run?.status, run?.conclusion])).toEqual([
    ['waiting', undefined],
    ['completed', 'cancelled'],
    ['pending', undefined],
  ])
  lab.runner.approve(first!, 'prod', 'bob')
  await lab.runner.idle()
  expect(third?.status).toBe('waiting')
})

it('cancels the run that holds a group when a later one says so', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'] } }
  const text = file(`concurrency: { group: g, cancel-in-progress: true }\njobs: { a: { ${good}, environment: prod } }`)
  const [first] = await lab.push(text)
  const [second] = await lab.push(text)
  expect([first?.conclusion, second?.status]).toEqual(['cancelled', 'waiting'])
})

it('holds jobs of a group apart before it asks for approval', async () => {
  lab.settings.environments = { prod: { reviewers: ['bob'] } }
  const [run] = await lab.push(
    file(`jobs:
  a: { ${good}, environment: prod, concurrency: state }
  b: { ${good}, environment: prod, concurrency: state }`),
  )
  expect(run?.jobs.map(({ status }) => status)).toEqual(['waiting', 'pending'])
  lab.runner.approve(run!, 'prod', 'bob')
  await lab.runner.idle()
  expect(run?.jobs.map(({ status }) => status)).toEqual(['completed', 'waiting'])
})
