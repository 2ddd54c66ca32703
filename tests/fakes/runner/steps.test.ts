import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FakeJob, FakeRun } from '../github/hub.ts'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
let ours: string
beforeEach(async () => {
  ours = mkdtempSync(join(tmpdir(), 'ours-'))
  writeFileSync(join(ours, 'package.json'), '{}')
  lab = await runnerLab({ actions: { 'OWNER/airlock': ours }, env: { CLOUD: 'here' } })
})
afterEach(async () => {
  await lab.close()
  rmSync(ours, { recursive: true })
})

function action(path: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(ours, path, name)), { recursive: true })
    writeFileSync(join(ours, path, name), text)
  }
}

async function steps(text: string, more = ''): Promise<{ job: FakeJob; run: FakeRun; log: string }> {
  const file = `on: push\njobs:\n  a:\n    runs-on: x\n${more}\n    steps:\n${text}`
  const [run] = await lab.push({ '.github/workflows/ci.yml': file })
  const job = run?.jobs[0]
  if (job === undefined || run === undefined) throw new Error(lab.runner.problems().join('\n'))
  return { job, run, log: job.log }
}

it('runs a script by bash -e, with pipefail only where bash is asked for, or by sh', async () => {
  const { log } = await steps(`
      - run: false | true; echo "plain goes on"
      - { run: 'false | true; echo "bash stops"', shell: bash, continue-on-error: true }
      - { run: 'echo "$0" | grep -o "sh$"', shell: sh }
      - { run: 'pwd | grep -o infra/below', working-directory: below, if: false }
`)
  expect(log).toContain('plain goes on')
  expect(log).not.toContain('bash stops\n')
  expect(log).toContain('Process completed with exit code 1.')
})

it('lets a later step see how an earlier one ended, and what it ends as', async () => {
  const { log, job } = await steps(`
      - { id: one, run: exit 3, continue-on-error: true }
      - run: echo "\${{ steps.one.outcome }} \${{ steps.one.conclusion }}"
      - run: exit 4
      - run: echo never
      - { run: 'echo "failed, \${{ job.status }}"', if: failure() }
      - { run: echo anyway, if: always() }
`)
  expect(log).toContain('failure success')
  expect(log).not.toContain('\nnever')
  expect(log).toContain('failed, failure')
  expect(log).toContain('\nanyway')
  expect(job.conclusion).toBe('failure')
})

it('gives steps what earlier ones put into GITHUB_ENV and GITHUB_PATH, and their own env over it', async () => {
  const { log } = await steps(
    `
      - run: |
          mkdir "$RUNNER_TEMP/bin"; printf '#!/bin/sh\\necho from path' > "$RUNNER_TEMP/bin/tool"; chmod +x "$RUNNER_TEMP/bin/tool"
          echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
          echo "A=env" >> "$GITHUB_ENV"
      - run: tool; echo "$A \${{ env.A }} $B $CLOUD"
      - { run: 'echo "$A $B"', env: { B: 'own \${{ env.A }}' } }
`,
    '    env: { A: job, B: "${{ github.event_name }}" }',
  )
  expect(log).toContain('from path\nenv env push here\n')
  expect(log).toContain('env own env\n')
})

it('fails a step that leaves what is no name=value', async () => {
  const { log, job } = await steps(`      - run: echo nonsense >> "$GITHUB_OUTPUT"`)
  expect(log).toContain("Invalid format 'nonsense'")
  expect(job.conclusion).toBe('failure')
})

it('makes annotations of commands, and keeps ten of a level for a step', async () => {
  const { job, log } = await steps(`
      - run: |
          echo "::error file=stacks/a.yaml,line=7,title=Bad%2C very::one%0Atwo"
          echo "::notice::for you"
          for n in $(seq 12); do echo "::warning::w$n"; done
          echo "::group::Folded"; echo "::endgroup::"; echo "::debug::hidden"
          echo "::stop-commands::mark"; echo "::error::not one"; echo "::mark::"
          echo "::error::again"
`)
  expect(job.annotations.slice(0, 2)).toEqual([
    { path: 'stacks/a.yaml', line: 7, level: 'failure', title: 'Bad, very', message: 'one\ntwo' },
    { path: '.github', line: 1, level: 'notice', message: 'for you' },
  ])
  expect(job.annotations.filter(({ level }) => level === 'warning')).toHaveLength(10)
  expect(job.annotations.at(-1)?.message).toBe('again')
  expect(log).toContain('##[group]Folded\n##[endgroup]\n::error::not one\n')
  expect(log).not.toContain('hidden')
})

it('hides secrets and masks in logs, summaries and annotations, and drops outputs that hold one', async () => {
  lab.settings.secrets = { KEY: 'tops3cret' }
  const [run] = await lab.push({
    '.github/workflows/ci.yml': `on: push
jobs:
  a:
    runs-on: x
    outputs: { leak: '\${{ steps.it.outputs.leak }}', fine: '\${{ steps.it.outputs.fine }}' }
    steps:
      - id: it
        env: { KEY: '\${{ secrets.KEY }}' }
        run: |
          echo "key is $KEY"; echo "::add-mask::other"; echo "no other"; echo "::error::$KEY"
          echo "$KEY" >> "$GITHUB_STEP_SUMMARY"; echo "leak=x$KEY" >> "$GITHUB_OUTPUT"; echo fine=yes >> "$GITHUB_OUTPUT"
  b:
    needs: a
    runs-on: x
    steps: [{ run: 'echo "leak:\${{ needs.a.outputs.leak }} fine:\${{ needs.a.outputs.fine }}"' }]
`,
  })
  const { log, summary, annotations } = lab.job(run, 'a')
  expect(log).toContain('key is ***\nno ***\n')
  expect(log).toContain("Skip output 'leak' since it may contain secret.")
  expect(summary).toBe('***\n')
  expect(annotations[0]?.message).toBe('***')
  expect(lab.job(run, 'b').log).toContain('leak: fine:yes')
})

it('takes a summary of 1 MiB, and refuses one byte more', async () => {
  const { job } = await steps(`
      - run: head -c 1048576 /dev/zero | tr '\\0' x > "$GITHUB_STEP_SUMMARY"
      - run: head -c 1048577 /dev/zero | tr '\\0' y > "$GITHUB_STEP_SUMMARY"
`)
  expect(job.summary.length).toBe(1048576)
  expect(job.annotations[0]?.message).toContain('upload aborted, supports content up to a size of 1024k, got 1025k')
  expect(job.conclusion).toBe('success')
})

it('fails a job whose outputs are more than 1 MB', async () => {
  const { job } = await steps(
    `      - { id: it, run: '(printf big=; head -c 1048577 /dev/zero | tr "\\0" x; echo) >> "$GITHUB_OUTPUT"' }`,
    "    outputs: { big: '${{ steps.it.outputs.big }}' }",
  )
  expect(job.conclusion).toBe('failure')
})

it('runs a JavaScript action with its inputs and defaults, and its post step after all others', async () => {
  action('actions/plan', {
    'action.yml': `
name: plan
description: plans
inputs:
  job: { description: which, required: true }
  two words: { description: x, default: '\${{ github.event_name }}' }
outputs: { said: { description: what } }
runs: { using: node24, main: ../../dist/plan.js, post: ../../dist/post.js }
`,
  })
  action('dist', {
    'plan.js': `const fs = require('fs')
console.log('job', process.env.INPUT_JOB, process.env.INPUT_TWO_WORDS, process.cwd() === process.env.GITHUB_WORKSPACE)
fs.appendFileSync(process.env.GITHUB_STATE, 'left=here\\n')
fs.appendFileSync(process.env.GITHUB_OUTPUT, 'said=planned\\n')
`,
    'post.js': `console.log('post', process.env.STATE_left, process.env.INPUT_JOB)`,
  })
  const { log, job } = await steps(`
      - { id: it, uses: OWNER/airlock/actions/plan@0123456789012345678901234567890123456789, with: { job: 3, wrong: x } }
      - run: echo "\${{ steps.it.outputs.said }}"; exit 1
`)
  expect(log).toContain('job 3 push true\n')
  expect(log).toMatch(/planned[\s\S]*post here 3\n/)
  expect(log).toContain("Unexpected input(s) 'wrong', valid inputs are ['job', 'two words']")
  expect(job.conclusion).toBe('failure')
})

it('runs a composite action with its own inputs, steps and outputs', async () => {
  action('actions/both', {
    'action.yml': `
name: both
description: two steps
inputs: { who: { description: x, default: all } }
outputs: { greeting: { description: x, value: '\${{ steps.hi.outputs.text }}' } }
runs:
  using: composite
  steps:
    - { id: hi, shell: bash, run: 'echo "text=hello \${{ inputs.who }}" >> "$GITHUB_OUTPUT"; cat "$GITHUB_ACTION_PATH/words.txt"' }
    - { shell: bash, run: exit 2 }
    - { shell: bash, run: echo never }
    - { shell: bash, run: echo inner always, if: always() }
`,
    'words.txt': 'from its folder\n',
  })
  const { log, job } = await steps(`
      - { id: it, uses: OWNER/airlock/actions/both@v1, with: { who: ann } }
      - { run: 'echo "got \${{ steps.it.outputs.greeting }} \${{ steps.hi.outputs.text }}."', if: always() }
`)
  expect(log).toContain('from its folder')
  expect(log).toContain('got hello ann .\n')
  expect(log).toContain('inner always')
  expect(log).not.toContain('\nnever')
  expect(job.conclusion).toBe('failure')
})

it('fails a job before its first step when an action cannot be found', async () => {
  const { log, job } = await steps(`
      - run: echo first
      - uses: somebody/else@v1
`)
  expect(log).toBe('##[error]Unable to resolve action somebody/else@v1, repository not found\n')
  expect(job.conclusion).toBe('failure')
})

it('gives every job a machine of its own, with nothing of another', async () => {
  const [run] = await lab.push({
    '.github/workflows/ci.yml': `on: push
jobs:
  a: { runs-on: x, steps: [{ run: 'touch "$HOME/f" "$RUNNER_TEMP/f" f; sleep 60 > /dev/null 2>&1 & echo "$HOME" > ${lab.folder}/home; echo $! > ${lab.folder}/pid' }] }
  b: { needs: a, runs-on: x, steps: [{ run: 'ls "$HOME" "$RUNNER_TEMP/f" f $(cat ${lab.folder}/home) 2>&1 || true; n=0; while grep -q "^State:.*[RSD] " /proc/$(cat ${lab.folder}/pid)/status 2>/dev/null && [ $n -lt 500 ]; do n=$((n + 1)); sleep 0.01; done; [ $n = 500 ] || echo gone' }] }
`,
  })
  expect(lab.job(run, 'b').log.match(/No such file/g)).toHaveLength(3)
  expect(lab.job(run, 'b').log).toContain('\ngone\n')
})

it('gives a token to those alone that ask for it, and only while the job runs', async () => {
  const { log } = await steps(
    `
      - run: env | grep -c ghs_ || true
      - { run: 'echo "\${#T}"', env: { T: '\${{ github.token }}' } }
`,
    '    permissions: { statuses: write }',
  )
  expect(log).toContain('0\n')
  expect(log).toContain('8\n')
  expect([...lab.tokens.values()]).toMatchObject([
    { of: { kind: 'job', permissions: { statuses: 'write', metadata: 'read' } }, revoked: true },
  ])
})

it('serves OIDC tokens to a job with id-token: write, and to no other', async () => {
  const node = `node -e "fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL+'&audience=sts',{headers:{authorization:'bearer '+process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}}).then(r=>r.json()).then(j=>console.log(j.value))"`
  const { log } = await steps(`      - run: ${node}`, '    environment: prod\n    permissions: { id-token: write }')
  expect(log).toContain('oidc:acme/infra:prod:sts\n')
  const other = await steps(`      - run: echo "none\${ACTIONS_ID_TOKEN_REQUEST_URL}"`)
  expect(other.log).toContain('none\n')
})

it('gives strangers no secrets, no variables, and a token that only reads', async () => {
  lab.settings.secrets = { KEY: 'tops3cret' }
  lab.settings.variables = { V: 'var' }
  lab.settings.untrusted = true
  const { log } = await steps(
    `      - { run: 'echo "[$K][$V]\${ACTIONS_ID_TOKEN_REQUEST_URL}"', env: { K: '\${{ secrets.KEY }}', V: '\${{ vars.V }}' } }`,
    '    permissions: { contents: write, id-token: write }',
  )
  expect(log).toContain('[][]\n')
  expect([...lab.tokens.values()][0]?.of).toMatchObject({ permissions: { contents: 'read', metadata: 'read' } })
})

it('tells steps of the run, the event and the machine', async () => {
  const { log, run } = await steps(`
      - run: |
          echo "$GITHUB_REPOSITORY $GITHUB_EVENT_NAME $GITHUB_REF $GITHUB_RUN_ID $GITHUB_RUN_ATTEMPT $GITHUB_JOB $GITHUB_ACTOR"
          echo "$GITHUB_WORKFLOW_REF $CI $GITHUB_ACTIONS"; cat "$GITHUB_EVENT_PATH"; echo; echo "token:$GITHUB_TOKEN."
`)
  expect(log).toContain(`acme/infra push refs/heads/main ${run.id} 1 a ann\n`)
  expect(log).toContain('acme/infra/.github/workflows/ci.yml@refs/heads/main true true\n{}\ntoken:.\n')
})
