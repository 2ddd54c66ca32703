import { expect, test } from 'vitest'
import { environment } from './environment.ts'
import { backendFile, providersOverride, terraformOverride, variables } from './files.ts'
import { generatedFiles } from './generate.ts'

test('sensitive variables go by the environment, and are in no file', () => {
  const { file, env } = variables(
    { password: 'p w"d', cfg: { b: 1, a: ['<x>'] }, nul: null, plain: 'x' },
    new Set(['password', 'cfg', 'nul', 'unset']),
    'vpc in dev',
  )
  expect(JSON.parse(file)).toEqual({ plain: 'x' })
  expect(env).toEqual({ TF_VAR_password: 'p w"d', TF_VAR_cfg: '{"a":["\\u003cx\\u003e"],"b":1}', TF_VAR_nul: 'null' })
})

test('the cloud block takes the workspace wherever its token stands', () => {
  const backend = { workspaces: { name: 'x-{terraform_workspace}', tags: ['{terraform_workspace}', 'b'] } }
  expect(JSON.parse(backendFile('cloud', backend, 'dev', 'vpc in dev'))).toEqual({
    terraform: { cloud: { workspaces: { name: 'x-dev', tags: ['dev', 'b'] } } },
  })
  expect(JSON.parse(backendFile('s3', { key: '{terraform_workspace}' }, 'dev', 'vpc in dev'))).toEqual({
    terraform: { backend: { s3: { key: '{terraform_workspace}' } } },
  })
})

test('aliased providers follow the plain one as a list, each with its alias', () => {
  const providers = {
    'aws.use1': { region: 'us-east-1', alias: 'own' },
    aws: { region: 'us-east-2' },
    'aws.a.b': {},
    'random.a': { x: 1 },
    helm: null,
    azurerm: [{ features: {} }],
  }
  expect(JSON.parse(providersOverride(providers, 'vpc in dev') ?? '')).toEqual({
    provider: {
      aws: [{ region: 'us-east-2' }, { alias: 'a.b' }, { alias: 'own', region: 'us-east-1' }],
      random: [{ alias: 'a', x: 1 }],
      helm: null,
      azurerm: [{ features: {} }],
    },
  })
  expect(providersOverride({}, 'vpc in dev')).toBeUndefined()
})

test('a version override is written only where a version is asked for', () => {
  expect(terraformOverride('', {}, 'vpc in dev')).toBeUndefined()
  expect(JSON.parse(terraformOverride('1.9', { aws: { source: 'a/b' } }, 'vpc in dev') ?? '')).toEqual({
    terraform: { required_version: '1.9', required_providers: { aws: { source: 'a/b' } } },
  })
})

test('the env section cannot reach what Airlock sets, and its nulls are told', () => {
  const { env, warnings } = environment({
    env: { A: null, N: '5', TF_IN_AUTOMATION: 'false', TF_PLUGIN_CACHE_DIR: '/own', TF_WORKSPACE: 'w' },
    sensitive: { TF_VAR_p: 'secret' },
    processEnv: {},
    pluginCache: true,
    userAgent: 'Airlock/1',
    who: 'vpc in dev',
  })
  expect(env).toEqual({
    A: '<nil>',
    N: '5',
    TF_WORKSPACE: 'w',
    TF_VAR_p: 'secret',
    TF_IN_AUTOMATION: 'true',
    TF_APPEND_USER_AGENT: 'Airlock/1',
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
  })
  expect(warnings).toEqual([
    'env.A of vpc in dev is null: Terraform gets the text <nil>, as from Atmos. Remove the key instead.',
  ])
})

test('generate writes texts and maps, and tells what it cannot write', () => {
  const { files, skipped } = generatedFiles(
    {
      'a.txt': 'hello {{ .x }}',
      'map.json': { z: 1, a: '<' },
      'vars.tfvars': { s: 'a "q" ${x}', n: 1, nul: null, l: [1, 'a'], m: { 'x.y': 1, z: [] }, e: {} },
      'blocks.tf': { locals: { a: 1, bb: 'x' }, variable: { v: { type: 'string', default: 'd' } } },
      'x.hcl': { list: [{ a: 1 }] },
      'nothing.txt': null,
      'list.json': [1],
      '../up.txt': 'x',
      'sub/f.txt': 'x',
      'old/f.txt': 'x',
    },
    {
      render: (text) => text.replace('{{ .x }}', 'X'),
      yaml: JSON.stringify,
      hasFolder: (path) => path === 'old',
      who: 'vpc in dev',
    },
  )
  expect(Object.fromEntries(files)).toEqual({
    'a.txt': 'hello X',
    'map.json': '{\n  "a": "\\u003c",\n  "z": 1\n}',
    'vars.tfvars':
      'e = {}\nl = [1, "a"]\nm = {\n  "x.y" = 1\n  z     = []\n}\nn   = 1\nnul = null\ns   = "a \\"q\\" $${x}"\n',
    'blocks.tf': 'locals {\n  a  = 1\n  bb = "x"\n}\nvariable "v" {\n  default = "d"\n  type    = "string"\n}\n',
    'x.hcl': 'list = [{\n  a = 1\n}]\n',
    'old/f.txt': 'x',
  })
  expect(skipped.map((it) => it.file)).toEqual(['../up.txt', 'list.json', 'sub/f.txt'])
})
