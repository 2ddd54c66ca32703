import { expect, test } from 'vitest'
import { place } from '../../error.ts'
import { memoryTree } from '../../git/drivers/memory.ts'
import { resolveStacks } from '../instances.ts'
import { trapsIn } from './traps.ts'

const config = (more = '', pattern = '{stage}') => `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "${pattern}"}
${more}`

/** The traps of a repository with one stack, each as one line. */
function told(files: Readonly<Record<string, string>>, atmos = config()): string[] {
  const tree = memoryTree({ 'atmos.yaml': atmos, ...files })
  const stacks = resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' })
  return trapsIn(stacks).map(({ kind, at, message, fix }) => `${place(at)} ${kind}: ${message} | ${fix}`)
}

const dev = (text: string) => ({ 'stacks/orgs/dev.yaml': `vars: {stage: dev}\n${text}` })
const vpc = (vars: string) => dev(`components:\n  terraform:\n    vpc:\n      vars:\n        ${vars}\n`)
const templates = 'templates: {settings: {enabled: true, sprig: {enabled: true}}}\n'

test('a repository without traps has none', () => {
  expect(
    told(vpc('day: "2024-01-01"\n        id: "012345678901"\n        n: 0\n        f: 0.5\n        x: 0x10')),
  ).toEqual([])
})

test('dates without quotes become {}', () => {
  expect(told(vpc('day: 2024-01-01 # the first\n        at: [2024-01-02T03:04:05Z, a]'))).toEqual([
    'stacks/orgs/dev.yaml:6:14 date-empty: the date 2024-01-01 comes out as {}, and a change of it is not seen | quote it: "2024-01-01"',
    'stacks/orgs/dev.yaml:7:14 date-empty: the date 2024-01-02T03:04:05Z comes out as {}, and a change of it is not seen | quote it: "2024-01-02T03:04:05Z"',
  ])
})

test('numbers lose their leading zeros, and may be octal', () => {
  expect(told(vpc('account: 012345670123\n        other: 089\n        list: [0755]'))).toEqual([
    'stacks/orgs/dev.yaml:6:18 number-changed: 012345670123 is read as 1402433619, an octal number | quote it: "012345670123"',
    'stacks/orgs/dev.yaml:7:16 number-changed: 089 is read as 89 | quote it: "089"',
    'stacks/orgs/dev.yaml:8:16 number-changed: 0755 is read as 493, an octal number | quote it: "0755"',
  ])
})

test('functions of atmos.yaml stay text in a stack', () => {
  expect(told(vpc('port: !random 1024 65535\n        here: !cwd'))).toEqual([
    'stacks/orgs/dev.yaml:6:15 function-kept: !random is not evaluated in a stack: the value is the text "!random 1024 65535" | write the value out, or use !exec',
    'stacks/orgs/dev.yaml:7:15 function-kept: !cwd is not evaluated in a stack: the value is the text "!cwd" | write the value out, or use !exec',
  ])
})

test('!literal protects neither a function nor, with templates on, a template', () => {
  const files = vpc('a: !literal "!env HOME"\n        b: !literal "{{ .x }}"\n        c: !literal plain')
  expect(told(files).map((line) => line.split(' | ')[0])).toEqual([
    'stacks/orgs/dev.yaml:6:12 literal-useless: !literal protects nothing: the function is run all the same',
  ])
  expect(told(files, config(templates)).map((line) => line.split(' | ')[0])).toEqual([
    'stacks/orgs/dev.yaml:6:12 literal-useless: !literal protects nothing: the function is run all the same',
    'stacks/orgs/dev.yaml:7:12 literal-useless: !literal protects nothing: the template is rendered all the same',
  ])
})

test('a second document of a manifest is never read; one that says nothing is no loss', () => {
  expect(told(dev('---\nvars: {stage: prod}\n'))).toEqual([
    'stacks/orgs/dev.yaml:2:1 document-dropped: a manifest ends with its first document: what follows is never read | move it into a file of its own, or remove this line',
  ])
  expect(told({ 'stacks/orgs/dev.yaml': '# top\n---\nvars: {stage: dev}\n---\n# nothing\n' })).toEqual([])
})

test('providers that a manifest requires are read by nobody', () => {
  expect(told(dev('terraform: {required_version: ">= 1.5", required_providers: {aws: {version: "5"}}}\n'))).toEqual(
    [
      'stacks/orgs/dev.yaml:2:41 providers-ignored: terraform.required_providers of a manifest is read by nobody | write it in the Terraform code, or in a generated file: generate',
      'stacks/orgs/dev.yaml:2:13 providers-ignored: terraform.required_version of a manifest is read by nobody | write it in the Terraform code, or in a generated file: generate',
    ].sort((a, b) => Number(a.split(':')[2]!.split(' ')[0]) - Number(b.split(':')[2]!.split(' ')[0])),
  )
})

test('!append is spent in a file with imports, unless an import has the list', () => {
  const list = 'components: {terraform: {vpc: {vars: {zones: !append [c]}}}}\n'
  const base = { 'stacks/catalog/a.yaml': 'components: {terraform: {vpc: {vars: {zones: [a]}}}}\n' }
  const other = { 'stacks/catalog/a.yaml': 'components: {terraform: {vpc: {vars: {size: 1}}}}\n' }
  expect(told({ ...base, ...dev(`import: [catalog/a]\n${list}`) })).toEqual([])
  expect(told(dev(list))).toEqual([])
  expect(told({ ...other, ...dev(`import: [catalog/a]\n${list}`) })).toEqual([
    'stacks/orgs/dev.yaml:3:46 append-spent: !append has no effect in a file with imports: this list replaces those of other layers | move the component into a file without imports, or write the whole list',
  ])
})

test('an import with a template is left out while templates are off', () => {
  const files = { ...dev('import: ["catalog/{{ .vars.x }}"]\n') }
  expect(told(files)).toEqual([
    'stacks/orgs/dev.yaml:2:10 import-dropped: the import "catalog/{{ .vars.x }}" is left out: templates are off | set templates.settings.enabled: true in atmos.yaml, or write the path out',
  ])
})

test('an import that begins with / is looked for beside its file', () => {
  expect(
    told({
      'stacks/orgs/a.txt.yaml': 'vars: {x: 1}\n',
      'stacks/orgs/sub/b.yaml': 'vars: {stage: b}\n',
      ...dev('import: [/sub/b]\n'),
    }),
  ).toEqual([
    'stacks/orgs/dev.yaml:2:10 import-beside: the import "/sub/b" is looked for beside this file, not in the stacks folder | write "sub/b" for the stacks folder, or "./sub/b" for this one',
  ])
})

test('locals wipe the sections of imports without locals, but not of those that have some', () => {
  const files = (locals: string) => ({
    'stacks/catalog/base.yaml': `${locals}vars: {tenant: plat}\nenv: {}\n`,
    'stacks/catalog/mid.yaml': 'import: [catalog/base]\n',
    ...dev('import: [catalog/mid]\nlocals: {a: b}\n'),
  })
  expect(told(files(''))).toEqual([
    'stacks/catalog/base.yaml:1:1 section-wiped: vars of this file are lost where stacks/orgs/dev.yaml imports it, which has locals and vars of its own (stacks/orgs/dev.yaml:1:1) | move locals of stacks/orgs/dev.yaml into a file that imports nothing, or give this file locals: {}',
  ])
  expect(told(files('locals: {}\n'))).toEqual([])
})

test('what locals are said to wipe is gone from the instance, and the way out brings it back', () => {
  const wiped = (locals: string) => {
    const tree = memoryTree({
      'atmos.yaml': config(),
      'stacks/catalog/base.yaml': `${locals}vars: {tenant: plat}\n`,
      ...dev('import: [catalog/base]\nlocals: {a: b}\ncomponents: {terraform: {vpc: {}}}\n'),
    })
    const { sections } = resolveStacks(tree, { cwd: '', env: {}, gitRoot: '' }).instance('vpc', 'dev')
    const vars = sections.entries.get('vars')
    return vars?.kind === 'map' && vars.entries.has('tenant')
  }
  expect([wiped(''), wiped('locals: {}\n')]).toEqual([false, true])
})

test('a context of an import that is named like a section takes its place', () => {
  const files = {
    'stacks/catalog/a.yaml': 'vars: {stage: x}\n',
    ...dev('import:\n  - path: catalog/a\n    context: {vars: {a: 1}, flavor: {b: 2}}\n'),
  }
  expect(told(files)).toEqual([
    'stacks/orgs/dev.yaml:4:15 section-wiped: vars in the context of an import takes the place of vars in catalog/a | give it another name, such as import_vars',
  ])
})

test('settings that are read in a way of their own are named in atmos.yaml', () => {
  expect(told(dev(''), config('settings: {list_merge_strategy: merge}\n', 'acme-{stage}'))).toEqual([
    'atmos.yaml:3:74 name-pattern: stack names are made without "acme" of the name_pattern | use name_template, such as "acme-{{ .vars.stage }}"',
    'atmos.yaml:4:33 list-merge: with list_merge_strategy: merge a later list never replaces a text or number of an earlier one | use replace or append, or maps instead of lists',
  ])
})

test('an inherited folder is named where it is inherited from', () => {
  const files = dev(`components:
  terraform:
    base: {metadata: {type: abstract, component: network}}
    vpc: {metadata: {inherits: [base]}}
    own: {metadata: {inherits: [base], component: other}}
`)
  expect(told(files).map((line) => line.split(' | ')[0])).toEqual([
    "stacks/orgs/dev.yaml:4:50 folder-inherited: vpc inherits metadata.component, which Atmos' own describe affected does not follow",
  ])
})

test('a broken template of a .tmpl file is swallowed', () => {
  const files = { ...dev('import: [catalog/a]\n'), 'stacks/catalog/a.yaml.tmpl': 'vars:\n  x: "{{ if }}"\n' }
  expect(told(files)).toEqual([
    expect.stringMatching(
      /^stacks\/catalog\/a\.yaml\.tmpl:2:\d+ template-swallowed: the template is broken, and the file is taken as it is written: missing value for if \| mend the template$/,
    ),
  ])
})

test('a result that YAML reads as something else is named with what it loses', () => {
  const vars = [
    'stage: a',
    'from: a',
    'hash: "a #b"',
    'note: x {{ .vars.hash }}',
    `lines: '{{ "a\\nb" }}'`,
    `quotes: '{{ "a\\u0027\\u0027b" }}'`,
  ]
  const found = told(vpc(vars.join('\n        ')), config(templates))
  expect(found.map((line) => line.split(' | ')[0])).toEqual([
    'stacks/orgs/dev.yaml:9:15 template-cut: the result of x {{ .vars.hash }} is changed when it is read as YAML: all from " #" on is a comment (in vpc@a)',
    'stacks/orgs/dev.yaml:10:16 template-cut: the result of {{ "a\\nb" }} is changed when it is read as YAML: line ends become blanks (in vpc@a)',
    'stacks/orgs/dev.yaml:11:17 template-cut: the result of {{ "a\\u0027\\u0027b" }} is changed when it is read as YAML: two quotes become one (in vpc@a)',
  ])
})
