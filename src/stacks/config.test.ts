import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Ambient } from './ambient.ts'
import { type AtmosConfig, loadConfig } from './config.ts'
import { plain } from './value.ts'

const load = (files: Record<string, string>, ambient: Partial<Ambient> = {}): AtmosConfig =>
  loadConfig(memoryTree(files), { cwd: '', env: {}, gitRoot: '', ...ambient })

test('keys are lower-cased and dots in them separate, but names of environment variables stay', () => {
  const { integrations, env } = load({ 'atmos.yaml': 'integrations: {GitHub: {a.B: 1}}\nenv: {MixedCase: x}\n' })
  expect(plain(integrations!)).toEqual({ github: { a: { b: 1 } } })
  expect(plain(env!)).toEqual({ MixedCase: 'x' })
})

test('an importing file beats its imports, and lists replace', () => {
  const files = {
    'atmos.yaml': 'base_path: .\nimport: [extra]\nstacks: {base_path: own, included_paths: [a]}\n',
    'extra.yaml': 'stacks: {base_path: imported, included_paths: [b, c], name_pattern: "{stage}"}\n',
  }
  expect(load(files).stacks).toMatchObject({ basePath: 'own', includedPaths: ['a'], namePattern: '{stage}' })
})

test('the environment beats the files', () => {
  const env = { ATMOS_STACKS_INCLUDED_PATHS: 'x,y', ATMOS_COMPONENTS_TERRAFORM_COMMAND: 'tofu' }
  const config = load({ 'atmos.yaml': 'stacks: {included_paths: [a]}\n' }, { env })
  expect([config.stacks.includedPaths, config.components.terraform.command]).toEqual([['x', 'y'], 'tofu'])
})

test('a boolean that is none in the environment is refused', () => {
  const env = { ATMOS_COMPONENTS_TERRAFORM_PLUGIN_CACHE: 'yes' }
  expect(() => load({ 'atmos.yaml': '' }, { env })).toThrow(/ATMOS_COMPONENTS_TERRAFORM_PLUGIN_CACHE is "yes"/)
})

test('once an atmos.yaml is found, the friendly defaults are off', () => {
  expect(load({ 'atmos.yaml': 'base_path: .\n' })).toMatchObject({ found: true, templates: { enabled: false } })
  expect(load({})).toMatchObject({ found: false, templates: { enabled: true }, stacks: { basePath: 'stacks' } })
})

test.each([
  ['.', '', 'infra', 'infra'],
  ['sub', '', '', 'sub'],
  ['', 'infra', 'infra', ''],
])('base_path %j, read in %j with the file in %j, is the folder %j', (text, cwd, folder, expected) => {
  const file = folder === '' ? 'atmos.yaml' : `${folder}/atmos.yaml`
  const files = { [file]: `base_path: "${text}"\n`, 'sub/x': '' }
  expect(load(files, { cwd: folder || cwd }).folder).toBe(expected)
})

test('a setting of the wrong kind is refused with its place', () => {
  expect(() => load({ 'atmos.yaml': 'stacks:\n  base_path: [x]\n' })).toThrow(
    expect.objectContaining({ code: 'config-invalid', at: { file: 'atmos.yaml', line: 2, column: 14 } }),
  )
})

test('editions are said not to be there yet', () => {
  const env = { ATMOS_EDITION: '2025-01-01' }
  expect(() => load({ 'atmos.yaml': '' }, { env })).toThrow(expect.objectContaining({ code: 'not-yet' }))
})
