import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FakeRun } from '../github/hub.ts'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
beforeEach(async () => {
  lab = await runnerLab()
})
afterEach(async () => await lab.close())

async function jobs(text: string, more = ''): Promise<FakeRun> {
  const [run] = await lab.push({ '.github/workflows/ci.yml': `on: push\n${more}\njobs:\n${text}` })
  return run!
}

function ends(run: FakeRun): Record<string, string | undefined> {
  return Object.fromEntries(run.jobs.map(({ name, conclusion }) => [name, conclusion]))
}

const good = "runs-on: x, steps: [{ run: 'true' }]"
const bad = "runs-on: x, steps: [{ run: 'false' }]"

it('skips what needs a job that failed or was skipped, however far before', async () => {
  const run = await jobs(`
  fails: { ${bad} }
  skips: { ${good}, if: github.event_name == 'schedule' }
  after: { ${good}, needs: fails }
  asked: { ${good}, needs: fails, if: always() }
  later: { ${good}, needs: asked }
  only: { ${good}, needs: [fails, skips], if: failure() && needs.skips.result == 'skipped' }
  unless: { ${good}, needs: skips, if: '\${{ !cancelled() }}' }
  last: { ${good}, needs: unless }
`)
  expect(ends(run)).toEqual({
    fails: 'failure',
    skips: 'skipped',
    after: 'skipped',
    asked: 'success',
    later: 'skipped',
    only: 'success',
    unless: 'success',
    last: 'skipped',
  })
  expect(run.conclusion).toBe('failure')
})

it('counts a failure that a job may continue on as success for the run and for what needs it', async () => {
  const run = await jobs(`
  fails: { ${bad}, continue-on-error: true }
  after: { ${good}, needs: fails }
`)
  expect(ends(run)).toEqual({ fails: 'failure', after: 'success' })
  expect(run.conclusion).toBe('success')
})

it('calls a run skipped in which nothing ran', async () => {
  expect((await jobs(`  a: { ${good}, if: 'false' }`)).conclusion).toBe('skipped')
})

it('makes a matrix of what a job before it found, and gives its outputs on', async () => {
  const run = await jobs(`
  find:
    runs-on: x
    outputs: { all: '\${{ steps.it.outputs.all }}' }
    steps:
      - id: it
        run: echo 'all=[{"job":0,"name":"vpc"},{"job":1,"name":"cluster (1/2)"}]' >> "$GITHUB_OUTPUT"
  plan:
    needs: find
    strategy: { fail-fast: false, matrix: { include: '\${{ fromJSON(needs.find.outputs.all) }}' } }
    name: \${{ matrix.name }}
    runs-on: x
    outputs: { last: '\${{ steps.it.outputs.last }}' }
    steps:
      - id: it
        run: echo "job \${{ matrix.job }} of \${{ strategy.job-total }}"; [ \${{ matrix.job }} = 0 ] || echo last=one >> "$GITHUB_OUTPUT"
  report:
    needs: plan
    runs-on: x
    steps: [{ run: 'echo "last: \${{ needs.plan.outputs.last }}"' }]
`)
  expect(ends(run)).toEqual({ find: 'success', vpc: 'success', 'cluster (1/2)': 'success', report: 'success' })
  expect(lab.job(run, 'cluster (1/2)').log).toContain('job 1 of 2')
  expect(lab.job(run, 'report').log).toContain('last: one')
})

it('fails a job whose matrix is empty', async () => {
  const run = await jobs(`  a: { ${good}, strategy: { matrix: { include: "\${{ fromJSON('[]') }}" } } }`)
  expect(ends(run)).toEqual({ a: 'failure' })
  expect(lab.job(run, 'a').log).toContain('Matrix must define at least one vector')
})

it('cancels the other jobs of a matrix when one fails, unless that is switched off', async () => {
  const matrix = (more: string) => `
    runs-on: x
    strategy: { ${more}matrix: { n: [1, 2] } }
    steps: [{ run: 'if [ \${{ matrix.n }} = 1 ]; then exit 1; else exec sleep 1; fi' }]`
  const run = await jobs(`  fast:${matrix('')}`)
  expect(ends(run)).toEqual({ 'fast (1)': 'failure', 'fast (2)': 'cancelled' })
  const slow = await jobs(`  slow:${matrix('fail-fast: false, ')}`)
  expect(ends(slow)).toEqual({ 'slow (1)': 'failure', 'slow (2)': 'success' })
})

it('runs at most as many jobs of a matrix at once as it says', async () => {
  const file = `${lab.folder}/at-once`
  const run = await jobs(`
  a:
    runs-on: x
    strategy: { max-parallel: 1, matrix: { n: [1, 2, 3] } }
    steps: [{ run: 'mkdir ${file}; sleep 0.05; rmdir ${file}' }]`)
  expect(run.conclusion).toBe('success')
})

it('refuses files that need a job that is not there, a job that needs itself, and what the schema does not know', async () => {
  await jobs(`  a: { ${good}, needs: b }`)
  await jobs(`  a: { ${good}, needs: b }\n  b: { ${good}, needs: a }`)
  await jobs(`  a: { ${good}, colour: red }`)
  expect(lab.runner.runs().map(({ conclusion, jobs: none }) => [conclusion, none.length])).toEqual([
    ['failure', 0],
    ['failure', 0],
    ['failure', 0],
  ])
  expect(lab.runner.problems().join('\n')).toMatch(
    /unknown job 'b'[\s\S]*a → b → a[\s\S]*Line: 4, Col: \d+\): Unexpected value 'colour'/,
  )
})

it('fails a job that names no runner', async () => {
  const run = await jobs(`  a: { ${good.replace('runs-on: x', "runs-on: '${{ vars.LABEL }}'")} }`)
  expect(ends(run)).toEqual({ a: 'failure' })
})

it('starts nothing for what a job’s token did, but a dispatch', async () => {
  const by = { kind: 'job', run: 1, job: 1, permissions: {} } as const
  lab.commit({ '.github/workflows/ci.yml': `on: [push, workflow_dispatch]\njobs: { a: { ${good} } }` })
  expect(await lab.tell({ event: 'push', by })).toEqual([])
  const payload = { workflow: '.github/workflows/ci.yml' }
  expect(await lab.tell({ event: 'workflow_dispatch', by, payload })).toMatchObject([{ actor: 'github-actions[bot]' }])
})

it('runs all jobs again with the same commit as the next attempt', async () => {
  const first = await jobs(`  a: { runs-on: x, steps: [{ run: 'echo $GITHUB_RUN_ATTEMPT $GITHUB_SHA' }] }`)
  const { sha } = first
  lab.commit({ 'file.txt': 'newer' })
  lab.runner.rerun(first)
  await lab.runner.idle()
  expect(first).toMatchObject({ attempt: 2, conclusion: 'success' })
  expect(lab.job(first, 'a').log).toContain(`2 ${sha}`)
})
