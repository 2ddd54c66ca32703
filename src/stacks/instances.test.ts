import { describe, expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Ambient } from './ambient.ts'
import { resolveStacks, type Stacks } from './instances.ts'
import { plain, valueAt } from './value.ts'

const CONFIG = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks:
  base_path: stacks
  included_paths: ["orgs/**/*"]
  excluded_paths: ["**/_*.yaml"]
  name_pattern: "{tenant}-{stage}"
`
const DEFAULTS = `components:
  terraform:
    vpc/defaults:
      metadata: {type: abstract, component: vpc}
      vars: {cidr: 10.0.0.0/16, zones: [a, b]}
`
const PROD = `import:
  - catalog/vpc
vars: {tenant: plat, stage: prod}
terraform:
  backend_type: s3
  backend: {s3: {bucket: state}}
components:
  terraform:
    vpc:
      metadata: {inherits: [vpc/defaults]}
      vars: {cidr: 10.4.0.0/16}
    cluster:
      dependencies: {components: [{component: vpc}]}
      settings: {depends_on: {1: {component: ignored}}}
      vars: {vpc_id: !terraform.state vpc .id, region: !env REGION}
`
const FILES = { 'atmos.yaml': CONFIG, 'stacks/catalog/vpc.yaml': DEFAULTS, 'stacks/orgs/prod.yaml': PROD }

function stacksOf(files: Record<string, string>, ambient: Partial<Ambient> = {}): Stacks {
  return resolveStacks(memoryTree(files), { cwd: '', env: {}, gitRoot: '', ...ambient })
}

/** The error of resolving everything, as `code file:line:column message`. */
function refusal(files: Record<string, string>): string {
  try {
    const stacks = stacksOf({ ...FILES, ...files })
    stacks.check()
    stacks.inventory()
  } catch (error) {
    const { code, at, message } = error as {
      code: string
      at?: { file: string; line: number; column: number }
      message: string
    }
    return `${code} ${at ? `${at.file}:${at.line}:${at.column} ` : ''}${message}`
  }
  return 'none'
}

describe('an instance', () => {
  const vpc = stacksOf(FILES).instance('vpc', 'plat-prod')

  test('has its name, folder, workspace and backend', () => {
    expect([vpc.id, vpc.folder, vpc.workspace, vpc.backendType]).toEqual([
      'vpc@plat-prod',
      'components/terraform/vpc',
      'plat-prod',
      's3',
    ])
    expect(plain(valueAt(vpc.sections, ['backend'])!)).toEqual({ bucket: 'state', workspace_key_prefix: 'vpc' })
  })

  test('knows where each value was written and what it replaced', () => {
    const cidr = valueAt(vpc.sections, ['vars', 'cidr'])
    expect(cidr?.at).toEqual({ file: 'stacks/orgs/prod.yaml', line: 11, column: 20 })
    expect(cidr?.over?.at).toEqual({ file: 'stacks/catalog/vpc.yaml', line: 5, column: 20 })
  })

  test('knows its files and where it is declared', () => {
    expect(vpc.imports).toEqual(['stacks/catalog/vpc.yaml', 'stacks/orgs/prod.yaml'])
    expect(vpc.at).toEqual({ file: 'stacks/orgs/prod.yaml', line: 9, column: 5 })
  })

  test('keeps what only a run can know as text, and lists it', () => {
    const { late, sections, dependsOn } = stacksOf(FILES, { env: { REGION: 'eu' } }).instance('cluster', 'plat-prod')
    expect(late).toEqual([
      {
        name: 'terraform.state',
        args: 'vpc .id',
        path: ['vars', 'vpc_id'],
        at: { file: 'stacks/orgs/prod.yaml', line: 15, column: 22 },
      },
      // What the environment says differs from shell to shell, and must be no part of a fingerprint.
      {
        name: 'env',
        args: 'REGION',
        path: ['vars', 'region'],
        at: { file: 'stacks/orgs/prod.yaml', line: 15, column: 56 },
      },
    ])
    expect(plain(valueAt(sections, ['vars'])!)).toEqual({
      tenant: 'plat',
      stage: 'prod',
      vpc_id: '!terraform.state vpc .id',
      region: '!env REGION',
    })
    expect(dependsOn.map(({ id }) => id)).toEqual(['vpc@plat-prod'])
  })
})

test('the inventory holds every terraform instance, abstract ones marked', () => {
  const all = stacksOf(FILES).inventory()
  expect([...all.values()].map(({ id, abstract }) => [id, abstract])).toEqual([
    ['cluster@plat-prod', false],
    ['vpc/defaults@plat-prod', true],
    ['vpc@plat-prod', false],
  ])
})

test('components whose stack has no name are told, each with the reason', () => {
  const stacks = stacksOf({
    ...FILES,
    'stacks/orgs/lost.yaml': 'vars: {stage: lost}\ncomponents: {terraform: {vpc: {}}}\n',
  })
  expect(stacks.inventory().size).toBe(3)
  expect(stacks.nameless().map(({ message, at }) => [message, at?.file])).toEqual([
    [
      'the stack name pattern {tenant}-{stage} needs vars.tenant, which orgs/lost does not define as a text',
      'stacks/orgs/lost.yaml',
    ],
  ])
})

test('a legacy dependency finds its stack by the context it names', () => {
  const network =
    'vars: {tenant: plat, stage: net}\ncomponents: {terraform: {hub: {}, spoke: {settings: {depends_on: {1: {component: vpc, stage: prod}}}}}}\n'
  const { dependsOn } = stacksOf({ ...FILES, 'stacks/orgs/net.yaml': network }).instance('spoke', 'plat-net')
  expect(dependsOn.map(({ id }) => id)).toEqual(['vpc@plat-prod'])
})

test.each([
  ['vpx', 'plat-prod', /no component vpx in the stack plat-prod/, 'did you mean vpc?'],
  ['vpc', 'plat-prd', /no stack plat-prd/, 'did you mean plat-prod?'],
])('%s in %s is refused with the nearest name', (component, stack, message, fix) => {
  expect(() => stacksOf(FILES).instance(component, stack)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message), fix, exit: 2 }),
  )
})

describe('what is wrong is said with its place', () => {
  const importing = (text: string): Record<string, string> => ({ 'stacks/orgs/prod.yaml': text })
  test.each([
    [
      'a missing import',
      importing('import:\n  - catalog/vcp\n'),
      'import-not-found stacks/orgs/prod.yaml:2:5 import "catalog/vcp" matches no file',
    ],
    [
      'an import cycle',
      { ...importing('import: [a]\n'), 'stacks/a.yaml': 'import: [b]\n', 'stacks/b.yaml': 'import: [a]\n' },
      'import-cycle stacks/b.yaml:1:10 imports go round in a circle: stacks/a.yaml → stacks/b.yaml → stacks/a.yaml',
    ],
    [
      'a section that is null',
      importing('vars:\n'),
      'section-invalid stacks/orgs/prod.yaml:1:6 vars is null, not a map',
    ],
    [
      'a component without a body',
      importing('components: {terraform: {vpc: }}\n'),
      'section-invalid stacks/orgs/prod.yaml:1:26 components.terraform.vpc is null, not a map',
    ],
    [
      'an unknown base',
      importing(
        'import: [catalog/vpc]\ncomponents:\n  terraform:\n    vpc:\n      metadata:\n        inherits: [vpc/default]\n',
      ),
      'inherits-unknown stacks/orgs/prod.yaml:6:20 vpc inherits from "vpc/default", which orgs/prod and its imports do not define',
    ],
    [
      'a cycle of component',
      importing('components: {terraform: {a: {component: b}, b: {component: a}}}\n'),
      'inheritance-cycle stacks/orgs/prod.yaml:1:41 a inherits from b, which inherits from a again, in orgs/prod',
    ],
    [
      'a backend without an entry',
      importing('terraform:\n  backend_type: gcs\n  backend: {s3: {}}\ncomponents: {terraform: {vpc: {}}}\n'),
      'backend-mismatch stacks/orgs/prod.yaml:3:12 backend_type of components.terraform.vpc is gcs, but backend has only s3',
    ],
    [
      'a component defined twice',
      { 'stacks/orgs/twin.yaml': 'vars: {tenant: plat, stage: prod}\ncomponents: {terraform: {vpc: {}}}\n' },
      'instance-duplicate stacks/orgs/twin.yaml:2:26 vpc in plat-prod is defined twice, differently: in stacks/orgs/prod.yaml (stacks/orgs/prod.yaml:9:5) and in stacks/orgs/twin.yaml',
    ],
    [
      'locals that are no map',
      importing('locals: 1\n'),
      'section-invalid stacks/orgs/prod.yaml:1:9 locals is a number, not a map',
    ],
  ])('%s', (_, files, expected) => {
    expect(refusal(files)).toBe(expected)
  })
})

test('overrides reach later imports and the components of the importer, not earlier ones', () => {
  const files = {
    'atmos.yaml': CONFIG,
    'stacks/team.yaml': 'overrides: {vars: {team: b}}\n',
    'stacks/early.yaml': 'components: {terraform: {early: {}}}\n',
    'stacks/late.yaml': 'components: {terraform: {late: {}}}\n',
    'stacks/orgs/prod.yaml':
      'import: [early, team, late]\nvars: {tenant: plat, stage: prod}\ncomponents: {terraform: {own: {}}}\n',
  }
  const stacks = stacksOf(files)
  const team = (component: string): unknown =>
    valueAt(stacks.instance(component, 'plat-prod').sections, ['vars', 'team'])
  expect([team('early'), team('late'), team('own')].map((value) => value !== undefined)).toEqual([false, true, true])
})
