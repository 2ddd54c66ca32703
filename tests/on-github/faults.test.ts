import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Fault } from '../fakes/s3/s3.ts'
import { type House, house } from './house.ts'
import {
  allAtRest,
  applying,
  cloudObject,
  documentOf,
  keysIn,
  networksOnly,
  nothingLeft,
  outcomes,
  slowly,
  stateKeyOf,
  stateOf,
  tagged,
} from './records.ts'
import { thorough } from './thorough.ts'

const ue1 = 'stacks/orgs/plat/dev/ue1.yaml'
const vpc = 'vpc@plat-ue1-dev'
const program = fileURLToPath(new URL('../../airlock', import.meta.url))
const exec = promisify(execFile)
vi.setConfig({ testTimeout: 560_000, hookTimeout: 560_000 })

let home: House
let stack: string

function merged(round: string): Promise<string> {
  const files = { [ue1]: tagged(stack, 'round', round) }
  return home.github.push(home.repository, { branch: 'main', files, by: 'ann', message: round })
}

async function round(): Promise<unknown> {
  const { tags } = (await cloudObject(home, 'network/plat-ue1-dev')) as { readonly tags: Record<string, unknown> }
  return tags.round
}

/** A person pushes the state from a machine of their own. */
async function recovered(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'airlock-recover-'))
  try {
    const env = { ...process.env, ...home.laptop }
    const url = home.github.cloneUrl(home.repository, home.github.userToken('ann'))
    await exec('git', ['clone', '--quiet', url, folder], { env })
    await exec(program, ['recover', 'vpc', '-s', 'plat-ue1-dev', '--push'], { cwd: folder, env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe.skipIf(!thorough)('what goes wrong around a run', () => {
  beforeAll(async () => {
    home = await house({
      approval: 'none',
      files: (all) => {
        networksOnly(all, ['ue1'])
        all['atmos.yaml'] += '    lease_minutes: 10\n'
      },
    })
    await home.dispatch({ task: 'sweep' })
    stack = await home.file(ue1)
  })
  afterAll(async () => await home?.close())
  afterEach(async () => {
    home.s3.faults = () => undefined
    await slowly(home, 'plat-ue1-dev', undefined)
  })

  it('finds out what an apply has done that could not be written down, and does not do it again', async () => {
    const { serial } = stateOf(home, vpc)
    const { rev } = documentOf(home, vpc)
    await slowly(home, 'plat-ue1-dev', 2_000)
    await merged('one')
    await applying(home, vpc)
    home.s3.faults = ({ method, bucket, key }) =>
      method === 'PUT' && bucket === 'airlock' && key.includes('/documents/vpc-plat-ue1-dev')
        ? { kind: 'refuse', status: 500, code: 'InternalError' }
        : undefined
    await home.idle()
    const run = home.runsOf('push').at(-1)!
    expect(home.told(run)).toContain('apply-1 vpc · dev: failure')
    expect(run.jobs.find(({ key }) => key === 'apply-1')!.log).toContain('could not be recorded')
    expect(await round()).toBe('one')
    expect(outcomes(home, vpc, rev)).toEqual(['open'])

    home.s3.faults = () => undefined
    home.later(601_000)
    await home.dispatch({ task: 'sweep' })
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(stateOf(home, vpc).serial).toBe(serial + 1)
    allAtRest(home)
  })

  it('keeps a state that could not be stored, and plans and applies nothing until it is pushed', async () => {
    const { serial } = stateOf(home, vpc)
    const { rev } = documentOf(home, vpc)
    const key = stateKeyOf(vpc)
    home.s3.faults = (ask) =>
      ask.method === 'PUT' && ask.bucket === 'states' && ask.key === key
        ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
        : undefined
    await merged('two')
    await home.idle()
    home.s3.faults = () => undefined
    expect(outcomes(home, vpc, rev)).toEqual(['partial'])
    expect(documentOf(home, vpc).attempts.at(-1)!.errored).toBe('kept')
    expect(keysIn(home, 'airlock').filter((it) => it.includes('/errored/'))).toHaveLength(1)
    expect(await round()).toBe('two')
    expect(stateOf(home, vpc).serial).toBe(serial)

    await home.dispatch({ task: 'sweep' })
    expect(outcomes(home, vpc, rev)).toEqual(['partial'])
    expect(
      home
        .runsOf('workflow_dispatch')
        .at(-1)!
        .jobs.map(({ log }) => log)
        .join(),
    ).toContain('airlock recover')

    await recovered()
    expect(documentOf(home, vpc).attempts.find(({ errored }) => errored !== undefined)!.errored).toBe('pushed')
    await home.dispatch({ task: 'sweep' })
    expect(stateOf(home, vpc).serial).toBeGreaterThan(serial)
    expect(await round()).toBe('two')
    allAtRest(home)
  })

  it('brings a change through although every seventh answer of S3 is wrong, late or lost', async () => {
    const faults: readonly Fault[] = [
      { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' },
      { kind: 'lost' },
      { kind: 'refuse', status: 500, code: 'InternalError' },
      { kind: 'after', status: 500, code: 'InternalError' },
      { kind: 'refuse', status: 503, code: 'SlowDown' },
      { kind: 'dropped' },
    ]
    const { serial } = stateOf(home, vpc)
    const { rev } = documentOf(home, vpc)
    let [asked, broken] = [0, 0]
    home.s3.faults = ({ bucket, method, headers }) => {
      if (bucket !== 'airlock' || ++asked % 7 !== 0) return undefined
      const fault = faults[broken++ % faults.length]!
      // Only what has a condition can conflict.
      const isConditional = method === 'PUT' && (headers['if-match'] ?? headers['if-none-match']) !== undefined
      return fault.kind === 'refuse' && fault.status === 409 && !isConditional ? { kind: 'lost' } : fault
    }
    const number = await home.open('three', { [ue1]: tagged(stack, 'round', 'three') })
    await home.idle()
    expect(home.comment(number)).toContain('1 change')
    await home.github.merge(home.repository, number, { by: 'ann' })
    await home.idle()
    expect(broken).toBeGreaterThan(10)
    home.s3.faults = () => undefined

    expect(await round()).toBe('three')
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(stateOf(home, vpc).serial).toBe(serial + 1)
    allAtRest(home)
    await nothingLeft(home)
  })

  it('applies although GitHub takes no more requests, and tells it when it does again', async () => {
    const { rev } = documentOf(home, vpc)
    const { github, repository } = home
    const number = await home.open('four', { [ue1]: tagged(stack, 'round', 'four') })
    await home.idle()
    await slowly(home, 'plat-ue1-dev', 5_000)
    await github.merge(repository, number, { by: 'ann' })
    await applying(home, vpc)
    github.useUp(repository)
    await home.idle()
    const run = home.runsOf('push').at(-1)!
    expect(home.told(run)).toContain('apply-1 vpc · dev: success')
    expect(home.told(run)).toContain('after: failure')
    expect(run.jobs.find(({ key }) => key === 'after')!.log).toMatch(/GitHub takes no more requests .* until /)
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(home.comment(number)).not.toContain('applied')
    allAtRest(home)

    home.later(3_600_000)
    await home.dispatch({ task: 'sweep' })
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(home.comment(number)).toContain('applied')
  })
})
