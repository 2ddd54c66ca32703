import { afterEach, expect, it } from 'vitest'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
afterEach(async () => await lab.close())

const job = (steps: string, more = '') => `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
${more}
    steps:
${steps}
`

it('runs a job of a pushed workflow with its outputs, summary and log', async () => {
  lab = await runnerLab()
  const [run] = await lab.push({
    '.github/workflows/ci.yml': `
on: push
env: { WHO: world }
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { said: '\${{ steps.say.outputs.said }}' }
    steps:
      - id: say
        run: |
          echo "hello $WHO"
          echo "said<<END" >> "$GITHUB_OUTPUT"
          printf 'one\\ntwo\\nEND\\n' >> "$GITHUB_OUTPUT"
          echo "# done" >> "$GITHUB_STEP_SUMMARY"
  b:
    needs: a
    runs-on: ubuntu-latest
    steps:
      - run: echo "$SAID"
        env: { SAID: '\${{ needs.a.outputs.said }}' }
`,
  })
  expect(lab.runner.problems()).toEqual([])
  expect(run).toMatchObject({ status: 'completed', conclusion: 'success', workflow: '.github/workflows/ci.yml' })
  expect(lab.job(run, 'a').log).toContain('hello world\n')
  expect(lab.job(run, 'a').summary).toBe('# done\n')
  expect(lab.job(run, 'b').log).toContain('one\ntwo\n')
})

it('checks out the event’s commit with the token of the job', async () => {
  lab = await runnerLab({ git: true })
  const [run] = await lab.push({
    'file.txt': 'hello',
    '.github/workflows/ci.yml': job(`
      - uses: actions/checkout@v5
        with: { fetch-depth: 0, persist-credentials: false }
      - run: cat file.txt; git rev-parse HEAD; git config --get-regexp extraheader || echo none
      - uses: actions/checkout@v5
        with: { path: again }
      - run: cat again/file.txt; git -C again branch --show-current
`),
  })
  expect(lab.job(run, 'a').log).toContain(`hello${run?.sha}\nnone\n`)
  expect(lab.job(run, 'a').log).toContain(`hellomain\n`)
  expect(run?.conclusion).toBe('success')
})
