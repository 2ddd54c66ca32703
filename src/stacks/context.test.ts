import { describe, expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { describeStacks } from './describe.ts'
import { resolveStacks } from './instances.ts'
import type { Plain } from './value.ts'

const CONFIG = 'base_path: .\nstacks: {base_path: stacks, included_paths: ["orgs/*"], name_pattern: "{stage}"}\n'

/** The vars of every component of the stack `prod`. */
function vars(files: Record<string, string>, config = ''): Plain {
  const stacks = resolveStacks(memoryTree({ 'atmos.yaml': CONFIG + config, ...files }), {
    cwd: '',
    env: { HOME: '/home' },
    gitRoot: '',
  })
  const answer = describeStacks(stacks, { sections: ['vars'], stack: 'prod' }) as Record<
    string,
    Record<string, Record<string, Record<string, { vars: Plain }>>>
  >
  return Object.fromEntries(Object.entries(answer.prod!.components!.terraform!).map(([name, it]) => [name, it.vars]))
}

describe('locals', () => {
  test('name each other in any order, and keep types where they are the whole text', () => {
    const manifest = `locals: {b: "{{ .locals.a }}", a: 5, name: "x-{{ .locals.b }}", home: !env HOME}
vars: {stage: prod, n: "{{ .locals.b }}", name: "{{ .locals.name }}", home: "{{ .locals.home }}"}
components: {terraform: {vpc: {vars: {deep: ["v{{ .locals.a }}"]}}}}
`
    expect(vars({ 'stacks/orgs/prod.yaml': manifest })).toEqual({
      vpc: { stage: 'prod', n: 5, name: 'x-5', home: '/home', deep: ['v5'] },
    })
  })

  test('stay in their file, whose vars take the place of those of its imports', () => {
    const files = {
      'stacks/base.yaml': 'vars: {lost: 1}\nterraform: {vars: {kept: 2}}\n',
      'stacks/orgs/prod.yaml':
        'import: [base]\nlocals: {a: 1}\nvars: {stage: prod}\ncomponents: {terraform: {vpc: {}}}\n',
    }
    expect(vars(files)).toEqual({ vpc: { stage: 'prod', kept: 2 } })
  })

  test('that name each other in a circle are an error with its place', () => {
    const manifest = 'locals:\n  a: "{{ .locals.b }}"\n  b: "{{ .locals.a }}"\nvars: {stage: prod}\n'
    expect(() => vars({ 'stacks/orgs/prod.yaml': manifest })).toThrow(
      expect.objectContaining({
        code: 'locals-cycle',
        message: 'locals name each other in a circle: a → b → a',
        at: { file: 'stacks/orgs/prod.yaml', line: 3, column: 6 },
      }),
    )
  })

  test('leave the whole file to the components where one field is missing when it is loaded', () => {
    const manifest = `locals: {a: 1}
vars: {stage: prod}
components: {terraform: {vpc: {vars: {own: "{{ .atmos_component }}", exact: "{{ .locals.a }}", part: "v{{ .locals.a }}"}}}}
`
    expect(vars({ 'stacks/orgs/prod.yaml': manifest }, 'templates: {settings: {enabled: true}}\n')).toEqual({
      vpc: { stage: 'prod', own: 'vpc', exact: 1, part: 'v<no value>' },
    })
  })
})

describe('the context of an import', () => {
  const importing = (context: string): string => `import: [{path: a, context: ${context}}]\nvars: {stage: prod}\n`

  test('fills the fields of the import, names of components too', () => {
    const files = {
      'stacks/orgs/prod.yaml': importing('{flavor: blue, size: 3}'),
      'stacks/a.yaml':
        'components:\n  terraform:\n    "vpc-{{ .flavor }}":\n      vars: {size: "{{ .size }}", text: "size {{ .size }}"}\n',
    }
    expect(vars(files)).toEqual({ 'vpc-blue': { stage: 'prod', size: 3, text: 'size 3' } })
  })

  test('is beaten by what the importer itself was given', () => {
    const files = {
      'stacks/orgs/prod.yaml': importing('{x: outer}'),
      'stacks/a.yaml': 'import: [{path: b, context: {x: inner, y: inner}}]\n',
      'stacks/b.yaml': 'components: {terraform: {vpc: {vars: {x: "{{ .x }}", y: "{{ .y }}"}}}}\n',
    }
    expect(vars(files)).toEqual({ vpc: { stage: 'prod', x: 'outer', y: 'inner' } })
  })

  test('without a field that the import names is an error with its place', () => {
    const files = {
      'stacks/orgs/prod.yaml': importing('{x: 1}'),
      'stacks/a.yaml': 'components: {terraform: {vpc: {vars: {y: "{{ .y }}"}}}}\n',
    }
    expect(() => vars(files)).toThrow(
      expect.objectContaining({ code: 'template-key-missing', at: { file: 'stacks/a.yaml', line: 1, column: 42 } }),
    )
  })
})
