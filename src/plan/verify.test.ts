import { readdirSync } from 'node:fs'
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import type { Plain } from '../stacks/value.ts'
import { fixtureBytes, fixtureText, planted } from './fixtures/read.ts'
import { openPlanfile } from './planfile.ts'
import { type ExpectedPlanfile, mismatchText, verifyPlanfile } from './verify.ts'

const folder = 'components/terraform/net'

const change: ExpectedPlanfile = {
  folder,
  files: new Map([
    [`${folder}/main.tf`, fixtureBytes('change/main.tf')],
    [`${folder}/README.md`, strToU8('no configuration')],
    [`${folder}/mod/main.tf`, fixtureBytes('create/mod/main.tf')],
  ]),
  generated: new Map([['plat-ue2-prod-net.terraform.tfvars.json', '{}']]),
  lockFile: undefined,
  backend: { type: 'local', config: {} },
  workspace: 'plat-ue2-prod',
  tool: 'terraform',
  terraformVersion: '1.11.4',
  variables: JSON.parse(fixtureText('change/variables.tfvars.json')) as Record<string, Plain>,
  mode: 'normal',
}

const inputs: ExpectedPlanfile = {
  folder: '',
  files: new Map([['main.tf', fixtureBytes('inputs/main.tf')]]),
  generated: new Map([['extra_override.tf.json', fixtureText('inputs/extra_override.tf.json')]]),
  lockFile: undefined,
  backend: {
    type: 'http',
    config: {
      address: 'http://user:pw@127.0.0.1:8399/state',
      username: 'u',
      password: 'hunter22',
      retry_max: 1,
      skip_cert_verification: 'true',
    },
  },
  workspace: 'default',
  tool: 'terraform',
  terraformVersion: '1.11.4',
  variables: {
    n: '7',
    s: '5',
    l: '["a","b"]',
    js: '3',
    big: 12345678901234567890123n,
    dec: 0.1,
    any: { a: [1, 'x', null, true] },
    commented: 'c',
    blocked: 'b',
    other: { x: 1 },
    eph: 'e2',
  },
  mode: 'normal',
}

const modules: ExpectedPlanfile = {
  ...change,
  folder: 'components/net',
  files: treeOf('modules'),
  workspace: 'default',
  variables: {},
}

const verify = (name: string, expected: ExpectedPlanfile) =>
  verifyPlanfile(fixtureBytes(`${name}/planfile`), expected).map(mismatchText)

test('a planfile is opened: version, backend, workspace, variables, state', () => {
  expect(openPlanfile(fixtureBytes('change/planfile'))).toMatchObject({
    terraformVersion: '1.11.4',
    mode: 'normal',
    backend: { type: 'local', config: { path: null, workspace_dir: null }, workspace: 'plat-ue2-prod' },
    variables: { name: 'beta', replace: 2, tags: { 'a.b/c': 'x' } },
    state: { lineage: 'fbb3a3fc-a540-921c-823c-4b5f78ec192d', serial: 6 },
  })
  expect(openPlanfile(fixtureBytes('create/planfile')).state).toBeUndefined()
})

test('a planfile made from exactly what is expected has no mismatch', () => {
  expect(verify('change', change)).toEqual([])
  expect(verify('inputs', inputs)).toEqual([])
})

test('a fetched module is a mismatch until its files are at hand', () => {
  expect(verify('modules', modules)).toEqual([
    'module fetched: expected configuration in components/net/.terraform/modules/fetched, found 1 files from git::file:///tmp/example-module, none of them known here',
  ])
  const fetched = strToU8('output "r" { value = "remote" }\n')
  const files = new Map([...modules.files, ['components/net/.terraform/modules/fetched/main.tf', fetched]])
  expect(verify('modules', { ...modules, files })).toEqual([])
})

test.each<[string, Partial<ExpectedPlanfile>, string]>([
  [
    'changed configuration',
    { files: new Map([[`${folder}/main.tf`, strToU8('# other')]]) },
    'net/main.tf: expected sha256 ',
  ],
  [
    'a file that the plan did not have',
    { files: new Map([...change.files, [`${folder}/more.tf`, strToU8('')]]) },
    'net/more.tf: expected sha256 e3b0c44298fc1c14…, found no such file',
  ],
  [
    'a generated file it did not have',
    { generated: new Map([['backend.tf.json', '{}']]) },
    'backend.tf.json: expected sha256 ',
  ],
  ['another workspace', { workspace: 'plat-ue1-prod' }, 'workspace: expected plat-ue1-prod, found plat-ue2-prod'],
  ['another backend', { backend: { type: 's3', config: {} } }, 'backend: expected s3, found local'],
  [
    'another backend setting',
    { backend: { type: 'local', config: { path: 'x' } } },
    'backend.path: expected x, found not set',
  ],
  ['another version', { terraformVersion: '1.11.5' }, 'terraform version: expected 1.11.5, found 1.11.4'],
  ['another lock file', { lockFile: strToU8('other') }, '.terraform.lock.hcl: expected sha256 '],
  ['a destroy that was expected', { mode: 'destroy' }, 'mode: expected destroy, found normal'],
  [
    'another variable',
    { variables: { ...change.variables, token: 'x' } },
    'var.token: expected the resolved value, found another value',
  ],
  ['a variable nobody gave', { variables: {} }, 'var.name: expected no value, found another value'],
])('%s is told', (_, patch, words) => {
  const mismatches = verify('change', { ...change, ...patch })
  expect(mismatches).toContainEqual(expect.stringContaining(words))
  for (const secret of planted) expect(mismatches.join()).not.toContain(secret)
})

test('files of tofu count for tofu alone, and stand in for those of Terraform', () => {
  const files = new Map([...change.files, [`${folder}/main.tofu`, strToU8('# tofu')]])
  expect(verify('change', { ...change, files })).toEqual([])
  expect(verify('change', { ...change, files, tool: 'tofu' })).toEqual([
    expect.stringContaining(`${folder}/main.tf: expected no such file`),
    expect.stringContaining(`${folder}/main.tofu: expected sha256`),
  ])
})

test('a backend credential is compared and never printed', () => {
  const config = { ...inputs.backend!.config, password: 'hunter33', address: 'http://user:pw@other.test/state' }
  expect(verify('inputs', { ...inputs, backend: { type: 'http', config } })).toEqual([
    'backend.address: expected http://other.test/state, found http://127.0.0.1:8399/state',
    'backend.password: expected (sensitive), found (sensitive)',
  ])
})

test('a module that claims to lie elsewhere is told', () => {
  const forged = rezip(fixtureBytes('modules/planfile'), (files) => {
    const manifest = new TextDecoder().decode(files['tfconfig/modules.json'])
    files['tfconfig/modules.json'] = strToU8(
      manifest.replace('"Dir": "../../modules/label"', '"Dir": "../../modules/evil"'),
    )
  })
  const files = new Map([...modules.files, ['modules/evil/main.tf', modules.files.get('modules/label/main.tf')!]])
  expect(verifyPlanfile(forged, { ...modules, files })).toContainEqual({
    kind: 'module',
    what: 'module label',
    expected: 'modules/label',
    found: 'modules/evil',
  })
})

test('a planfile that two readers could see differently is refused', () => {
  const bytes = fixtureBytes('change/planfile')
  const extra = (patch: (files: Record<string, Uint8Array>) => void) => () => openPlanfile(rezip(bytes, patch))
  expect(
    extra((files) => {
      files['tfconfig/evil.tf'] = strToU8('')
    }),
  ).toThrow('which Terraform does not write')
  expect(
    extra((files) => {
      files['tfconfig/m-x/evil.tf'] = strToU8('')
    }),
  ).toThrow('which its list does not name')
  expect(
    extra((files) => {
      delete files.tfplan
    }),
  ).toThrow('it has no tfplan')
  expect(() => openPlanfile(new Uint8Array([...strToU8('prefix'), ...bytes]))).toThrow('bytes lie outside')
  expect(() => openPlanfile(bytes.subarray(0, bytes.length - 1))).toThrow('cut short')
  const twice = rezip(bytes, (files) => {
    files.tfplaN = strToU8('another plan')
  })
  replaceAll(twice, strToU8('tfplaN'), strToU8('tfplan'))
  expect(() => openPlanfile(twice)).toThrow('"tfplan" twice')
})

test('any flipped byte of the plan message is read as something or refused, never a crash', () => {
  const bytes = fixtureBytes('create/planfile')
  const message = unzipSync(bytes).tfplan!
  for (let index = 0; index < message.length; index += 1) {
    const broken = rezip(bytes, (files) => {
      const copy = new Uint8Array(message)
      copy[index] = copy[index]! ^ 0xff
      files.tfplan = copy
    })
    try {
      openPlanfile(broken)
    } catch (error) {
      expect(error).toMatchObject({ name: 'UserError', code: 'planfile-unreadable' })
    }
  }
})

function rezip(bytes: Uint8Array, patch: (files: Record<string, Uint8Array>) => void): Uint8Array {
  const files = { ...unzipSync(bytes) }
  patch(files)
  return zipSync(files as Zippable)
}

function replaceAll(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = buffer.indexOf(from); at >= 0; at = buffer.indexOf(from, at + 1)) buffer.set(to, at)
}

function treeOf(name: string): Map<string, Uint8Array> {
  const root = new URL(`./fixtures/${name}/`, import.meta.url)
  return new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = `${entry.parentPath}/${entry.name}`.replace(/\/+/g, '/').slice(root.pathname.length)
        return [path, fixtureBytes(`${name}/${path}`)]
      }),
  )
}
