import { describe, expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Ambient } from './ambient.ts'
import { resolveStacks, type Stacks } from './instances.ts'

const AMBIENT: Ambient = { cwd: '', env: {}, gitRoot: '' }
const CONFIG = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "{stage}"}
`
const stack = (stage: string) => `import: [catalog/vpc, mixins/**/*]
vars: {stage: ${stage}}
components: {terraform: {app: {component: base, vars: {note: !include note.yaml}}}}
`
const FILES = {
  'atmos.yaml': CONFIG,
  'note.yaml': 'word: hello',
  'components/terraform/base/main.tf': '',
  'components/terraform/vpc/main.tf': '',
  'stacks/catalog/vpc.yaml': 'components: {terraform: {vpc: {vars: {cidr: 10.0.0.0/16}}}}',
  'stacks/mixins/tags.yaml': 'vars: {team: a}',
  'stacks/orgs/dev.yaml': stack('dev').replace(', vars: {note: !include note.yaml}', ''),
  'stacks/orgs/prod.yaml': stack('prod'),
}

/** A path without a text is removed. */
function without(files: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** Resolved alone, and starting from other stacks: everything, or the error. */
function answers(files: Record<string, string | undefined>, other?: Stacks): unknown {
  try {
    return [
      ...resolveStacks(memoryTree(without(files)), AMBIENT, { other })
        .inventory()
        .values(),
    ]
  } catch (error) {
    return error
  }
}

function resolved(): Stacks {
  const stacks = resolveStacks(memoryTree(FILES), AMBIENT)
  stacks.inventory()
  return stacks
}

describe('stacks resolved after those of another tree', () => {
  test.each<[string, Record<string, string | undefined>]>([
    ['nothing', {}],
    ['a value of one stack', { 'stacks/orgs/dev.yaml': stack('dev').replace('vars:', 'env: {A: b}\nvars:') }],
    ['a value that every stack imports', { 'stacks/mixins/tags.yaml': 'vars: {team: b}' }],
    ['places only', { 'stacks/mixins/tags.yaml': '\nvars: {team: a}' }],
    ['a file that a glob imports', { 'stacks/mixins/more.yaml': 'vars: {more: 1}' }],
    ['an empty file that a glob imports', { 'stacks/mixins/more.yaml': '' }],
    ['a file that is included', { 'note.yaml': 'word: bye' }],
    ['an import that is gone', { 'stacks/catalog/vpc.yaml': undefined }],
    ['a folder that a component names', { 'components/terraform/base/main.tf': undefined }],
    ['the configuration', { 'atmos.yaml': CONFIG.replace('"{stage}"', '"x-{stage}"') }],
    ['places in the configuration', { 'atmos.yaml': `${CONFIG}\nsettings: {list_merge_strategy: append}\n` }],
    ['a stack that is new', { 'stacks/orgs/test.yaml': stack('test') }],
  ])('are what they are alone, where %s changed', (_, change) => {
    const files = { ...FILES, ...change }
    expect(answers(files, resolved())).toEqual(answers(files))
  })

  test('share what did not change, and only that', () => {
    const other = resolved()
    const files = { ...FILES, 'stacks/orgs/dev.yaml': stack('dev') }
    const stacks = resolveStacks(memoryTree(files), AMBIENT, { other })
    expect(stacks.instance('vpc', 'dev')).not.toBe(other.instance('vpc', 'dev'))
    const unchanged = resolveStacks(memoryTree({ ...FILES, 'stacks/orgs/prod.yaml': '' }), AMBIENT, { other })
    expect(unchanged.instance('vpc', 'dev')).toBe(other.instance('vpc', 'dev'))
  })

  test('share nothing between two environments', () => {
    const other = resolved()
    const stacks = resolveStacks(memoryTree(FILES), { ...AMBIENT, env: { A: 'b' } }, { other })
    expect(stacks.instance('vpc', 'dev')).not.toBe(other.instance('vpc', 'dev'))
  })
})
