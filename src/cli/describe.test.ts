import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordedTerminal } from '../testkit/terminal.ts'
import { entries } from './registry.ts'
import { run } from './run.ts'

const files = {
  'atmos.yaml': `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "{stage}"}
`,
  'stacks/catalog/vpc.yaml': 'components: {terraform: {vpc: {vars: {cidr: 10.0.0.0/16, big: 12345678901234567890}}}}\n',
  'stacks/orgs/dev.yaml': 'import: [catalog/vpc]\nvars: {stage: dev, note: "<b>"}\n',
  'stacks/orgs/prod.yaml': 'import: [catalog/vpc]\nvars: {stage: prod}\ncomponents: {terraform: {dns: {}}}\n',
}

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'airlock-describe-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
})
afterAll(() => rmSync(root, { recursive: true }))

async function airlock(...words: string[]) {
  const terminal = recordedTerminal({ cwd: root, env: { PATH: process.env.PATH, HOME: root } })
  const code = await run(words, entries, () => terminal)
  return { code, out: terminal.printed(), err: terminal.noted(), files: terminal.files }
}

test('stacks come as YAML, or as JSON when asked for, outside of Git too', async () => {
  const yaml = await airlock('describe', 'stacks', '--sections', 'vars', '--components', 'vpc', '-s', 'dev')
  expect(yaml).toMatchObject({ code: 0, err: '' })
  expect(yaml.out).toBe(`dev:
  components:
    terraform:
      vpc:
        vars:
          big: 12345678901234567890
          cidr: 10.0.0.0/16
          note: <b>
          stage: dev
`)
  const json = await airlock('describe', 'stacks', '-f', 'json')
  expect(Object.keys(JSON.parse(json.out))).toEqual(['dev', 'prod'])
  expect(json.out).toContain('"big": 12345678901234567890')
  expect((await airlock('describe', 'stacks', '--json')).out).toBe(json.out)
})

test('a component is described with the sections that a manifest may write', async () => {
  const { code, out } = await airlock('describe', 'component', 'dns', '-s', 'prod', '--format', 'json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ vars: { stage: 'prod' }, imports: ['catalog/vpc'] })
})

test('--file takes the answer, with signs of HTML escaped', async () => {
  const { out, files: written } = await airlock('describe', 'stacks', '-f', 'json', '--file', 'out.json')
  expect(out).toBe('')
  expect(written.get('out.json')).toContain('"note": "\\u003cb\\u003e"')
})

test('unknown stacks and components are usage errors that suggest', async () => {
  const stack = await airlock('describe', 'component', 'vpc', '-s', 'pord')
  expect(stack).toMatchObject({ code: 2, out: '' })
  expect(stack.err).toContain('prod')
  const component = await airlock('describe', 'component', 'vcp', '-s', 'prod')
  expect(component.code).toBe(2)
  expect(component.err).toContain('did you mean vpc?')
})

test('what is not there yet says so instead of being ignored', async () => {
  expect((await airlock('describe', 'component', 'vpc', '-s', 'dev', '--provenance')).err).toContain('not there yet')
  expect((await airlock('describe', 'stacks', '-f', 'toml')).err).toContain('--format is json or yaml, not "toml"')
  expect((await airlock('describe', 'component', 'vpc')).err).toContain('needs --stack STACK')
})

test('a query prints what it finds, and one that is wrong is an error', async () => {
  const { code, out } = await airlock(
    'describe',
    'component',
    'vpc',
    '-s',
    'dev',
    '-f',
    'json',
    '--query',
    '.vars | keys',
  )
  expect(code).toBe(0)
  expect(JSON.parse(out)).toContain('stage')
  expect(await airlock('describe', 'stacks', '--query', '.dev | nope')).toMatchObject({ code: 2, out: '' })
})

test('an error of a manifest shows its line', async () => {
  writeFileSync(join(root, 'stacks/orgs/broken.yaml'), 'vars: {stage: x}\nimport:\n  - catalog/vcp\n')
  try {
    const { code, err } = await airlock('describe', 'stacks')
    expect(code).toBe(2)
    expect(err).toContain('stacks/orgs/broken.yaml:3:5: import "catalog/vcp" matches no file\n  3 │   - catalog/vcp\n')
    expect(err).toContain('did you mean "catalog/vpc"?')
  } finally {
    rmSync(join(root, 'stacks/orgs/broken.yaml'))
  }
})

test('valid stacks are told so, a mistake ends with code 1', async () => {
  expect(await airlock('validate', 'stacks')).toMatchObject({ code: 0, out: '✓ All stacks are valid\n' })
  writeFileSync(join(root, 'stacks/orgs/twin.yaml'), 'import: [catalog/vpc]\nvars: {stage: prod, other: true}\n')
  try {
    const { code, out } = await airlock('validate', 'stacks')
    expect(code).toBe(1)
    expect(out).toContain('1 mistake in the stacks')
    expect(JSON.parse((await airlock('validate', 'stacks', '--json')).out)).toHaveLength(1)
  } finally {
    rmSync(join(root, 'stacks/orgs/twin.yaml'))
  }
})
