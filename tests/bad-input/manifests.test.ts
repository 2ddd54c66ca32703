import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from './house.ts'

let it: House
beforeAll(async () => {
  it = await house()
})
afterAll(() => it.dispose())

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string | undefined>>
  /** All of what is said. */
  readonly says: string
  /** Commands that are to say it; the usual ones where left out. */
  readonly commands?: readonly (readonly string[])[]
}

const usual = [['status'], ['plan'], ['explain', 'vpc', '-s', 'dev'], ['describe', 'component', 'vpc', '-s', 'dev']]

const dev = (imports: string) => `import:\n${imports}vars:\n  stage: dev\n`

const cases: readonly Case[] = [
  {
    name: 'YAML that ends inside brackets',
    files: { 'stacks/catalog/vpc.yaml': 'components:\n  terraform:\n    vpc:\n      vars:\n        cidrs: [a, b\n' },
    says: `Error: stacks/catalog/vpc.yaml:6:1: the end of the file stands where the "[" of line 5 needs "," or "]"
  close it with "]", or quote the text
`,
  },
  {
    name: 'YAML indented with a tab',
    files: { 'stacks/catalog/vpc.yaml': 'components:\n  terraform:\n\tvpc: {}\n' },
    says: `Error: stacks/catalog/vpc.yaml:3:1: a tab cannot start a value
  3 │   vpc: {}
    │ ^^
  indent with spaces
`,
  },
  {
    name: 'an atmos.yaml that is no YAML',
    files: { 'atmos.yaml': 'base_path: "./\nstacks: {}\n' },
    says: `Error: atmos.yaml:1:12: a quoted text is never closed
  1 │ base_path: "./
    │            ^^^
  add the closing "
`,
  },
  {
    name: 'a tag that Atmos does not know',
    files: {
      'stacks/catalog/vpc.yaml':
        'components:\n  terraform:\n    vpc:\n      vars:\n        size: !terraform.sate vpc id\n',
    },
    says: `Error: stacks/catalog/vpc.yaml:5:15: the tag !terraform.sate is not one of Atmos'
  5 │         size: !terraform.sate vpc id
    │               ^^^^^^^^^^^^^^^
  did you mean !terraform.state? If the value is a text, quote it
`,
  },
  {
    name: 'an import that matches no file',
    files: { 'stacks/orgs/dev.yaml': dev('  - catalog/vcp\n') },
    says: `Error: stacks/orgs/dev.yaml:2:5: import "catalog/vcp" matches no file
  2 │   - catalog/vcp
    │     ^^^^^^^^^^^
  did you mean "catalog/vpc"?
`,
  },
  {
    name: 'imports that go round in a circle',
    files: {
      'stacks/catalog/a.yaml': 'import:\n  - catalog/b\n',
      'stacks/catalog/b.yaml': 'import:\n  - catalog/a\n',
      'stacks/orgs/dev.yaml': dev('  - catalog/vpc\n  - catalog/a\n'),
    },
    says: `Error: stacks/catalog/b.yaml:2:5: imports go round in a circle: stacks/catalog/a.yaml → stacks/catalog/b.yaml → stacks/catalog/a.yaml
  2 │   - catalog/a
    │     ^^^^^^^^^
  remove one of these imports
`,
  },
  {
    name: 'components that inherit from each other in a circle',
    files: {
      'stacks/catalog/vpc.yaml': `components:
  terraform:
    vpc:
      metadata:
        inherits: [base]
    base:
      component: more
    more:
      component: base
`,
    },
    says: `Error: stacks/catalog/vpc.yaml:7:18: base inherits from more, which inherits from base again, in orgs/dev
  7 │       component: more
    │                  ^^^^
  remove one of these from inherits or component
`,
  },
  {
    name: 'a component that inherits from one that is not there',
    files: {
      'stacks/catalog/vpc.yaml':
        'components:\n  terraform:\n    vpc:\n      metadata:\n        inherits:\n          - vcp/defaults\n    vpc/defaults: {}\n',
    },
    says: `Error: stacks/catalog/vpc.yaml:6:13: vpc inherits from "vcp/defaults", which orgs/dev and its imports do not define
  6 │           - vcp/defaults
    │             ^^^^^^^^^^^^
  did you mean "vpc/defaults"?
`,
  },
  {
    name: 'two manifests that define a component of one stack differently',
    files: { 'stacks/orgs/dev2.yaml': `${dev('  - catalog/vpc\n')}  color: red\n` },
    says: `Error: stacks/catalog/vpc.yaml:5:5: vpc in dev is defined twice, differently: in stacks/orgs/dev.yaml (stacks/catalog/vpc.yaml:5:5) and in stacks/orgs/dev2.yaml
  5 │     vpc:
    │     ^^^^
  keep one of the two, or give the stacks different names
`,
    commands: [['status'], ['plan'], ['affected'], ['explain', 'vpc', '-s', 'dev']],
  },
  {
    name: 'a setting of Airlock that does not exist',
    files: {
      'atmos.yaml':
        'stacks:\n  base_path: stacks\n  included_paths: ["orgs/**/*"]\n  name_pattern: "{stage}"\nintegrations:\n  airlock:\n    paralel: 3\n',
    },
    says: `Error: atmos.yaml:7:5: integrations.airlock.paralel is no setting of Airlock
  7 │     paralel: 3
    │     ^^^^^^^^
  did you mean integrations.airlock.parallel?
`,
    commands: [['status'], ['plan'], ['affected']],
  },
]

describe.each(cases)('$name', ({ files, says, commands = usual }) => {
  test('is told with its place and what to do, by every command', async () => {
    await it.write(files)
    await it.commit('Break something')
    try {
      const answers = []
      for (const words of commands) {
        const { code, out, err } = await it.airlock(words)
        answers.push([words.join(' '), code, out, err])
      }
      expect(answers).toEqual(commands.map((words) => [words.join(' '), 2, '', says]))
    } finally {
      await it.git('reset', '-q', '--hard', 'HEAD~1')
    }
  })
})

test('what is broken on the protected branch alone is said to be there', async () => {
  await it.write({ 'stacks/orgs/dev.yaml': dev('  - catalog/vcp\n') })
  await it.commit('Break main')
  await it.git('switch', '-qc', 'mend')
  await it.write({ 'stacks/orgs/dev.yaml': dev('  - catalog/vpc\n') })
  await it.commit('Mend it')
  const { code, err } = await it.airlock(['status'])
  await it.git('switch', '-q', 'main')
  await it.git('reset', '-q', '--hard', 'HEAD~1')
  expect([code, err.replace(/@\w{7}/, '@…')]).toEqual([
    2,
    `Error: stacks/orgs/dev.yaml:2:5: import "catalog/vcp" matches no file (in main@…)
  2 │   - catalog/vcp
    │     ^^^^^^^^^^^
  did you mean "catalog/vpc"?
`,
  ])
})

test('a repository without atmos.yaml is not taken for one in which all is well', async () => {
  await it.write({ 'atmos.yaml': undefined })
  await it.commit('Lose the configuration')
  const answers = []
  for (const words of [['status'], ['plan'], ['affected'], ['apply'], ['approve']])
    answers.push(await it.airlock(words))
  await it.git('reset', '-q', '--hard', 'HEAD~1')
  expect(answers.map(({ code, out }) => [code, out])).toEqual(answers.map(() => [2, '']))
  for (const { err } of answers)
    expect(err.replace(/commit \w{7}/, 'commit …').replaceAll(it.root, '')).toBe(
      `Error: there is no atmos.yaml in commit … of /infra, nor where else Atmos looks for one
  commit an atmos.yaml at the root that says where stacks and components are (https://atmos.tools/cli/configuration)
`,
    )
})

const noStack = 'Error: there is no stack dve\n  did you mean dev?\n'
const noComponent = 'Error: there is no component vcp in the stack dev\n  did you mean vpc?\n'

test.each([
  ['explain vpc -s dve', noStack],
  ['describe component vcp -s dev', noComponent],
  ['describe dependents vcp -s dev', noComponent],
  ['plan vcp -s dev', noComponent],
  ['plan vcp', 'Error: there is no component vcp\n  did you mean vpc?\n'],
  ['plan -s dve', noStack],
  ['apply vpc -s dve', noStack],
  ['apply -s dve', noStack],
  ['approve vcp -s dev', noComponent],
  ['approve -s dve', noStack],
  ['approve -s qa', 'Error: there is no stack qa\n  there are dev, prod\n'],
  ['unlock vcp -s dev --reason gone', noComponent],
  ['show vpc -s dve', noStack],
  ['explain vpc -s dev vars.sise', 'Error: vpc in dev has no vars.sise\n  did you mean vars.size?\n'],
])('an unknown name: airlock %s', async (line, says) => {
  const { code, out, err } = await it.airlock(line.split(' '))
  expect([code, out, err]).toEqual([2, '', says])
})
