import { expect, test } from 'vitest'
import { UserError } from '../../src/error.ts'
import { memoryTree } from '../../src/git/drivers/memory.ts'
import { describeStacks } from '../../src/stacks/describe.ts'
import { resolveStacks } from '../../src/stacks/instances.ts'

const config = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "{stage}"}
templates: {settings: {enabled: true, sprig: {enabled: true}, gomplate: {enabled: true}}}
`

/** What describing a repository with this manifest fails with, as code and place. */
function fails(text: string, files: Readonly<Record<string, string>> = {}): string {
  const tree = memoryTree({ 'atmos.yaml': config, 'stacks/orgs/dev.yaml': text, ...files })
  try {
    describeStacks(resolveStacks(tree, { cwd: '', env: {}, gitRoot: undefined }), { late: 'text' })
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.at?.file}:${error.at?.line}`
    throw error
  }
  return 'nothing'
}

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('')
const vpc = (value: string) => `vars: {stage: dev, x: '${value}'}\ncomponents: {terraform: {vpc: {}}}\n`
const chain = (count: number, text: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`stacks/c/${i}.yaml`, text(i)]))

test.each<readonly [string, string, string]>([
  ['a file of 20 MB', `x: "${'a'.repeat(20e6)}"\n`, 'yaml-too-large stacks/orgs/dev.yaml:1'],
  ['lists in 10,000 lists', `x: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, 'yaml-invalid stacks/orgs/dev.yaml:1'],
  ['maps in 10,000 maps', `x: ${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}\n`, 'yaml-invalid stacks/orgs/dev.yaml:1'],
  ['items of 10,000 items', `x:\n  ${'- '.repeat(10_000)}1\n`, 'yaml-invalid stacks/orgs/dev.yaml:2'],
  [
    'aliases that double 25 times',
    `vars:\n  a0: &a0 {x: 1}\n${many(25, (i) => `  a${i + 1}: &a${i + 1} {l: *a${i}, r: *a${i}}\n`)}`,
    'yaml-invalid stacks/orgs/dev.yaml:27',
  ],
  [
    'merge keys that double 25 times',
    `vars:\n  a0: &a0 {x: 1}\n${many(25, (i) => `  a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}]}\n`)}`,
    'yaml-invalid stacks/orgs/dev.yaml:27',
  ],
  ['an anchor that holds itself', 'vars: &a\n  x: *a\n', 'yaml-invalid stacks/orgs/dev.yaml:2'],
  [
    'a template that calls itself',
    vpc('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}'),
    'template-invalid stacks/orgs/dev.yaml:1',
  ],
  ['a loop of a billion', vpc('{{ range until 1000000000 }}{{ end }}'), 'template-invalid stacks/orgs/dev.yaml:1'],
  ['a text of two billion characters', vpc('{{ repeat 2000000000 "x" }}'), 'template-invalid stacks/orgs/dev.yaml:1'],
  [
    'a template in 20,000 parentheses',
    vpc(`{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`),
    'template-invalid stacks/orgs/dev.yaml:1',
  ],
  ['a pattern that backtracks', vpc('{{ regexMatch "(a+)+$" (print (repeat 20000 "a") "!") }}'), 'nothing'],
  [
    'components that inherit 300 deep',
    `vars: {stage: dev}\ncomponents:\n  terraform:\n    c0: {}\n${many(300, (i) => `    c${i + 1}: {metadata: {inherits: [c${i}]}}\n`)}`,
    'inherits-too-many stacks/orgs/dev.yaml:5',
  ],
  ['an import of itself', 'import: [orgs/dev]\n', 'import-self stacks/orgs/dev.yaml:1'],
])('%s is an error with a place, soon', (_, text, says) => {
  expect(fails(text)).toBe(says)
})

test('imports of imports end, however deep they are and however often they meet', () => {
  expect(
    fails(
      'import: [c/0]\n',
      chain(1000, (i) => `import: [c/${i + 1}]\n`),
    ),
  ).toMatch(/^imports-too-many stacks\/c\//)
  const meeting = chain(30, (i) => `import: [c/${i + 1}, c/${i + 1}.yml]\nlocals: {a: b}\n`)
  const twice = Object.fromEntries(
    Object.entries(meeting).flatMap(([file, text]) => [
      [file, text],
      [file.replace('.yaml', '.yml'), text],
    ]),
  )
  expect(fails('import: [c/0]\n', { ...twice, 'stacks/c/30.yaml': '', 'stacks/c/30.yml': '' })).toMatch(
    /^imports-too-many stacks\/c\//,
  )
})

test('an import pattern of many stars is looked up in a time that grows with the files alone', () => {
  const files = chain(200, () => '')
  const long = Object.fromEntries(
    Object.keys(files).map((file) => [file.replace('c/', `${'aaaaaaaaaa/'.repeat(6)}`), '']),
  )
  expect(fails(`import: ["${'**/*'.repeat(20)}x"]\n`, long)).toBe('import-not-found stacks/orgs/dev.yaml:1')
})

test('a file with many aliases that is no bomb is read', () => {
  const text = `vars:\n  stage: dev\n  t: &t {a: 1, b: 2, c: 3}\n${many(500, (i) => `  k${i}: *t\n`)}components: {terraform: {vpc: {}}}\n`
  expect(fails(text)).toBe('nothing')
})

test('a result that breaks the YAML of its component is told where the template stands', () => {
  expect(fails(`vars:\n  stage: dev\n  q: '{{ "it\\u0027s" }}'\ncomponents:\n  terraform:\n    vpc: {}\n`)).toBe(
    'template-broken stacks/orgs/dev.yaml:3',
  )
})
