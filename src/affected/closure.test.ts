import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { closureOf, joined, touched } from './closure.ts'
import { subjects } from './subject.ts'

const files = {
  'atmos.yaml':
    'components: { terraform: { base_path: components/terraform } }\nstacks: { base_path: stacks, included_paths: ["**/*"], excluded_paths: ["mixins/**"], name_pattern: "{stage}" }\n',
  'stacks/mixins/dev.yaml': 'vars: { stage: dev }\n',
  'stacks/mixins/prod.yaml': 'vars: { stage: prod }\n',
  'stacks/dev.yaml':
    'import: [mixins/dev]\nsettings: { airlock: { watch: ["policies/**/*.json"] } }\ncomponents: { terraform: { vpc: {} } }\n',
  'stacks/prod.yaml': 'import: [mixins/prod]\ncomponents: { terraform: { db: {} } }\n',
  'components/terraform/vpc/main.tf':
    'module "m" {\n  source = "../../../modules/net"\n}\nlocals {\n  a = file("${path.module}/../../../data/a.txt")\n}\n',
  'components/terraform/db/main.tf': '',
  'modules/net/main.tf': '',
}

/** What of these changes touches vpc in dev; `+` added, `-` deleted. */
function ofVpc(...changes: string[]): string[] {
  const tree = memoryTree(files)
  const stacks = resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' })
  const vpc = subjects(tree, stacks.inventory()).get('vpc@dev')!
  const changed = changes.map((it) => ({
    path: it.replace(/^[+-]/, ''),
    change: it.startsWith('+') ? ('added' as const) : it.startsWith('-') ? ('deleted' as const) : ('modified' as const),
  }))
  return touched(closureOf({ tree, stacks }, [vpc]), changed).map(({ path }) => path)
}

test('what an instance is made of touches it: manifests, code, modules, files that it names or watches', () => {
  const own = [
    'stacks/dev.yaml',
    'stacks/mixins/dev.yaml',
    'components/terraform/vpc/main.tf',
    '+components/terraform/vpc/new.tf',
    'modules/net/main.tf',
    '+data/a.txt',
    '+policies/deep/x.json',
    'atmos.yaml',
    '+config/of-atmos.yaml',
  ]
  expect(ofVpc(...own)).toEqual(own.map((it) => it.replace('+', '')))
})

test('what others are made of does not', () => {
  expect(
    ofVpc(
      'stacks/prod.yaml',
      'stacks/mixins/prod.yaml',
      'components/terraform/db/main.tf',
      '+components/terraform/db/values.yaml',
      'README.md',
      '+data/b.txt',
      'policies/readme.md',
      'components/terraform/vpc2/main.tf',
    ),
  ).toEqual([])
})

test('a manifest that comes or goes touches everything: a glob may import it, a stack may be named twice', () => {
  expect(ofVpc('+stacks/catalog/new.yaml', '-stacks/mixins/prod.yaml')).toHaveLength(2)
})

test('two closures together are touched by what touches either', () => {
  const of = (path: string) => ({ paths: [path], stacks: 'stacks', components: 'components' })
  const both = joined(of('a'), of('b/'))
  expect(
    touched(both, [
      { path: 'a', change: 'modified' },
      { path: 'b/c', change: 'added' },
      { path: 'c', change: 'added' },
    ]),
  ).toHaveLength(2)
})
