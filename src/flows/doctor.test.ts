import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { memoryRepo } from '../git/drivers/memory.ts'
import type { Programs } from '../machine/programs.ts'
import { memoryStore } from '../store/drivers/memory.ts'
import { type DoctorWorld, examine, isOlder } from './doctor.ts'

const programs = (versions: Readonly<Record<string, string>>): Programs => ({
  find: async (command) => (versions[command] ? { path: `/bin/${command}`, version: versions[command] } : undefined),
})

const atmos = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}"}
`
const stack = (stage: string) => `vars: {stage: ${stage}}
components: {terraform: {vpc: {}, eks: {}, base: {metadata: {type: abstract}}}}
`

function world(changes: Partial<DoctorWorld> = {}, config = atmos): DoctorWorld {
  const repo = memoryRepo({ root: '/repo' })
  repo.commit({ 'atmos.yaml': config, 'stacks/dev.yaml': stack('dev'), 'stacks/prod.yaml': stack('prod') })
  return {
    programs: programs({ git: '2.39.5', terraform: '1.11.4' }),
    node: { version: 'v20.19.0', path: '/bin/node' },
    repo: async () => repo,
    store: async () => memoryStore(),
    ambient: () => ({ cwd: '', env: {}, gitRoot: '' }),
    github: async () => ({ kind: 'closed', why: 'no-remote', message: 'no remote', fix: 'add one' }),
    installed: async () => ({ version: '0.1.0', repository: 'acme/airlock', commit: 'a'.repeat(40) }),
    ...changes,
  }
}

const named = async (name: string, changes?: Partial<DoctorWorld>, config?: string) =>
  (await examine(world(changes, config))).find((finding) => finding.name === name)

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
    'inputs ok',
  ])
  expect((await named('terraform'))?.found).toBe('1.11.4 at /bin/terraform')
  expect((await named('stacks'))?.found).toBe('4 instances in 2 stacks')
})

test('without terraform and tofu it says what works all the same', async () => {
  const tool = await named('terraform', { programs: programs({ git: '2.39.5' }) })
  expect(tool?.state).toBe('missing')
  expect(tool?.fix).toContain('affected, explain, describe, validate and status work without')
  expect(await named('terraform', { programs: programs({ git: '2.39.5', tofu: '1.8.0' }) })).toBeUndefined()
})

test('a Git that is missing or too old stands in the way', async () => {
  const state = async (versions: Record<string, string>) =>
    (await named('git', { programs: programs(versions) }))?.state
  expect(await state({})).toBe('wrong')
  expect(await state({ git: '2.17.1' })).toBe('wrong')
  expect(await state({ git: '2.40' })).toBe('ok')
})

test('outside of a repository the rest is examined, and the fix told', async () => {
  const repo = async () => {
    throw new UserError({ code: 'not-a-repository', message: '/tmp is no Git repository', fix: 'git init' })
  }
  expect((await examine(world({ repo }))).at(-1)).toEqual({
    name: 'repository',
    state: 'wrong',
    found: '/tmp is no Git repository',
    fix: 'git init',
  })
})

test('a mistake in the configuration is told with its place, and the store is looked at all the same', async () => {
  const config = `${atmos}integrations:\n  airlock:\n    brunch: main\n`
  expect(await named('stacks', {}, config)).toEqual({
    name: 'stacks',
    state: 'wrong',
    found: 'atmos.yaml:6:5: integrations.airlock.brunch is no setting of Airlock',
    fix: 'did you mean integrations.airlock.branch?',
  })
  expect((await named('store', {}, config))?.state).toBe('ok')
})

test('a bug is not taken for a finding', async () => {
  await expect(examine(world({ repo: () => Promise.reject(new TypeError('bug')) }))).rejects.toThrow('bug')
})

test('versions compare by numbers', () => {
  const pairs = [
    ['2.9.0', '2.30'],
    ['2.30.1', '2.30'],
    ['2.30', '2.30.1'],
    ['3.0', '2.30'],
  ] as const
  expect(pairs.map(([version, than]) => isOlder(version, than))).toEqual([true, false, true, false])
})
