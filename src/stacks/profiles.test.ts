import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { loadConfig } from './config.ts'

const files = {
  'atmos.yaml': 'base_path: here\ncomponents: {terraform: {command: own}}\nstacks: {base_path: stacks}\n',
  'profiles/ci/a.yaml': 'components: {terraform: {command: ci}}\n',
  'profiles/ci/b.yml': 'settings: {list_merge_strategy: append}\n',
  '.atmos/profiles/dev/atmos.yaml': 'components: {terraform: {command: dev}}\n',
}
const commandOf = (more: Record<string, string>, profile?: string[], env: Record<string, string> = {}) =>
  loadConfig(memoryTree({ ...files, ...more }), { cwd: '', env, gitRoot: '', ...(profile && { flags: { profile } }) })
    .components.terraform.command

test('every file of a profile lies over the configuration, and later profiles over earlier ones', () => {
  expect(commandOf({})).toBe('own')
  expect(commandOf({}, ['ci'])).toBe('ci')
  expect(commandOf({}, ['ci', 'dev'])).toBe('dev')
  expect(commandOf({}, ['dev', 'ci'])).toBe('ci')
})

test('the flag counts before the variable, and that before what the configuration says', () => {
  const config = { 'atmos.yaml': `${files['atmos.yaml']}profiles: {default: [ci]}\n` }
  expect(commandOf(config)).toBe('ci')
  expect(commandOf(config, undefined, { ATMOS_PROFILE: 'dev' })).toBe('dev')
  expect(commandOf(config, ['ci'], { ATMOS_PROFILE: 'dev' })).toBe('ci')
})

test('a profile that is nowhere is an error that says where it was looked for', () => {
  expect(() => commandOf({}, ['nope'])).toThrow(
    'there is no profile nope of the configuration in .atmos/profiles, profiles',
  )
})
