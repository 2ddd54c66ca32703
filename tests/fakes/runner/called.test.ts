import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
let ours: string
beforeEach(async () => {
  ours = mkdtempSync(join(tmpdir(), 'ours-'))
  lab = await runnerLab({ actions: { 'OWNER/airlock': ours } })
})
afterEach(async () => {
  await lab.close()
  rmSync(ours, { recursive: true })
})

const called = `
on:
  workflow_call:
    inputs:
      who: { type: string, required: true }
      often: { type: number, default: 2 }
    secrets: { KEY: { required: false } }
    outputs: { said: { value: '\${{ jobs.say.outputs.said }}' } }
jobs:
  say:
    runs-on: x
    outputs: { said: '\${{ steps.it.outputs.said }}' }
    steps:
      - id: it
        run: echo "said=\${{ inputs.who }} \${{ inputs.often }} \${#K}" >> "$GITHUB_OUTPUT"; echo "$GITHUB_WORKFLOW_REF"
        env: { K: '\${{ secrets.KEY }}' }
`

const caller = (uses: string, more: string) => `on: push
jobs:
  call: { uses: ${uses}, ${more} }
  after:
    needs: call
    runs-on: x
    steps: [{ run: 'echo "heard \${{ needs.call.outputs.said }}."' }]
`

it('runs a workflow that a job calls, with inputs and secrets, and gives its outputs back', async () => {
  lab.settings.secrets = { KEY: 'tops3cret' }
  const [run] = await lab.push({
    '.github/workflows/say.yml': called,
    '.github/workflows/ci.yml': caller('./.github/workflows/say.yml', 'with: { who: ann }, secrets: inherit'),
  })
  expect(lab.runner.problems()).toEqual([])
  expect(run?.jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['call / say', 'success'],
    ['after', 'success'],
  ])
  expect(lab.job(run, 'after').log).toContain('heard ann 2 9.')
  expect(lab.job(run, 'call / say')).toMatchObject({ key: 'say', workflowRef: expect.stringMatching(/say\.yml@/) })
})

it('gives a called workflow no secret that it is not given', async () => {
  lab.settings.secrets = { KEY: 'tops3cret' }
  const [run] = await lab.push({
    '.github/workflows/say.yml': called,
    '.github/workflows/ci.yml': caller('./.github/workflows/say.yml', 'with: { who: ann, often: 3 }'),
  })
  expect(lab.job(run, 'after').log).toContain('heard ann 3 0.')
})

it('finds the workflows of the project at any ref', async () => {
  mkdirSync(join(ours, '.github/workflows'), { recursive: true })
  writeFileSync(join(ours, '.github/workflows/say.yml'), called)
  const uses = 'OWNER/airlock/.github/workflows/say.yml@v1'
  const [run] = await lab.push({ '.github/workflows/ci.yml': caller(uses, 'with: { who: bob }') })
  expect(lab.job(run, 'after').log).toContain('heard bob 2 0.')
  expect(lab.job(run, 'call / say').workflowRef).toBe(uses)
})

it('fails a call without its inputs, with others, or with more rights than the caller has', async () => {
  const greedy = called.replace('runs-on: x', 'runs-on: x\n    permissions: { contents: write }')
  const ends = async (more: string, file = called) => {
    const [run] = await lab.push({
      '.github/workflows/say.yml': file,
      '.github/workflows/ci.yml': caller('./.github/workflows/say.yml', more),
    })
    return run?.jobs.map(({ log }) => log).join('')
  }
  expect(await ends('with: { often: 2 }')).toContain('Input who is required')
  expect(await ends('with: { who: a, other: b }')).toContain('other is not defined')
  expect(await ends('with: { who: a }', greedy)).toContain(
    "requesting 'contents: write', but is only allowed 'contents: read'",
  )
})

it('runs a called workflow once for each row of a matrix', async () => {
  const [run] = await lab.push({
    '.github/workflows/say.yml': called,
    '.github/workflows/ci.yml': caller(
      './.github/workflows/say.yml',
      "strategy: { matrix: { who: [a, b] } }, with: { who: '${{ matrix.who }}' }",
    ),
  })
  expect(run?.jobs.map(({ name }) => name).sort()).toEqual(['after', 'call (a) / say', 'call (b) / say'])
})

it('finds actions by $/ in the repository that a called workflow came from', async () => {
  const action = `name: mine\ndescription: mine\nruns: { using: composite, steps: [{ run: echo "mine here", shell: bash }] }`
  mkdirSync(join(ours, 'actions/mine'), { recursive: true })
  mkdirSync(join(ours, '.github/workflows'), { recursive: true })
  writeFileSync(join(ours, 'actions/mine/action.yml'), action)
  writeFileSync(
    join(ours, '.github/workflows/mine.yml'),
    'on: workflow_call\njobs: { a: { runs-on: x, steps: [{ uses: $/actions/mine }] } }',
  )
  const [run] = await lab.push({
    '.github/workflows/ci.yml': 'on: push\njobs: { call: { uses: OWNER/airlock/.github/workflows/mine.yml@v1 } }',
  })
  expect(lab.job(run, 'call / a').log).toContain('mine here')
})
