import { expect, test } from 'vitest'
import { place } from '../error.ts'
import { memoryTree } from '../git/drivers/memory.ts'
import { explain } from './explain.ts'
import { resolveStacks } from './instances.ts'

const stacks = resolveStacks(
  memoryTree({
    'atmos.yaml':
      'base_path: .\nstacks: {base_path: stacks, included_paths: ["orgs/*"], name_template: "{{ .vars.stage }}"}\n',
    'stacks/catalog.yaml': 'components:\n  terraform:\n    base:\n      vars: {cidr: 10.0.0.0/16}\n',
    'stacks/orgs/prod.yaml':
      'import: [catalog]\nvars: {stage: prod, cidr: none}\ncomponents:\n  terraform:\n    vpc:\n      metadata: {inherits: [base]}\n      vars: {cidr: 10.4.0.0/16}\n',
  }),
  { cwd: '', env: {}, gitRoot: '' },
)

test('a value is explained by who says it and what it replaced', () => {
  const [cidr] = explain(stacks, 'vpc', 'prod', ['vars', 'cidr'])
  const shown = [cidr!.wins, ...cidr!.over].map(({ value, at, by }) => [value, place(at), by.kind])
  expect(shown).toEqual([
    ['10.4.0.0/16', 'stacks/orgs/prod.yaml:7:20', 'component'],
    ['10.0.0.0/16', 'stacks/catalog.yaml:4:20', 'base'],
    ['none', 'stacks/orgs/prod.yaml:2:27', 'root'],
  ])
})

test('without a path every value of the instance is there', () => {
  const paths = explain(stacks, 'vpc', 'prod').map(({ path }) => path.join('.'))
  expect(paths).toEqual(
    expect.arrayContaining(['vars.stage', 'vars.cidr', 'metadata.inherits', 'backend', 'workspace']),
  )
})

test('a path that is not there explains nothing', () => {
  expect(explain(stacks, 'vpc', 'prod', ['vars', 'nope'])).toEqual([])
})

test('a value that a template made shows the template, and where its fields come from', () => {
  const made = resolveStacks(
    memoryTree({
      'atmos.yaml':
        'stacks: {base_path: stacks, included_paths: ["*"], name_pattern: "{stage}"}\ntemplates: {settings: {enabled: true}}\n',
      'stacks/dev.yaml':
        'vars: {stage: dev}\ncomponents:\n  terraform:\n    db: {}\n    vpc:\n      vars:\n        name: "{{ .vars.stage }}-net"\n        db: !terraform.state db .id\n',
    }),
    { cwd: '', env: {}, gitRoot: '' },
  )
  const [name] = explain(made, 'vpc', 'dev', ['vars', 'name'])
  expect(name?.wins.value).toBe('dev-net')
  expect(name?.template?.text).toBe('{{ .vars.stage }}-net')
  expect(name?.template?.fields.map(({ path, at }) => `${path.join('.')} ${place(at)}`)).toEqual([
    'vars.stage stacks/dev.yaml:1:15',
  ])
  expect(explain(made, 'vpc', 'dev', ['vars', 'db'])[0]?.reads).toEqual(['!terraform.state db .id'])
})
