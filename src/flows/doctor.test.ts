import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { memoryRepo } from '../git/drivers/memory.ts'
import type { Programs } from '../machine/programs.ts'
import { settings } from '../settings.ts'
import { memoryStore } from '../store/drivers/memory.ts'
import { type DoctorWorld, examine, isOlder } from './doctor.ts'

const programs = (versions: Readonly<Record<string, string>>): Programs => ({
  find: async (command) => (versions[command] ? { path: `/bin/${command}`, version: versions[command] } : undefined),
})

function world(changes: Partial<DoctorWorld> = {}): DoctorWorld {
  return {
    programs: programs({ git: '2.39.5', terraform: '1.11.4' }),
    node: { version: 'v20.19.0', path: '/bin/node' },
    repo: async () => memoryRepo({ root: '/repo' }),
    store: async () => memoryStore(),
    estate: async () => ({ settings: settings(undefined), instances: 18, stacks: 6 }),
    ...changes,
  }
}

test('a machine that has all is told so, with versions and places', async () => {
  const findings = await examine(world())
  expect(findings.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'node ok',
    'git ok',
    'terraform ok',
    'repository ok',
    'stacks ok',
    'settings ok',
    'store ok',
  ])
  expect(findings.find(({ name }) => name === 'terraform')?.found).toBe('1.11.4 at /bin/terraform')
  expect(findings.find(({ name }) => name === 'stacks')?.found).toBe('18 instances in 6 stacks')
})

test('without terraform and tofu it says what works all the same', async () => {
  const findings = await examine(world({ programs: programs({ git: '2.39.5' }) }))
  const tool = findings.find(({ name }) => name === 'terraform')
  expect(tool?.state).toBe('missing')
  expect(tool?.fix).toContain('affected, explain, describe, validate and status work without')
  const tofu = await examine(world({ programs: programs({ git: '2.39.5', tofu: '1.8.0' }) }))
  expect(tofu.map(({ name }) => name)).not.toContain('terraform')
})

test('a Git that is missing or too old stands in the way', async () => {
  const states = async (versions: Record<string, string>) =>
    (await examine(world({ programs: programs(versions) }))).find(({ name }) => name === 'git')?.state
  expect(await states({})).toBe('wrong')
  expect(await states({ git: '2.17.1' })).toBe('wrong')
  expect(await states({ git: '2.40' })).toBe('ok')
})

test('outside of a repository the rest is examined, and the fix told', async () => {
  const repo = async () => {
    throw new UserError({ code: 'not-a-repository', message: '/tmp is no Git repository', fix: 'git init' })
  }
  const findings = await examine(world({ repo }))
  expect(findings.at(-1)).toEqual({
    name: 'repository',
    state: 'wrong',
    found: '/tmp is no Git repository',
    fix: 'git init',
  })
})

test('a mistake in the configuration is told with its place', async () => {
  const estate = async () => {
    const at = { file: 'atmos.yaml', line: 3, column: 5 }
    throw new UserError({ code: 'setting-unknown', message: 'integrations.airlock.brunch is no setting', at, exit: 2 })
  }
  const findings = await examine(world({ estate }))
  expect(findings.find(({ name }) => name === 'stacks')).toEqual({
    name: 'stacks',
    state: 'wrong',
    found: 'atmos.yaml:3:5: integrations.airlock.brunch is no setting',
  })
  expect(findings.at(-1)?.name).toBe('store')
})

test('a bug is not taken for a finding', async () => {
  await expect(examine(world({ estate: () => Promise.reject(new TypeError('bug')) }))).rejects.toThrow('bug')
})

test('versions compare by numbers', () => {
  expect([
    isOlder('2.9.0', '2.30'),
    isOlder('2.30.1', '2.30'),
    isOlder('2.30', '2.30.1'),
    isOlder('3.0', '2.30'),
  ]).toEqual([true, false, true, false])
})
