import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Ambient } from '../stacks/ambient.ts'
import { loadConfig } from '../stacks/config.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { affected, type Side } from './affected.ts'
import { type Narrowed, narrowlyAffected } from './narrow.ts'
import { subjects } from './subject.ts'

type Files = Readonly<Record<string, string>>

const ambient: Ambient = { cwd: '', env: {}, gitRoot: '' }
const addressOf = ({ folder, workspace }: Instance) => `${folder}#${workspace}`
const atmos = `components: { terraform: { base_path: components } }
stacks: { base_path: stacks, included_paths: ["orgs/*"], name_pattern: "{stage}" }
`
const stages = ['dev', 'test', 'prod']

/** Three stacks; each imports one of two catalogs, and has what the pieces say. */
function estate(pieces: { readonly catalog: string; readonly own: string }[], catalogs: readonly string[]): Files {
  const stacks = stages.map((stage, at) => [
    `stacks/orgs/${stage}.yaml`,
    `import: [${pieces[at]!.catalog}]\nvars: { stage: ${stage} }\ncomponents:\n  terraform:\n    own: { metadata: { component: vpc }, vars: { it: ${pieces[at]!.own} } }\n`,
  ])
  return {
    'atmos.yaml': atmos,
    ...Object.fromEntries(stacks),
    'stacks/catalog/a.yaml': `components:\n  terraform:\n    vpc: { vars: { size: ${catalogs[0]} } }\n`,
    'stacks/catalog/b.yaml': `components:\n  terraform:\n    db: { vars: { id: ${catalogs[1]} } }\n`,
    'components/vpc/main.tf': '',
    'components/db/main.tf': '',
    'docs/a.md': `${catalogs[0]}`,
  }
}

const value = fc.constantFrom(
  '1',
  '2',
  '!terraform.state vpc .id',
  '!terraform.state own dev .id',
  '!include docs/a.md',
)
const values = fc.tuple(fc.tuple(value, value, value), fc.tuple(fc.constantFrom('1', '2'), value))
/** An estate before and after a change of values. */
const change = fc
  .tuple(
    fc.tuple(...stages.map(() => fc.constantFrom('catalog/a', 'catalog/b', 'catalog/*'))),
    values,
    fc.option(values, { nil: undefined }),
    fc.nat(4),
  )
  .map(([imports, [own, catalogs], other, at]): [Files, Files] => {
    const filesOf = ([mine, shared]: readonly [readonly string[], readonly string[]]) =>
      estate(
        imports.map((catalog, index) => ({ catalog, own: mine[index]! })),
        shared,
      )
    const [next, nextShared] = other ?? [own, catalogs]
    const one = own.map((it, index) => (index === at ? next[index]! : it))
    const shared = catalogs.map((it, index) => (index + 3 === at ? nextShared[index]! : it))
    return [filesOf([own, catalogs]), filesOf([one, shared])]
  })

function whole(of: Files, other?: Side): Side {
  const tree = memoryTree(of)
  const stacks = resolveStacks(tree, ambient, { other: other?.stacks })
  const inventory = stacks.inventory()
  return { stacks, inventory, subjects: subjects(tree, inventory, other?.subjects) }
}

function narrow(before: Files, after: Files): Narrowed | undefined {
  const [base, head] = [before, after].map((of) => {
    const tree = memoryTree(of)
    return { tree, config: loadConfig(tree, ambient) }
  })
  return narrowlyAffected(base!, head!, ambient, addressOf)
}

test('whatever changes, resolving less finds the same', () => {
  let narrowed = 0
  fc.assert(
    fc.property(change, ([before, after]) => {
      const found = narrow(before, after)
      if (found === undefined) return
      narrowed++
      const base = whole(before)
      const all = affected(base, whole(after, base), addressOf)
      expect(found.changes.map(({ id, kind, reasons }) => ({ id, kind, reasons }))).toEqual(
        all.map(({ id, kind, reasons }) => ({ id, kind, reasons })),
      )
    }),
    { numRuns: 100 },
  )
  expect(narrowed).toBeGreaterThan(60)
})

const quiet = estate(
  stages.map(() => ({ catalog: 'catalog/a', own: '1' })),
  ['1', '1'],
)

test('a stack that reads nothing of what differs is not resolved', () => {
  const found = narrow(quiet, {
    ...quiet,
    'stacks/orgs/dev.yaml': quiet['stacks/orgs/dev.yaml']!.replace('it: 1', 'it: 2'),
  })
  expect(found?.changes.map(({ id }) => id)).toEqual(['own@dev'])
  expect(found?.head.stacks.manifests.map(({ file }) => file)).toEqual(['stacks/orgs/dev.yaml'])
})

test('a stack that reads outputs of what differs is resolved', () => {
  const prod = quiet['stacks/orgs/prod.yaml']!.replace('it: 1', 'it: !terraform.state own dev .id')
  const before = { ...quiet, 'stacks/orgs/prod.yaml': prod }
  const after = { ...before, 'stacks/orgs/dev.yaml': quiet['stacks/orgs/dev.yaml']!.replace('it: 1', 'it: 2') }
  expect(narrow(before, after)?.changes.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
    'update own@dev',
    'may own@prod',
  ])
})

test.each([
  ['the configuration', { 'atmos.yaml': `${atmos}settings: { list_merge_strategy: append }\n` }],
  ["a component's code", { 'components/vpc/main.tf': 'locals {}' }],
  ['which folders there are', { 'elsewhere/a.md': '' }],
  ['which instances there are', { 'stacks/orgs/dev.yaml': 'vars: { stage: dev }\n' }],
])('everything is resolved when %s differs', (_, changes) => {
  expect(narrow(quiet, { ...quiet, ...changes } as Files)).toBeUndefined()
})

test('everything is resolved when code differs, also where components lie at the root', () => {
  const before = { ...quiet, 'atmos.yaml': atmos.replace('base_path: components', 'base_path: ""'), 'vpc/main.tf': '' }
  expect(narrow(before, { ...before, 'vpc/main.tf': 'locals {}' })).toBeUndefined()
})

test('nothing is resolved when nothing differs that anything reads', () => {
  expect(narrow(quiet, { ...quiet, 'docs/a.md': 'other' })?.head.stacks.manifests).toEqual([])
})
