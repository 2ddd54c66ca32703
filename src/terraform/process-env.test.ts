import { expect, test } from 'vitest'
import { terraformEnv } from './process-env.ts'

test('what would meddle stays outside, credentials and the CLI configuration come in', () => {
  const outer = {
    PATH: '/bin',
    AWS_PROFILE: 'dev',
    TF_CLI_CONFIG_FILE: '/rc',
    TF_VAR_name: 'outside',
    TF_CLI_ARGS_plan: '-destroy',
    TF_LOG: 'trace',
    TF_LOG_PATH: '/log',
    TF_WORKSPACE: 'other',
    TF_DATA_DIR: '/data',
  }
  expect(terraformEnv(outer, {}, '/cache')).toEqual({
    PATH: '/bin',
    AWS_PROFILE: 'dev',
    TF_CLI_CONFIG_FILE: '/rc',
    TF_IN_AUTOMATION: 'true',
    CHECKPOINT_DISABLE: '1',
  })
})

test('what is for Airlock alone is not handed on', () => {
  const outer = {
    GITHUB_TOKEN: 'for the provider',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.test',
    AIRLOCK_AGE_IDENTITY: 'AGE-SECRET-KEY-1',
    AIRLOCK_READS_KEY: 'k',
    INPUT_TOKEN: 'ghs_1',
    ACTIONS_RUNTIME_TOKEN: 't',
    GITHUB_ENV: '/tmp/env',
    GITHUB_OUTPUT: '/tmp/output',
  }
  expect(Object.keys(terraformEnv(outer, {}, '/cache')).sort()).toEqual([
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'CHECKPOINT_DISABLE',
    'GITHUB_TOKEN',
    'TF_IN_AUTOMATION',
  ])
})

test('the job gives variables and removes them, but has no say over the data folder', () => {
  const env = terraformEnv(
    { A: '1', B: '2', TF_VAR_x: 'out' },
    { A: undefined, B: '3', TF_VAR_x: 'in', TF_DATA_DIR: '/d' },
    '/c',
  )
  expect(env).toMatchObject({ B: '3', TF_VAR_x: 'in' })
  expect(env).not.toHaveProperty('A')
  expect(env).not.toHaveProperty('TF_DATA_DIR')
})

test('a job that asks for the plugin cache gets the shared one, unless it or the user has another', () => {
  const asks = { TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true' }
  expect(terraformEnv({}, asks, '/cache').TF_PLUGIN_CACHE_DIR).toBe('/cache')
  expect(terraformEnv({ TF_PLUGIN_CACHE_DIR: '' }, asks, '/cache').TF_PLUGIN_CACHE_DIR).toBe('/cache')
  expect(terraformEnv({ TF_PLUGIN_CACHE_DIR: '/own' }, asks, '/cache').TF_PLUGIN_CACHE_DIR).toBe('/own')
  expect(terraformEnv({}, {}, '/cache').TF_PLUGIN_CACHE_DIR).toBeUndefined()
})
