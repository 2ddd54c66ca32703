import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { affected, type Side } from './affected.ts'
import { subjects } from './subject.ts'

type Files = Readonly<Record<string, string | undefined>>

const atmos = (included: string) =>
  `components: { terraform: { base_path: components } }
stacks: { base_path: stacks, included_paths: [${included}], name_pattern: "{stage}" }
`
const stack = (stage: string, components: string, imports = '') =>
  `${imports === '' ? '' : `import: [${imports}]\n`}vars: { stage: ${stage} }\ncomponents:\n  terraform:\n${components}`
const vpc = '    vpc: { vars: { size: 1 } }\n'
const db = '    db: { vars: { size: 2 } }\n'
const base: Files = {
  'atmos.yaml': atmos('"*.yaml"'),
  'stacks/catalog/vpc.yaml': `components:\n  terraform:\n${vpc}`,
  'stacks/dev.yaml': stack('dev', vpc + db),
  'stacks/prod.yaml': stack('prod', db, 'catalog/vpc'),
  'components/vpc/main.tf': '',
  'components/db/main.tf': '',
}

function side(changes: Files): Side {
  const all = Object.entries({ ...base, ...changes }).filter((it): it is [string, string] => it[1] !== undefined)
  const tree = memoryTree(Object.fromEntries(all))
  const stacks = resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' })
  const inventory = stacks.inventory()
  return { stacks, inventory, subjects: subjects(tree, inventory) }
}

const place = ({ folder, workspace }: Instance) => `${folder}#${workspace}`
const changed = (before: Files, after: Files) =>
  affected(side(before), side(after), place).map(({ id, kind, reasons: [reason] }) => {
    const why = reason?.kind === 'missing' ? `: ${reason.why}` : reason?.kind === 'moved' ? ` from ${reason.from}` : ''
    return `${kind} ${id}${why}`
  })
const changes = (after: Files) => changed({}, after)

test('what is gone from the file that declared it was removed by name', () => {
  expect(changes({ 'stacks/dev.yaml': stack('dev', db) })).toEqual(['destroy vpc@dev'])
  expect(changes({ 'stacks/catalog/vpc.yaml': 'components: {}\n' })).toEqual(['destroy vpc@prod'])
})

test('so is what a deleted manifest declared, and what it imported', () => {
  expect(changes({ 'stacks/dev.yaml': undefined })).toEqual(['destroy db@dev', 'destroy vpc@dev'])
  expect(changes({ 'stacks/prod.yaml': undefined })).toEqual(['destroy db@prod', 'destroy vpc@prod'])
})

test('an import that was removed removes nothing by name, whoever else still imports it', () => {
  const both = { 'stacks/dev.yaml': stack('dev', db, 'catalog/vpc') }
  expect(changed(both, { ...both, 'stacks/prod.yaml': stack('prod', db) })).toEqual([
    'absent vpc@prod: its stack does not import stacks/catalog/vpc.yaml any more, which still declares it',
  ])
})

test('a pattern of atmos.yaml that matches less removes nothing', () => {
  expect(changes({ 'atmos.yaml': atmos('"dev.yaml"') })).toEqual([
    'absent db@prod: no pattern of atmos.yaml takes in the manifest any more (stacks.included_paths)',
    'absent vpc@prod: no pattern of atmos.yaml takes in the manifest any more (stacks.included_paths)',
  ])
})

test('a stack with another name and another state removes nothing', () => {
  expect(changes({ 'stacks/dev.yaml': stack('test', vpc + db) })).toEqual([
    'absent db@dev: stacks/dev.yaml still declares it, in stack test now, with another state',
    'create db@test',
    'absent vpc@dev: stacks/dev.yaml still declares it, in stack test now, with another state',
    'create vpc@test',
  ])
})

test('a file that was moved as it is removes nothing', () => {
  const file = stack('dev', vpc).replace('stage: dev', 'stage: dev, environment: one')
  const before = { 'stacks/prod.yaml': undefined, 'stacks/dev.yaml': file }
  const after = { ...before, 'stacks/dev.yaml': undefined, 'stacks/other.yaml': file }
  expect(changed(before, after)).toEqual([])
  const renamed = atmos('"*.yaml"').replace('{stage}', '{environment}')
  expect(changed(before, { ...after, 'atmos.yaml': renamed })).toEqual([
    'absent vpc@dev: what declared it is in stacks/other.yaml now, and resolves to another state',
    'create vpc@one',
  ])
})

test('a template that may still declare it removes nothing', () => {
  const text = 'components:\n  terraform:\n    "{{ .vars.name }}": { vars: { size: 1 } }\n'
  expect(changes({ 'stacks/dev.yaml': stack('dev', '').concat(text.split('\n')[2] ?? '', '\n') })).toEqual(
    expect.arrayContaining([
      'absent vpc@dev: stacks/dev.yaml is a template or cannot be read, and may still declare it',
    ]),
  )
})

test.each([
  ['{ enabled: false }', 'it is disabled now (metadata.enabled: false)'],
  ['{ type: abstract }', 'it is abstract now (metadata.type)'],
])('metadata %s removes nothing', (metadata, why) => {
  const text = `    vpc: { metadata: ${metadata}, vars: { size: 1 } }\n`
  expect(changes({ 'stacks/dev.yaml': stack('dev', text + db) })).toEqual([`absent vpc@dev: ${why}`])
})

test('the same state under another name was moved, and its other changes are told as well', () => {
  const named = (name: string, size: number) =>
    `    ${name}: { metadata: { component: vpc, terraform_workspace: net }, vars: { size: ${size} } }\n`
  const before = { 'stacks/dev.yaml': stack('dev', named('net', 1)) }
  expect(changed(before, { 'stacks/dev.yaml': stack('dev', named('network', 1)) })).toEqual([
    'move network@dev from net@dev',
  ])
  const [move] = affected(side(before), side({ 'stacks/dev.yaml': stack('dev', named('network', 2)) }), place)
  expect(move?.reasons.map(({ kind }) => kind)).toEqual(['moved', 'value'])
})
