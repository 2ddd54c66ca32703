import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { explained, segments } from '../flows/explain.ts'
import { memoryRepo } from '../git/drivers/memory.ts'
import { explainedText } from './explain.ts'
import { paint } from './style.ts'

const files = {
  'atmos.yaml': `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "{stage}"}
`,
  'stacks/catalog/vpc.yaml': `components:
  terraform:
    vpc/defaults:
      metadata: {type: abstract}
      vars: {cidr: 10.0.0.0/16, zones: [a, b]}
`,
  'stacks/orgs/prod.yaml': `import: [catalog/vpc]
vars: {stage: prod}
components:
  terraform:
    vpc:
      metadata: {inherits: [vpc/defaults]}
      vars: {cidr: 10.4.0.0/16}
`,
}

async function asked(path?: string) {
  const repo = memoryRepo()
  repo.commit(files)
  const ambient = { cwd: '', env: {}, gitRoot: '' }
  return explained({ repo, ambient }, { component: 'vpc', stack: 'prod', ...(path !== undefined && { path }) })
}

test('one value is shown with where it is written, and what it replaced', async () => {
  expect(explainedText(await asked('vars.cidr'), paint(false))).toBe(
    `vars.cidr = 10.4.0.0/16
  10.4.0.0/16   stacks/orgs/prod.yaml:7:20     wins: the component itself
  10.0.0.0/16   stacks/catalog/vpc.yaml:5:20   vpc/defaults, inherited`,
  )
})

test('several values are a line each', async () => {
  expect(explainedText(await asked('vars'), paint(false)).split('\n')).toEqual(
    expect.arrayContaining([
      'vars.cidr    10.4.0.0/16   stacks/orgs/prod.yaml:7:20     the component itself',
      '             10.0.0.0/16   stacks/catalog/vpc.yaml:5:20   vpc/defaults, inherited, replaced',
      'vars.stage   prod          stacks/orgs/prod.yaml:2:15     all components of the stack',
    ]),
  )
})

test('a path that leads nowhere is answered with the nearest', async () => {
  const error = await asked('vars.cird').catch((it: unknown) => it)
  expect(error).toBeInstanceOf(UserError)
  expect(error).toMatchObject({ code: 'value-unknown', fix: 'did you mean vars.cidr?', exit: 2 })
})

test('paths are written with dots, or as jq and yq write them', () => {
  expect(segments('.vars.list[0].name')).toEqual(['vars', 'list', '0', 'name'])
  expect(segments('vars.cidr')).toEqual(['vars', 'cidr'])
})
