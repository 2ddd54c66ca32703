import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Reply, Running } from './answers.ts'
import { describeComponent, describeStacks } from './describe.ts'
import { resolveStacks } from './instances.ts'

const config = 'stacks: {base_path: stacks, included_paths: ["*"], name_pattern: "{stage}"}\n'
const templates = 'templates: {settings: {enabled: true}}\n'
const code = { 'components/terraform/vpc/main.tf': '', 'components/terraform/app/main.tf': '' }

function stacksOf(components: string, settings = '') {
  const tree = memoryTree(
    {
      ...code,
      'atmos.yaml': `${config}components: {terraform: {base_path: components/terraform}}\n${settings}`,
      'stacks/dev.yaml': `vars: {stage: dev}\ncomponents:\n  terraform:\n${components}`,
    },
    '/repo',
  )
  return resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' })
}

const applied: Reply = {
  kind: 'outputs',
  outputs: { id: { value: 'vpc-1', sensitive: false }, tags: { value: { a: 1 }, sensitive: false } },
}
const varsOf = (components: string, reply: Reply, more: Partial<Running> = {}, settings = '') =>
  describeComponent(stacksOf(components, settings), 'app', 'dev', { running: { ask: () => reply, ...more } }) as {
    vars: Record<string, unknown>
  }

test('an output is read from the state of the component that is named', () => {
  const asked: unknown[] = []
  const ask: Running['ask'] = (question) => {
    asked.push(question)
    return applied
  }
  const components = '    vpc: {}\n    app: {vars: {id: !terraform.state vpc id}}\n'
  expect(varsOf(components, applied, { ask }).vars.id).toBe('vpc-1')
  expect(asked).toMatchObject([
    {
      kind: 'outputs',
      of: 'vpc@dev',
      ref: { folder: '/repo/components/terraform/vpc', backend: { path: 'terraform.tfstate.d/dev/terraform.tfstate' } },
    },
  ])
})

test('an output that is a map merges with what another layer says', () => {
  const components =
    '    vpc: {}\n    base: {metadata: {type: abstract}, vars: {m: {own: 1}}}\n' +
    '    app: {metadata: {inherits: [base]}, vars: {m: !terraform.state vpc tags}}\n'
  expect(varsOf(components, applied).vars.m).toEqual({ own: 1, a: 1 })
})

test('a value that is not there yet is (computed), and an error where that is asked for', () => {
  const components = '    vpc: {}\n    app: {vars: {id: !terraform.state vpc id}}\n'
  const calls: string[] = []
  const undetermined = (call: string) => calls.push(call)
  expect(varsOf(components, { kind: 'absent' }, { undetermined }).vars.id).toBe('(computed)')
  expect(calls).toEqual(['!terraform.state vpc id'])
  expect(() => varsOf(components, { kind: 'absent' }, { errorMode: 'strict' })).toThrow(/vpc@dev was not applied yet/)
})

test('components that ask each other in a circle are an error that names all of them', () => {
  const components = '    vpc: {vars: {x: !terraform.state app id}}\n    app: {vars: {id: !terraform.state vpc id}}\n'
  expect(() => varsOf(components, applied)).toThrow('app@dev -> vpc@dev -> app@dev')
})

test('a template asks another component, its outputs included', () => {
  const components =
    '    vpc: {vars: {cidr: 10.0.0.0/8}}\n' +
    '    app: {vars: {c: \'{{ (atmos.Component "vpc" .stack).vars.cidr }}\', id: \'{{ (atmos.Component "vpc" .stack).outputs.id }}\'}}\n'
  expect(varsOf(components, applied, {}, templates).vars).toMatchObject({ c: '10.0.0.0/8', id: 'vpc-1' })
})

test('before a run the sections of another component are known, and its outputs are a late value that reads it', () => {
  const components =
    '    vpc: {vars: {cidr: 10.0.0.0/8}}\n' +
    '    app: {vars: {c: \'{{ (atmos.Component "vpc" .stack).vars.cidr }}\', id: \'{{ (atmos.Component "vpc" .stack).outputs.id }}\'}}\n'
  const { late } = stacksOf(components, templates).instance('app', 'dev')
  expect(late).toMatchObject([{ name: 'template', path: ['vars', 'id'], reads: ['vpc@dev'] }])
})

test('a disabled component reads nothing in describe stacks', () => {
  const components = '    vpc: {}\n    app: {metadata: {enabled: false}, vars: {id: !terraform.state vpc id}}\n'
  const running: Running = { ask: () => applied }
  expect(
    describeStacks(stacksOf(components), { running, components: ['app'], sections: ['vars'], late: 'text' }),
  ).toMatchObject({ dev: { components: { terraform: { app: { vars: { id: '!terraform.state vpc id' } } } } } })
})

test('what is included need not be a manifest to be valid', () => {
  const tree = memoryTree({
    'atmos.yaml': `${config}components: {terraform: {base_path: c}}\n`,
    'stacks/dev.yaml':
      'vars: {stage: dev}\ncomponents:\n  terraform:\n    vpc: {vars: {v: !include x.tfvars, l: !include data.yaml}}\n',
    'x.tfvars': 'a = 1\n',
    'data.yaml': '[1, 2]\n',
  })
  const stacks = resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' })
  expect(describeStacks(stacks, { sections: ['vars'] })).toEqual({
    dev: { components: { terraform: { vpc: { vars: { stage: 'dev', v: { a: 1 }, l: [1, 2] } } } } },
  })
})
