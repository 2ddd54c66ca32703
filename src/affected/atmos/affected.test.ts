import { describe, expect, test } from 'vitest'
import type { Tree } from '../../git/tree.ts'
import type { Plain } from '../../stacks/value.ts'
import { type AffectedOptions, describeAffected, describeDependents } from './affected.ts'
import { changedPaths } from './changed.ts'
import { describedComponents } from './described.ts'
import type { AtmosPaths } from './paths.ts'
import { itemsYaml, matrixOf } from './print.ts'

function tree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort()
  return {
    root: '/repo',
    files: new Map(paths.map((path) => [path, { path, hash: files[path]!, mode: 'file' }])),
    text: (path) => files[path],
  }
}

const paths: AtmosPaths = {
  root: '/repo',
  cwd: '',
  basePath: '.',
  stacks: 'stacks',
  components: { terraform: 'components/terraform' },
}
const options: AffectedOptions = {
  paths,
  stackName: (it) => it.stack,
  namedByTemplate: false,
  spacelift: () => undefined,
  atlantis: () => undefined,
  includeSettings: false,
  excludeLocked: false,
  includeDependents: false,
  includeSpaceliftAdminStacks: false,
}
const section = (more: Readonly<Record<string, Plain>> = {}): Plain => ({
  vars: {},
  settings: {},
  metadata: {},
  component: 'vpc',
  ...more,
})
const stack = (name: string, components: Readonly<Record<string, Plain>>): Plain => ({
  [name]: { components: { terraform: components } },
})

function affected(head: Plain, base: Plain, more: Partial<AffectedOptions> & { changed?: string[]; tree?: Tree } = {}) {
  const comparison = {
    tree: more.tree ?? tree({}),
    paths,
    changed: (more.changed ?? []).map((path) => `/repo/${path}`),
    sections: undefined,
  }
  return describeAffected(head, base, comparison, { ...options, ...more })
}

const reasons = (items: readonly { readonly [key: string]: Plain }[]) =>
  items.map((it) => [it.component, it.affected_all])

describe('describe affected', () => {
  test('tells every difference in the order of Atmos, the first as the headline', () => {
    const head = stack('dev', {
      vpc: section({ vars: { a: 2 }, metadata: { x: 1 }, settings: { s: 1 }, command: 'tofu' }),
    })
    const base = stack('dev', { vpc: section({ command: 'terraform' }) })
    expect(affected(head, base)).toEqual([
      {
        component: 'vpc',
        component_type: 'terraform',
        component_path: 'components/terraform/vpc',
        stack: 'dev',
        stack_slug: 'dev-vpc',
        affected: 'stack.metadata',
        affected_all: ['stack.metadata', 'stack.vars', 'stack.command', 'stack.settings'],
        dependents: null,
        included_in_dependents: false,
        settings: null,
      },
    ])
  })

  test('does not look at abstract, disabled and, when asked, locked components', () => {
    const head = stack('dev', {
      a: section({ metadata: { type: 'abstract' } }),
      b: section({ metadata: { enabled: false } }),
      c: section({ metadata: { locked: true } }),
      d: section({ metadata: { enabled: 'false' } }),
    })
    expect(affected(head, {}, { excludeLocked: true }).map((it) => it.component)).toEqual(['d'])
    expect(affected(head, {}).map((it) => it.component)).toEqual(['c', 'd'])
  })

  test('sees a changed file of the component folder, and of a local module inside the components folder only', () => {
    const code = tree({
      'components/terraform/vpc/main.tf':
        'module "in" { source = "../modules/in" }\nmodule "out" { source = "../../../modules/out" }',
    })
    const same = stack('dev', { vpc: section() })
    const changed = (path: string) => reasons(affected(same, same, { tree: code, changed: [path] }))
    expect(changed('components/terraform/vpc/README.md')).toEqual([['vpc', ['component']]])
    expect(changed('components/terraform/vpc2/main.tf')).toEqual([])
    expect(changed('components/terraform/modules/in/main.tf')).toEqual([['vpc', ['component.module']]])
    expect(changed('modules/out/main.tf')).toEqual([])
  })

  test('reports the first file or folder dependency, and its path only as the headline', () => {
    const depends = section({ dependencies: { files: ['cfg/a.txt'], folders: ['data'] } })
    const changed = ['cfg/a.txt', 'data/x']
    const [item] = affected(stack('dev', { vpc: depends }), stack('dev', { vpc: depends }), { changed })
    expect(item).toMatchObject({ affected: 'file', affected_all: ['file'], file: 'cfg/a.txt' })
    const [other] = affected(stack('dev', { vpc: depends }), stack('dev', { vpc: section() }), { changed: ['data/x'] })
    expect(other).toMatchObject({ affected: 'stack.dependencies', affected_all: ['stack.dependencies', 'folder'] })
    expect(other).not.toHaveProperty('folder')
  })

  test('tells deleted components and deleted stacks, with their context', () => {
    const base = {
      dev: { components: { terraform: { vpc: section({ vars: { stage: 'dev' } }), kept: section() } } },
      gone: { components: { terraform: { vpc: section(), base: section({ metadata: { type: 'abstract' } }) } } },
    }
    const items = affected(stack('dev', { kept: section() }), base, { includeDependents: true })
    expect(items).toMatchObject([
      { stack: 'dev', stage: 'dev', affected: 'deleted', deleted: true, deletion_type: 'component', dependents: [] },
      { stack: 'gone', affected: 'deleted.stack', deleted: true, deletion_type: 'stack' },
    ])
  })

  test('marks what another item brings along as its dependent', () => {
    const app = section({ vars: { a: 2 }, dependencies: { components: [{ component: 'vpc' }] } })
    const head = stack('dev', { vpc: section({ vars: { a: 2 } }), app })
    const base = stack('dev', { vpc: section(), app: section() })
    const [vpc, dependent] = affected(head, base, { includeDependents: true })
    expect(vpc).toMatchObject({
      component: 'vpc',
      included_in_dependents: false,
      dependents: [{ component: 'app', dependents: [], included_in_dependents: false }],
    })
    expect(dependent).toMatchObject({ component: 'app', included_in_dependents: true })
  })

  test('names a cycle of dependents instead of following it for ever', () => {
    const on = (component: string) => section({ dependencies: { components: [{ component }] } })
    expect(() => affected(stack('dev', { a: on('b'), b: on('a') }), {}, { includeDependents: true })).toThrow(
      'these depend on each other: dev-a ← dev-b ← dev-a',
    )
  })

  test('refuses code that is no HCL, with its place', () => {
    const code = tree({ 'components/terraform/vpc/main.tf': 'variable "a" {\n' })
    expect(() => affected(stack('dev', { vpc: section() }), {}, { tree: code })).toThrow('"{" is not closed')
  })
})

describe('describe dependents', () => {
  const all = {
    'ue1-dev': { components: { terraform: { vpc: section({ vars: { environment: 'ue1' } }) } } },
    'uw2-dev': {
      components: {
        terraform: {
          vpc: section({ dependencies: { components: [{ component: 'vpc', stack: 'ue1-dev' }] } }),
          legacy: section({
            vars: { environment: 'uw2' },
            settings: { depends_on: { 1: { component: 'vpc', stack: 'ue1-dev' } } },
          }),
          both: section({
            vars: { environment: 'uw2' },
            settings: { depends_on: { 1: { component: 'vpc', stack: 'ue1-dev', environment: 'ue1' } } },
          }),
          modern: section({ dependencies: { components: [{ name: 'vpc', stack: 'ue1-dev' }] } }),
        },
      },
    },
  }
  const target = describedComponents(all)[0]!

  test('needs equal context for legacy entries even beside a stack, and never names the same component', () => {
    expect(describeDependents(target, all, options).map((it) => it.component)).toEqual(['both', 'modern'])
  })

  test('refuses a list and a number where Atmos cannot read them', () => {
    const listed = stack('ue1-dev', { app: section({ settings: { depends_on: [{ component: 'vpc' }] } }) })
    expect(() => describeDependents(target, listed, options)).toThrow('settings.depends_on of app in ue1-dev is a list')
    const numbered = stack('ue1-dev', { app: section({ vars: { stage: 1 } }) })
    expect(() => describeDependents(target, numbered, options)).toThrow('vars.stage of app in ue1-dev is 1')
  })
})

describe('changed paths', () => {
  const lines = 'a long enough line\nanother long line\na third line of text\n'

  test('leave out binary files and empty ones that come or go', () => {
    expect(
      changedPaths(
        tree({ same: 'x', mod: 'y', bin: '\0b', 'new-bin': '\0', empty: '', new: 'text' }),
        tree({ same: 'x', mod: 'x', bin: '\0a', old: 'other' }),
      ),
    ).toEqual(['mod', 'new', 'old'])
  })

  test('tell a moved file as one entry, also when a part of it changed', () => {
    expect(changedPaths(tree({ 'b/x.tf': lines }), tree({ 'a/x.tf': lines }))).toEqual(['b/x.tf => a/x.tf'])
    expect(changedPaths(tree({ 'b/x.tf': `${lines}more\n` }), tree({ 'a/x.tf': lines }))).toEqual(['b/x.tf => a/x.tf'])
    expect(
      changedPaths(tree({ 'b/x.tf': lines.trimEnd() }), tree({ 'a/x.tf': lines.replaceAll('\n', '\r\n') })),
    ).toEqual(['b/x.tf => a/x.tf'])
    expect(changedPaths(tree({ 'b/x.tf': lines }), tree({ 'a/x.tf': `${lines}\0` }))).toEqual([])
    expect(changedPaths(tree({ 'b/x.tf': 'nothing alike here\n' }), tree({ 'a/x.tf': lines }))).toEqual([
      'a/x.tf',
      'b/x.tf',
    ])
  })
})

describe('other formats', () => {
  const items = [
    { component: 'a', component_path: 'x', component_type: 'terraform', stack: 's', dependents: null, settings: null },
    { stack: 's', dependents: [{ component: 'b', dependents: null, settings: { z: [1], a: true } }] },
  ]

  test('a matrix names only what a job needs', () => {
    expect(matrixOf(items.slice(0, 1))).toEqual({
      include: [{ stack: 's', component: 'a', component_path: 'x', component_type: 'terraform' }],
    })
  })

  test('YAML keeps the order of keys and writes no nulls', () => {
    expect(itemsYaml(items)).toBe(`- component: a
  component_path: x
  component_type: terraform
  stack: s
  dependents: []
  settings: {}
- stack: s
  dependents:
    - component: b
      dependents: []
      settings:
        a: true
        z:
          - 1
`)
    expect(itemsYaml([])).toBe('[]\n')
  })
})
