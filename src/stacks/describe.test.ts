import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { describeComponent, describeStacks } from './describe.ts'
import { resolveStacks, type Stacks } from './instances.ts'

const CONFIG = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/*"], name_pattern: "{stage}"}
templates: {settings: {enabled: true}}
`
const stacksOf = (manifest: string): Stacks =>
  resolveStacks(memoryTree({ 'atmos.yaml': CONFIG, 'stacks/orgs/prod.yaml': manifest }, '/repo'), {
    cwd: '',
    env: {},
    gitRoot: '',
  })

const LATE = `vars: {stage: prod}
components:
  terraform:
    vpc: {vars: {name: "{{ .vars.stage }}-vpc"}}
    app: {vars: {id: !terraform.state vpc .id, key: !secret KEY}}
`

test('filters keep stacks, components and sections', () => {
  const answer = describeStacks(stacksOf(LATE), { components: ['vpc'], sections: ['vars', 'workspace'] })
  expect(answer).toEqual({
    prod: { components: { terraform: { vpc: { vars: { name: 'prod-vpc', stage: 'prod' }, workspace: 'prod' } } } },
  })
  expect(describeStacks(stacksOf(LATE), { stack: 'dev', late: 'text' })).toEqual({})
})

test('what only a run can know is an error, or stays text where that is asked for; secrets are masked', () => {
  expect(() => describeStacks(stacksOf(LATE))).toThrow(
    expect.objectContaining({ code: 'not-yet', at: { file: 'stacks/orgs/prod.yaml', line: 5, column: 22 } }),
  )
  const answer = describeComponent(stacksOf(LATE), 'app', 'prod', { late: 'text' })
  expect(answer).toMatchObject({ vars: { id: '!terraform.state vpc .id', key: '<MASKED>' } })
})

test('the default prints what a manifest may write; full prints all', () => {
  const stacks = stacksOf(LATE)
  expect(Object.keys(describeComponent(stacks, 'vpc', 'prod') as object)).not.toContain('sources')
  const full = describeComponent(stacks, 'vpc', 'prod', { filter: 'full' })
  expect(full).toMatchObject({
    component_info: { component_path: '/repo/components/terraform/vpc' },
    deps: ['orgs/prod'],
    cli_args: ['describe', 'component'],
  })
})

test('a template keeps the type that its text has when it is read again', () => {
  const vars = `vars:
  stage: prod
  n: 5
  quoted: "{{ .vars.n }}"
  plain: 1{{ .vars.n }}
  missing: x{{ .vars.nope }}
components: {terraform: {vpc: {}}}
`
  expect(describeStacks(stacksOf(vars), { sections: ['vars'] })).toEqual({
    prod: {
      components: {
        terraform: { vpc: { vars: { stage: 'prod', n: 5, quoted: '5', plain: 15, missing: 'x<no value>' } } },
      },
    },
  })
})

test('a manifest that the schema refuses stops describe stacks, and not describe component', () => {
  const stacks = stacksOf('vars: {stage: prod}\ncomponents: {terraform: {vpc: {nope: 1}}}\n')
  expect(() => describeStacks(stacks)).toThrow(/stacks\/orgs\/prod.yaml:2:\d+: components.terraform.vpc/)
  expect(describeComponent(stacks, 'vpc', 'prod')).toMatchObject({ vars: { stage: 'prod' } })
})
