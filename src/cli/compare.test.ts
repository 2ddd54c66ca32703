import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
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
  'stacks/catalog/vpc.yaml': `components:
  terraform:
    vpc:
      vars: {cidr: 10.0.0.0/16, password: hunter22, token_name: x, count: 12345678901234567890}
`,
  'stacks/orgs/dev.yaml': 'import: [catalog/vpc]\nvars: {stage: dev, id: "!terraform.state net id"}\n',
  'stacks/orgs/prod.yaml': 'import: [catalog/vpc]\nvars: {stage: prod}\n',
  'components/terraform/vpc/main.tf': 'variable "password" {\n  sensitive = true\n}\n',
}

let root = ''
let ours = ''

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-compare-test-')))
  for (const [path, text] of Object.entries(files)) write(path, text)
  ours = await described()
})
afterAll(() => rmSync(root, { recursive: true }))

async function airlock(...words: string[]) {
  const terminal = recordedTerminal({ cwd: root, env: { PATH: `${root}/bin:${process.env.PATH}`, HOME: root } })
  const code = await run(words, entries, () => terminal)
  return { code, out: terminal.printed(), err: terminal.noted() }
}

async function described(...stack: string[]): Promise<string> {
  const words = ['describe', 'stacks', '--format', 'json', '--process-functions=false']
  return (await airlock(...words, ...stack.flatMap((name) => ['-s', name]))).out
}

/** Puts a stand-in for Atmos on the PATH that says this, and keeps the words that it was called with. */
function atmosSays(stdout: string, { stderr = '', code = 0 } = {}): void {
  write('bin/stdout', stdout)
  write('bin/stderr', stderr)
  const here = join(root, 'bin')
  write(
    'bin/atmos',
    `#!/bin/sh
if [ "$1" = version ]; then echo "Atmos 1.227.0"; exit; fi
printf '%s\\n' "$*" "$ATMOS_LOGS_LEVEL $NO_COLOR" > ${here}/asked
cat ${here}/stdout
cat ${here}/stderr >&2
exit ${code}
`,
  )
  chmodSync(join(root, 'bin/atmos'), 0o755)
}

test('an Atmos that says the same is equal, and it was asked what Airlock was asked', async () => {
  atmosSays(ours)
  const { code, out } = await airlock('compare', '--base-path', '.')
  expect([code, out]).toEqual([0, '✓ The same as Atmos 1.227.0: 2 components in 2 stacks\n'])
  expect(readFileSync(join(root, 'bin/asked'), 'utf8')).toBe(
    'describe stacks --format json --process-functions=false --base-path=.\nOff 1\n',
  )
})

test('every difference is told with both values and the place of ours, and secrets are not', async () => {
  const other = ours
    .replace('"cidr": "10.0.0.0/16"', '"cidr": "10.4.0.0/16"')
    .replace('hunter22', 'hunter23')
    .replace(/12345678901234567890/, '12345678901234567891')
  atmosSays(other)
  const { code, out } = await airlock('compare')
  expect(code).toBe(1)
  expect(out).toBe(`3 values of 1 component differ from Atmos 1.227.0, of 2 components in 2 stacks

vpc in dev
  vars.cidr
    Airlock   10.0.0.0/16   stacks/catalog/vpc.yaml:4:20
    Atmos     10.4.0.0/16
  vars.count
    Airlock   12345678901234567890   stacks/catalog/vpc.yaml:4:75
    Atmos     12345678901234567891
  vars.password
    Airlock   (sensitive)   stacks/catalog/vpc.yaml:4:43
    Atmos     (sensitive)
`)
  const json = JSON.parse((await airlock('compare', '--json')).out)
  expect(json).toMatchObject({ kind: 'compared', equal: false, components: 2, stacks: 2 })
  expect(json.differences[0]).toEqual({
    stack: 'dev',
    type: 'terraform',
    component: 'vpc',
    path: ['vars', 'cidr'],
    airlock: '10.0.0.0/16',
    atmos: '10.4.0.0/16',
    at: { file: 'stacks/catalog/vpc.yaml', line: 4, column: 20 },
  })
})

test('a component that only one of the two has is told as such', async () => {
  atmosSays(await described('dev'))
  const { code, out } = await airlock('compare')
  expect([code, out.split('\n').slice(2)]).toEqual([
    1,
    ['vpc in prod', '    Airlock   has it   stacks/catalog/vpc.yaml:3:5', '    Atmos     (nothing)', ''],
  ])
})

test('one stack is compared with one stack', async () => {
  atmosSays(await described('prod'))
  const { code, out } = await airlock('compare', '-s', 'prod')
  expect([code, out]).toEqual([0, '✓ The same as Atmos 1.227.0: 1 component in 1 stack\n'])
})

test('an Atmos that fails alone is shown with its words', async () => {
  atmosSays('', { stderr: 'Error: no such thing', code: 1 })
  const { code, out } = await airlock('compare')
  expect([code, out]).toEqual([
    2,
    `Atmos 1.227.0 fails where Airlock does not

Atmos
  Error: no such thing

Airlock
  answers without an error
`,
  ])
})

test('both errors are shown side by side where both fail, which is no difference', async () => {
  write('stacks/orgs/dev.yaml', 'import: [catalog/vcp]\nvars: {stage: dev}\n')
  atmosSays('', { stderr: 'Error: failed to find import', code: 1 })
  const both = await airlock('compare')
  atmosSays(ours)
  const alone = await airlock('compare')
  write('stacks/orgs/dev.yaml', files['stacks/orgs/dev.yaml'])
  expect(both.code).toBe(0)
  expect(both.out).toContain(
    '✓ Atmos 1.227.0 and Airlock both fail\n\nAtmos\n  Error: failed to find import\n\nAirlock\n',
  )
  expect(both.out).toContain('  Error: stacks/orgs/dev.yaml:1:10: import "catalog/vcp" matches no file')
  expect([alone.code, alone.out.split('\n')[0]]).toEqual([1, 'Airlock fails where Atmos 1.227.0 does not'])
})

test('no Atmos, and one that answers something else, are errors with the next thing to do', async () => {
  const none = await airlock('compare', '--atmos', './nowhere/atmos')
  expect([none.code, none.err]).toEqual([
    2,
    `Error: there is no program ./nowhere/atmos to compare with
  install Atmos (https://atmos.tools/install), or name it: airlock compare --atmos PATH
`,
  ])
  atmosSays('dev:\n  components: {}\n')
  const unclear = await airlock('compare')
  expect([unclear.code, unclear.err.split('\n')[0]]).toEqual([
    2,
    expect.stringContaining('atmos describe stacks answered what is no JSON'),
  ])
})

test('a template that only a run can answer is told apart from what differs', async () => {
  write('atmos.yaml', `${files['atmos.yaml']}templates: {settings: {enabled: true}}\n`)
  write(
    'stacks/orgs/dev.yaml',
    'import: [catalog/vpc]\nvars: {stage: dev, id: \'{{ atmos.Store "st" "dev" "net" "id" }}\'}\n',
  )
  atmosSays(ours.replace('!terraform.state net id', 'net-1'))
  const { code, out } = await airlock('compare')
  write('atmos.yaml', files['atmos.yaml'])
  write('stacks/orgs/dev.yaml', files['stacks/orgs/dev.yaml'])
  expect([code, out]).toEqual([
    0,
    `✓ The same as Atmos 1.227.0: 2 components in 2 stacks

1 template more, which Airlock leaves to the run and Atmos answered now

vpc in dev
  vars.id
    Airlock   {{ atmos.Store "st" "dev" "net" "id" }}   stacks/orgs/dev.yaml:2:24
    Atmos     net-1
`,
  ])
})
