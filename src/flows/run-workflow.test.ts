import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processShell } from '../machine/drivers/shell.ts'
import type { ShellCommand, ShellEnd } from '../machine/shell.ts'
import { actionText } from '../sequences/action.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { dryRun, runWorkflow, type WorkflowRequest } from './run-workflow.ts'
import type { World } from './world.ts'

const stacks = `components:
  terraform:
    vpc:
      vars: { size: 1 }
    app:
      vars: { network: !terraform.state vpc version }
`
const config = `workflows:
  base_path: stacks/workflows
env:
  FROM_CONFIG: conf
`

/** A lab with one workflow file, and what was run in it, in order. */
function lab(
  workflows: string,
  options: { readonly ends?: (line: string) => Partial<ShellEnd>; readonly fails?: string } = {},
) {
  const ran: ShellCommand[] = []
  const files = labFiles(['vpc', 'app'], { dev: stacks, qa: stacks })
  const it = flowLab(
    {
      ...files,
      'atmos.yaml': `${files['atmos.yaml']}  excluded_paths: ["workflows/*"]\n${config}`,
      'stacks/workflows/all.yaml': `workflows:\n${workflows}`,
    },
    {
      shell: (command) => {
        ran.push(command)
        return options.ends?.(command.line) ?? {}
      },
      fails: (step, { key }) => (options.fails === `${step} ${key.split('/').at(-1)}` ? 'no quota' : undefined),
    },
  )
  const run = async (request: Partial<WorkflowRequest> = {}, world: Partial<World> = {}) => {
    const said: string[] = []
    const outcome = await runWorkflow(
      { ...it.world, ...world },
      { file: 'all', approve: true, cwd: '/repo/here', ...request },
      {
        begin: ({ step, action }) => void said.push(`${step.name}${action ? ` ${actionText(action)}` : ''}`),
        output: () => {},
        ended: () => {},
        look: async (words) => {
          said.push(`look ${words.join(' ')}`)
          return 0
        },
        work: {
          begin: () => {},
          doing: () => {},
          finished: () => {},
          shown: () => {},
          approved: () => {},
          ask: async () => 'nobody',
        },
      },
    )
    return { ...outcome, said, ends: outcome.results.map(({ step, end }) => `${step} ${end.kind}: ${end.text}`) }
  }
  return { ...it, ran, run }
}

const deploy = `  deploy:
    stack: dev
    steps:
      - {name: say, type: shell, command: echo begin}
      - {name: network, command: terraform plan vpc}
      - {name: apply-network, command: atmos terraform apply vpc -auto-approve}
      - {name: app, command: terraform deploy app}
      - {name: end, type: shell, command: echo end}
`

test('steps run in order, and Terraform steps by way of plan, approval and ledger', async () => {
  const it = lab(deploy)
  const { said, ends, end, resume } = await it.run()
  expect(said).toEqual([
    'say',
    'network plan vpc -s dev',
    'apply-network apply vpc -s dev',
    'app deploy app -s dev',
    'end',
  ])
  expect(ends).toEqual([
    'say done: done',
    'network done: planned: 1 to add',
    'apply-network done: applied: 1 to add',
    'app done: applied: 1 to add',
    'end done: done',
  ])
  expect([end, resume]).toEqual(['done', undefined])
  expect((await it.document('app@dev')).ledger).toBeDefined()
  expect(it.ran.map(({ line, cwd }) => `${line} in ${cwd}`)).toEqual([
    'echo begin in /repo/here',
    'echo end in /repo/here',
  ])
})

test('a stack on the command line goes before those of steps and workflow', async () => {
  const it = lab(
    '  w: {stack: dev, steps: [{command: terraform plan vpc}, {command: terraform plan vpc -s dev, stack: qa}]}\n',
  )
  expect((await it.run()).said).toEqual(['step1 plan vpc -s dev', 'step2 plan vpc -s qa'])
  expect((await it.run({ stack: 'qa' })).said).toEqual(['step1 plan vpc -s qa', 'step2 plan vpc -s qa'])
})

test('it ends at the first failure, and goes on from there when it is told to', async () => {
  let broken = true
  const it = lab(
    '  w:\n    steps:\n      - {name: one, type: shell, command: echo one}\n      - {name: "two of it", type: shell, command: false}\n' +
      '      - {name: three, type: shell, command: echo three}\n      - {name: mend, type: shell, command: mend, when: failure}\n',
    { ends: (line) => (broken && line === 'false' ? { code: 3, output: 'no\n' } : {}) },
  )
  const first = await it.run({ stack: 'dev' })
  expect(first.ends).toEqual([
    'one done: done',
    'two of it failed: ended with 3',
    'three skipped: a step before it failed',
    'mend done: done',
  ])
  expect(first).toMatchObject({
    end: 'failed',
    stopped: 'two of it',
    resume: "airlock run all w -s dev --approve --from-step 'two of it'",
  })
  broken = false
  expect((await it.run({ fromStep: 'two of it' })).ends).toEqual([
    'two of it done: done',
    'three done: done',
    'mend skipped: its condition does not hold',
  ])
  await expect(it.run({ fromStep: 'four' })).rejects.toMatchObject({ code: 'step-unknown', exit: 2 })
})

test('without an approval it waits at the step, and says how to go on', async () => {
  const it = lab(deploy)
  const first = await it.run({ approve: false })
  expect(first).toMatchObject({
    end: 'waits',
    stopped: 'apply-network',
    resume: 'airlock run all deploy --from-step apply-network',
  })
  expect(first.ends.at(-1)).toBe('apply-network waits: waits for approval')
  expect(await it.approve()).toEqual(['vpc@dev'])
  const second = await it.run({ approve: false, fromStep: 'apply-network' })
  expect(second).toMatchObject({ end: 'waits', stopped: 'app' })
  expect(second.ends[0]).toBe('apply-network done: applied: 1 to add')
})

test('a Terraform step that fails ends the run with what Terraform said', async () => {
  const it = lab(deploy, { fails: 'apply vpc@dev' })
  const { end, stopped, results } = await it.run()
  expect([end, stopped]).toEqual(['failed', 'apply-network'])
  expect(results.find(({ step }) => step === stopped)?.end).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('no quota'),
  })
  expect(it.ran.map(({ line }) => line)).toEqual(['echo begin'])
})

test('a failure is tried again and forgiven as the step says', async () => {
  let tries = 0
  const it = lab(
    '  w:\n    steps:\n      - {name: r, type: shell, command: flaky, retry: {max_attempts: 3, initial_delay: 1ms}}\n' +
      '      - {name: f, type: shell, command: bad, continue: always, retry: {max_attempts: 2, initial_delay: 1ms}}\n' +
      '      - {name: last, type: shell, command: good}\n',
    { ends: (line) => (line === 'bad' || (line === 'flaky' && ++tries < 3) ? { code: 1 } : {}) },
  )
  const { ends, end } = await it.run()
  expect(ends).toEqual(['r done: done', 'f forgiven: ended with 1, tried 2 times', 'last done: done'])
  expect([tries, end]).toEqual([3, 'done'])
})

test('shell steps get the variables and the folder that Atmos gives them', async () => {
  const it = lab(
    '  w:\n    working_directory: components\n    env: {A: wf, B: wf}\n    steps:\n' +
      '      - {type: env, vars: {SET: one}}\n      - {name: a, type: shell, command: a, env: {B: step}}\n' +
      '      - {type: shell, command: "b {{ .steps.a.value }} {{ .env.B }}", working_directory: components/terraform}\n' +
      '      - {type: script, interpreter: bash -e, script: "one\\ntwo\\n"}\n',
    { ends: (line) => ({ output: `said ${line}\n` }) },
  )
  expect((await it.run()).end).toBe('done')
  expect(it.ran).toMatchObject([
    { line: 'a', cwd: '/repo/components', env: { FROM_CONFIG: 'conf', A: 'wf', B: 'step', SET: 'one' } },
    { line: 'b said a wf', cwd: '/repo/components/terraform', env: { B: 'wf' } },
    { line: 'bash -e', input: 'one\ntwo\n', cwd: '/repo/components' },
  ])
})

test('in a parallel group a failure stops only what needs it', async () => {
  const it = lab(
    '  w:\n    steps:\n      - name: p\n        type: parallel\n        steps:\n          - {name: a, type: shell, command: bad}\n' +
      '          - {name: b, type: shell, command: b}\n          - {name: c, type: shell, command: c, needs: [a]}\n',
    { ends: (line) => (line === 'bad' ? { code: 1 } : {}) },
  )
  const { ends, stopped } = await it.run()
  expect(ends).toEqual([
    'a failed: ended with 1',
    'b done: done',
    'c skipped: needs a, which did not end well',
    'p failed: a step of it failed',
  ])
  expect(stopped).toBe('p')
})

test('workflows that others depend on run first, each once; a step may call another one', async () => {
  const it = lab(
    '  base: {steps: [{type: shell, command: base}]}\n' +
      '  one: {dependencies: {workflows: [base]}, steps: [{type: shell, command: one}]}\n' +
      '  all: {dependencies: {workflows: [base, {name: one}]}, steps: [{command: workflow called -f all}]}\n' +
      '  called: {steps: [{type: shell, command: called}]}\n',
  )
  expect((await it.run({ workflow: 'all' })).end).toBe('done')
  expect(it.ran.map(({ line }) => line)).toEqual(['base', 'one', 'called'])
})

test('a command that only looks runs as our own', async () => {
  expect((await lab('  w: {steps: [{command: describe component vpc -s dev}]}\n').run()).said).toEqual([
    'step1 describe component vpc -s dev',
    'look describe component vpc -s dev',
  ])
})

test.each([
  [
    '  w: {steps: [{type: shell, command: first}, {command: terraform plan vcp -s dev}]}\n',
    'component-unknown',
    'did you mean vpc?',
  ],
  [
    '  w: {steps: [{type: shell, command: first}, {command: terraform plan vpc -s deb}]}\n',
    'stack-unknown',
    'did you mean dev?',
  ],
  [
    '  w: {steps: [{type: shell, command: first}, {command: terraform plan vpc}]}\n',
    'step-stack-missing',
    /^give -s STACK/,
  ],
  [
    '  w: {steps: [{type: shell, command: first}, {command: terraform plan vpc -s dev -target=a}]}\n',
    'step-flag-unsupported',
    /./,
  ],
  ['  w: {steps: [{type: shell, command: first}, {command: workflow none -f all}]}\n', 'workflow-unknown', /./],
  ['  w: {steps: [{type: shell, command: first}, {command: workflow w}]}\n', 'workflow-cycle', /./],
  ['  w: {dependencies: {workflows: [w]}, steps: [{type: shell, command: first}]}\n', 'workflow-cycle', /./],
])('what is wrong in a later step is said before the first one runs: %s', async (text, code, fix) => {
  const it = lab(text)
  const wrong = await it.run().catch((error: unknown) => error)
  expect(wrong).toMatchObject({
    code,
    fix: expect.stringMatching(fix),
    at: { file: 'stacks/workflows/all.yaml', line: 2 },
    line: expect.stringMatching(/^ {2}w: /),
  })
  expect(it.ran).toEqual([])
})

test('a file or workflow that is not there is named with what there is', async () => {
  await expect(lab(deploy).run({ file: 'al' })).rejects.toMatchObject({
    code: 'workflow-file-missing',
    fix: 'did you mean all.yaml?',
  })
  await expect(lab(deploy).run({ workflow: 'deplo' })).rejects.toMatchObject({
    code: 'workflow-unknown',
    fix: 'did you mean deploy?',
  })
  await expect(lab(`${deploy}  b: {steps: [{command: x}]}\n`).run()).rejects.toMatchObject({
    code: 'workflow-unnamed',
  })
})

test('what is declared is never destroyed by a step', async () => {
  const it = lab('  w: {steps: [{command: terraform destroy vpc -s dev}]}\n')
  const { end, results } = await it.run()
  expect(end).toBe('waits')
  expect(results[0]?.end).toMatchObject({ detail: expect.stringContaining('only what was removed is destroyed') })
})

test('what was removed by name is destroyed by a step', async () => {
  const it = lab(`${deploy}  remove: {steps: [{command: terraform destroy app -s dev}]}\n`)
  await it.run({ workflow: 'deploy' })
  const without = stacks.replace(/ {4}app:[\s\S]*/, '')
  it.commit({ 'stacks/dev.yaml': `vars: { stage: dev }\nterraform:\n  backend_type: local\n${without}` })
  expect((await it.run({ workflow: 'remove' })).ends).toEqual(['step1 done: applied: 1 to destroy'])
  expect((await it.run({ workflow: 'remove' })).ends).toEqual(['step1 done: nothing is left to destroy'])
  const other = (await it.run({ workflow: 'remove', stack: 'deb' })).results[0]?.end
  expect(other).toMatchObject({ kind: 'failed', detail: expect.stringContaining('know app -s deb') })
})

test('variables that change what is planned do not reach Terraform by a workflow', async () => {
  const it = lab('  w: {env: {TF_VAR_size: 9}, steps: [{command: terraform plan vpc -s dev}]}\n')
  expect((await it.run()).results[0]?.end).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('TF_VAR_size'),
  })
})

test('a dry run touches nothing, and knows where each instance stands', async () => {
  const it = lab(deploy)
  await it.plan({ component: 'vpc', stack: 'dev' })
  const snapshot = async () =>
    Promise.all((await it.store.list('')).map(async (key) => [key, (await it.store.get(key))?.bytes]))
  const before = await snapshot()
  const { sequence, status } = await dryRun(it.world, { file: 'all', approve: true, cwd: '/repo' })
  expect(sequence.steps.map(({ action }) => action && actionText(action))).toEqual([
    undefined,
    'plan vpc -s dev',
    'apply vpc -s dev',
    'deploy app -s dev',
    undefined,
  ])
  expect(status.items.map(({ id }) => id)).toContain('vpc@dev')
  expect(await snapshot()).toEqual(before)
  expect(it.ran).toEqual([])
})

test('what the environment of a step keeps secret is shown nowhere, and is there for the steps after it', async () => {
  const it = lab(
    '  w:\n    env: {API_TOKEN: s3cr3t-value}\n    steps:\n      - {name: a, type: shell, command: "curl {{ .env.API_TOKEN }}"}\n' +
      '      - {name: b, type: shell, command: "echo {{ .steps.a.value }}"}\n',
    { ends: (line) => ({ output: `ran ${line}\n` }) },
  )
  const { results } = await it.run()
  expect(JSON.stringify(results)).not.toContain('s3cr3t-value')
  expect(it.ran.at(-1)?.line).toBe('echo ran curl s3cr3t-value')
})

test('an interrupt ends the run, and nothing more begins', async () => {
  const it = lab(
    '  w:\n    steps:\n      - name: p\n        type: parallel\n        steps:\n          - {name: a, type: shell, command: a, continue: always, retry: {}}\n' +
      '          - {name: b, type: shell, command: b}\n      - {name: c, type: shell, command: c, when: always}\n',
    { ends: () => ({ kind: 'interrupted' }) },
  )
  expect(await it.run()).toMatchObject({
    end: 'failed',
    stopped: 'p',
    ends: ['a failed: interrupted', 'p failed: a step of it failed'],
  })
  expect(it.ran).toHaveLength(1)
})

test('a disabled component is passed over, as Atmos does', async () => {
  const it = lab('  w: {steps: [{command: terraform apply off -s dev}]}\n')
  it.commit({
    'stacks/dev.yaml': `vars: { stage: dev }\nterraform:\n  backend_type: local\n${stacks}    off: { metadata: { component: vpc, enabled: false } }\n`,
  })
  expect((await it.run()).ends).toEqual(['step1 skipped: is disabled (metadata.enabled: false)'])
})

test('commands run in a real shell, in the folder and with the variables of their step', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-workflow-')))
  try {
    const it = lab(
      '  w:\n    env: {WHO: you}\n    steps:\n      - {name: a, type: shell, command: "pwd; echo $WHO | tr y Y; echo $FROM_CONFIG"}\n' +
        '      - {name: b, type: script, interpreter: sh -e, script: "echo one\\nfalse\\necho two\\n"}\n' +
        '      - {name: c, type: shell, command: sleep 60, timeout: 50ms, when: failure}\n',
    )
    const shell = processShell({ stop: new AbortController().signal })
    const { results, end } = await it.run(
      { cwd: root },
      { shell, ambient: { ...it.world.ambient, env: { PATH: process.env.PATH } } },
    )
    expect(results.map((result) => result.end)).toEqual([
      { kind: 'done', text: 'done', output: `${root}\nYou\nconf\n` },
      { kind: 'failed', text: 'ended with 1', output: 'one\n' },
      { kind: 'failed', text: 'not done in time, and was ended', output: '' },
    ])
    expect(end).toBe('failed')
  } finally {
    rmSync(root, { recursive: true })
  }
})
