import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type House, house } from './house.ts'
import { until } from './networks.ts'
import {
  allAtRest,
  applying,
  cloudObject,
  documentOf,
  jobAtWork,
  networksOnly,
  nothingLeft,
  outcomes,
  slowly,
  stateLocks,
  stateOf,
  tagged,
} from './records.ts'
import { thorough } from './thorough.ts'

const ue1 = 'stacks/orgs/plat/dev/ue1.yaml'
const vpc = 'vpc@plat-ue1-dev'
const docs = { 'README.md': 'Where commands are said.\n' }
/** Longer than any test, so that a lease ends when the test says so. */
const leaseMs = 600_000

vi.setConfig({ testTimeout: 560_000, hookTimeout: 560_000 })

let home: House
let stack: string

/** One network, of which nothing was ever applied. */
async function begin(): Promise<void> {
  home = await house({
    approval: 'none',
    files: (all) => {
      networksOnly(all, ['ue1'])
      all['atmos.yaml'] += `    lease_minutes: ${leaseMs / 60_000}\n`
    },
  })
  stack = await home.file(ue1)
}

/** Something is merged that changes the network. */
function merged(round: string): Promise<string> {
  const files = { [ue1]: tagged(stack, 'round', round) }
  return home.github.push(home.repository, { branch: 'main', files, by: 'ann', message: round })
}

/** Its machine is taken away, with all that is on it, in the middle of the apply. */
async function killed(): Promise<void> {
  home.runner.kill(jobAtWork(home, 'apply-1'))
  await home.idle()
  await slowly(home, 'plat-ue1-dev', undefined)
  expect(stateLocks(home)).toHaveLength(1)
}

async function round(): Promise<unknown> {
  const { tags } = (await cloudObject(home, 'network/plat-ue1-dev')) as { readonly tags: Record<string, unknown> }
  return tags.round
}

afterEach(async () => await slowly(home, 'plat-ue1-dev', undefined))

describe.skipIf(!thorough)('a runner that is killed in the middle of an apply', () => {
  beforeAll(begin)
  afterAll(async () => await home?.close())

  it('keeps what it had until its lease has ended, and the next run finishes it once', async () => {
    await slowly(home, 'plat-ue1-dev', 900_000)
    await merged('one')
    const { lock } = await applying(home, vpc)
    await killed()
    expect(documentOf(home, vpc).claim).toMatchObject({ purpose: 'apply' })

    await home.dispatch({ task: 'sweep' })
    expect(outcomes(home, vpc)).toEqual(['open'])
    expect(stateLocks(home)).toHaveLength(1)

    home.later(leaseMs + 1_000)
    await home.dispatch({ task: 'sweep' })
    const [left, finished] = documentOf(home, vpc).attempts
    expect(outcomes(home, vpc)).toEqual(['unknown', 'done'])
    expect(left!.lock ?? 'released').toBe('released')
    expect(finished!.lock).not.toBe(lock)
    expect(await round()).toBe('one')
    allAtRest(home)
  })
})

describe.skipIf(!thorough)('a run that ends before its time', () => {
  beforeAll(async () => {
    await begin()
    await home.dispatch({ task: 'sweep' })
  })
  afterAll(async () => await home?.close())

  it('is freed before its lease has ended by whoever may, once it is over, and by nobody while it goes on', async () => {
    const pull = await home.open('docs', docs, 'Docs [skip ci]')
    /** The answer to a command, once it is there. */
    const answer = async (body: string): Promise<string> => {
      const said = () => home.github.comments(home.repository, pull)
      const before = said().length
      await home.github.comment(home.repository, pull, body, 'ann')
      return until(`an answer to ${body}`, () => said()[before + 1]?.body)
    }
    const { serial } = stateOf(home, vpc)
    const { rev } = documentOf(home, vpc)
    await slowly(home, 'plat-ue1-dev', 900_000)
    await merged('two')
    await applying(home, vpc)
    const unlock = '/airlock unlock vpc -s plat-ue1-dev its runner died'
    expect(await answer(unlock)).toContain('still runs')
    expect(documentOf(home, vpc).claim?.purpose).toBe('apply')

    await killed()
    expect(await answer(unlock)).toContain('is free again')
    await home.idle()
    expect(documentOf(home, vpc).claim).toBeUndefined()

    await home.dispatch({ task: 'sweep' })
    // Of what was killed Terraform may have been first, which Airlock then still wrote down.
    const [first, ...rest] = outcomes(home, vpc, rev)
    expect(['unknown', 'failed']).toContain(first)
    expect(rest).toEqual(['done'])
    expect(await round()).toBe('two')
    expect(stateOf(home, vpc).serial).toBe(serial + 1)
    allAtRest(home)
  })

  it('loses nothing when it was evicted or cancelled before anything began', async () => {
    const { rev } = documentOf(home, vpc)
    const run = () => home.runsOf('push').at(-1)
    const atWork = (key: string) => run()?.jobs.some((job) => job.key === key && job.status === 'in_progress')
    const before = home.runsOf('push').length
    await merged('three')
    await until('a run', () => home.runsOf('push').length > before && atWork('affected'))
    home.runner.kill(jobAtWork(home, 'affected'))
    await home.idle()
    expect(home.told(run())).toContain('affected: failure')

    await merged('four')
    await until('its plan', () => home.runsOf('push').length > before + 1 && atWork('plan'))
    home.runner.cancel(run()!)
    await home.idle()
    expect(run()!.conclusion).toBe('cancelled')
    expect(outcomes(home, vpc, rev)).toEqual([])
    expect(documentOf(home, vpc).claim).toBeUndefined()

    await home.dispatch({ task: 'sweep' })
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(await round()).toBe('four')
    allAtRest(home)
  })

  it('brings to an end what it was applying when somebody cancels it, and says how that came out', async () => {
    const { serial } = stateOf(home, vpc)
    const { rev } = documentOf(home, vpc)
    await slowly(home, 'plat-ue1-dev', 15_000)
    await merged('five')
    await applying(home, vpc)
    const job = jobAtWork(home, 'apply-1')
    home.runner.cancel(home.runsOf('push').at(-1)!)
    await home.idle()
    expect(job.conclusion).toBe('cancelled')
    expect(job.log).toContain('This step was told to end. The apply goes on')
    expect(job.log).toContain('waiting for it')
    expect(job.summary).toContain('vpc')
    expect(outcomes(home, vpc, rev)).toEqual(['done'])
    expect(await round()).toBe('five')
    expect(stateOf(home, vpc).serial).toBe(serial + 1)
    allAtRest(home)
    await nothingLeft(home)
  })

  it('is made up for when a newer one takes its place in the queue', async () => {
    const workflow = '.github/workflows/airlock.yml'
    const one = (await home.file(workflow)).replace(
      /^ {2}group: .*\n.*$/m,
      '  group: airlock\n  cancel-in-progress: false',
    )
    const { github, repository } = home
    await github.push(repository, {
      branch: 'main',
      files: { [workflow]: one },
      by: 'ann',
      message: 'One run at a time [skip ci]',
    })
    const { rev } = documentOf(home, vpc)
    await slowly(home, 'plat-ue1-dev', 15_000)
    await merged('six')
    await applying(home, vpc)
    await merged('seven')
    await until('a run that waits', () => home.runsOf('push').at(-1)?.status === 'pending')
    await merged('eight')
    await slowly(home, 'plat-ue1-dev', undefined)
    await home.idle()
    expect(home.runsOf('push').at(-2)!.conclusion).toBe('cancelled')
    expect(outcomes(home, vpc, rev)).toEqual(['done', 'done'])
    expect(await round()).toBe('eight')
    allAtRest(home)
    await nothingLeft(home)
  })
})
