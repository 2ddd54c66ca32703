import { expect, test } from 'vitest'
import { place, UserError } from '../error.ts'
import { workflowIn } from './files.ts'
import { delayMs, parseWorkflows } from './parse.ts'

const parse = (text: string) => workflowIn(parseWorkflows(text, 'wf.yaml'), 'w')
const one = (steps: string) => parse(`workflows:\n  w:\n    steps:\n${steps}`)

/** `code at line:column: message; fix` of what is wrong with a workflow. */
function problem(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof UserError)
      return `${error.code} ${error.at && place(error.at)}: ${error.message}; ${error.fix}`
    throw error
  }
  throw new Error('nothing is wrong')
}
const wrong = (steps: string) => problem(`workflows:\n  w:\n    steps:\n${steps}`)

test('steps keep their order, and get names where they have none', () => {
  const { steps } = one(
    "      - command: terraform plan vpc\n      - {name: say, type: shell, command: echo hi}\n      - {type: '', command: version}\n",
  )
  expect(steps.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['step1 atmos', 'say shell', 'step3 atmos'])
})

test('a step comes after what it needs', () => {
  const { steps } = one(
    '      - {name: a, command: x, needs: [c]}\n      - {name: b, command: x}\n      - {name: c, command: x}\n',
  )
  expect(steps.map(({ name }) => name)).toEqual(['c', 'a', 'b'])
})

test('a matrix is a copy of its steps for each combination', () => {
  const { steps } = one(
    '      - name: m\n        type: matrix\n        matrix: {stack: [dev, qa], size: [1, 2]}\n        steps:\n' +
      "          - {name: a, command: 'terraform plan vpc -s {{ .matrix.stack }}'}\n" +
      "          - {name: b, type: shell, command: 'echo {{ .matrix.size }} {{ .env.X }}', needs: [a]}\n",
  )
  const [group] = steps
  const inner = group?.kind === 'group' ? group.steps : []
  expect(
    inner.map((it) => `${it.name}: ${it.kind === 'atmos' || it.kind === 'shell' ? it.command.text : ''}`).slice(0, 3),
  ).toEqual([
    'a[dev,1]: terraform plan vpc -s dev',
    'b[dev,1]: echo {{ .matrix.size }} {{ .env.X }}',
    'a[dev,2]: terraform plan vpc -s dev',
  ])
  expect(inner).toHaveLength(8)
  expect(inner.at(-1)).toMatchObject({ matrix: { stack: 'qa', size: '2' }, needs: [{ text: 'a[qa,2]' }] })
})

test('retries wait as they are told', () => {
  const retry = (text: string) => one(`      - {command: x, retry: {${text}}}\n`).steps[0]!.retry!
  const waits = (text: string) => [1, 2, 3].map((attempt) => delayMs(retry(text), attempt))
  expect(waits('initial_delay: 10ms')).toEqual([10, 10, 10])
  expect(waits('initial_delay: 1s, backoff_strategy: linear')).toEqual([1000, 2000, 3000])
  expect(waits('initial_delay: 1m30s, backoff_strategy: exponential, max_delay: 4m')).toEqual([
    90_000, 180_000, 240_000,
  ])
  expect(retry('max_attempts: 3')).toMatchObject({ attempts: 3 })
  expect(retry('initial_delay: 1s').attempts).toBeUndefined()
})

test.each([
  ['workflows: {a: [}\n', /^yaml-invalid wf.yaml:1:/],
  ['', /^workflow-invalid wf.yaml:1:1: wf.yaml is empty/],
  ['name: x\n', /^workflow-invalid wf.yaml:1:1: wf.yaml has no workflows/],
  ['workflow: {}\n', /^workflow-key-unknown wf.yaml:1:1: .* key workflow,.*; did you mean workflows\?/],
  ['workflows: [a]\n', /^workflow-invalid wf.yaml:1:12: workflows of wf.yaml is a list, not a map/],
  ['workflows:\n  w: {description: x}\n', /^workflow-invalid wf.yaml:2:3: workflow w has no steps/],
  ['workflows:\n  w: {steps: []}\n', /^workflow-invalid wf.yaml:2:3: workflow w has no steps/],
  ['workflows:\n  w: {stpes: []}\n', /^workflow-key-unknown wf.yaml:2:7: .*; did you mean steps\?/],
  [
    'workflows:\n  w: {stack: [a], steps: [{command: x}]}\n',
    /^workflow-invalid wf.yaml:2:14: stack of workflow w is a list/,
  ],
  [
    'workflows:\n  w:\n    dependencies: {tools: {jq: 1}}\n    steps: [{command: x}]\n',
    /^workflow-key-unsupported wf.yaml:3:20: dependencies of workflow w sets tools/,
  ],
])('a file that is wrong: %j', (text, expected) => expect(problem(text)).toMatch(expected))

test.each([
  ['      - terraform plan\n', /^workflow-invalid wf.yaml:4:9: step1 of workflow w is no map/],
  ['      - {name: a}\n', /^step-command-missing wf.yaml:4:9: step a of workflow w has no command/],
  ["      - {name: a, command: '  '}\n", /^step-command-missing wf.yaml:4:28: /],
  ['      - {type: shel, command: x}\n', /^step-type-unknown wf.yaml:4:16: .* of type shel.*; did you mean shell\?/],
  ['      - {type: nonsense, command: x}\n', /^step-type-unknown wf.yaml:4:16: .*; there are atmos, shell/],
  [
    '      - {type: confirm, prompt: x}\n',
    /^step-type-unsupported wf.yaml:4:16: .* confirm, which Airlock does not run/,
  ],
  ['      - {comand: x}\n', /^workflow-key-unknown wf.yaml:4:10: .*; did you mean command\?/],
  ['      - {command: x, identity: admin}\n', /^workflow-key-unsupported wf.yaml:4:22: .* identity/],
  ['      - {command: x, script: y}\n', /^workflow-key-unsupported wf.yaml:4:22: .* script/],
  [
    '      - {name: a, command: x}\n      - {name: a, command: y}\n',
    /^step-duplicate wf.yaml:5:9: .* two steps named a; the other is at wf.yaml:4:9/,
  ],
  ['      - {name: step2, command: x}\n      - {command: y}\n', /^step-duplicate wf.yaml:5:9: /],
  ['      - {name: a, command: x, needs: [b]}\n      - {name: c, command: x}\n', /^step-needs-unknown wf.yaml:4:39: /],
  ['      - {name: apply, command: x, needs: [aply]}\n', /^step-needs-unknown .*; did you mean apply\?/],
  [
    '      - {name: a, command: x, needs: [b]}\n      - {name: b, command: x, needs: [c]}\n      - {name: c, command: x, needs: [a]}\n',
    /^step-needs-cycle wf.yaml:4:39: steps of workflow w need each other, so none can go first: a → b → c → a/,
  ],
  ['      - {name: a, command: x, needs: [a]}\n', /^step-needs-cycle wf.yaml:4:39: /],
  ['      - {command: x, when: alway}\n', /^condition-invalid wf.yaml:4:28: .*; did you mean always\?/],
  ["      - {command: x, when: 'stack =='}\n", /^condition-invalid wf.yaml:4:28: .* ends too early/],
  ['      - {command: x, when: {none: [ci]}}\n', /^condition-invalid wf.yaml:4:29: a condition has no "none"/],
  [
    '      - {type: shell, command: x, timeout: soon}\n',
    /^workflow-invalid wf.yaml:4:44: timeout .* is no duration: soon/,
  ],
  ['      - {command: x, retry: {max_attempts: 0}}\n', /^workflow-invalid wf.yaml:4:44: /],
  ['      - {command: x, retry: {backoff_strategy: random}}\n', /^workflow-invalid wf.yaml:4:48: .*random/],
  ['      - {command: x, retry: {max_tries: 2}}\n', /^workflow-key-unknown wf.yaml:4:30: /],
  ['      - {type: parallel}\n', /^workflow-invalid wf.yaml:4:9: step step1 of workflow w has no steps of its own/],
  ['      - {type: matrix, steps: [{command: x}]}\n', /^workflow-invalid wf.yaml:4:9: .* has no matrix/],
  ['      - {type: matrix, matrix: {a: b}, steps: [{command: x}]}\n', /^workflow-invalid wf.yaml:4:36: /],
])('a step that is wrong: %j', (text, expected) => expect(wrong(text)).toMatch(expected))
