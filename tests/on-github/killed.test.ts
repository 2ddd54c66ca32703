import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type House, house } from './house.ts'
import {
  allAtRest,
  applying,
  documentOf,
  inCloud,
  jobAtWork,
  networksOnly,
  nothingLeft,
  outcomes,
  slowly,
  stateLocks,
  stateOf,
  tagged,
  until,
} from './records.ts'
import { thorough } from './thorough.ts'

const ue1 = 'stacks/orgs/plat/dev/ue1.yaml'
const vpc = 'vpc@plat-ue1-dev'
const docs = { 'README.md': 'Where commands are said.\n' }

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

let home: House
let stack: string

beforeAll(async () => {
  home = await house({
    approval: 'none',
    files: (all) => {
      networksOnly(all, ['ue1'])
      all['atmos.yaml'] += '    lease_minutes: 1\n'
    },
  })
  stack = await home.file(ue1)
})
afterAll(async () => await home?.close())
afterEach(async () => await slowly(home, 'plat-ue1-dev', undefined))

/** Something is merged that changes one network. */
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
  return ((await inCloud(home, 'network', 'plat-ue1-dev')).tags as Record<string, unknown>).round
}

it('leaves what a killed runner had until its lease has ended, then finishes it once', async () => {
  await slowly(home, 'plat-ue1-dev', 900_000)
  await merged('one')
  await applying(home, vpc)
  await killed()

  await home.dispatch({ task: 'sweep' })
  expect(outcomes(home, vpc)).toEqual(['open'])
  expect(stateLocks(home)).toHaveLength(1)

  home.later(61_000)
  await home.dispatch({ task: 'sweep' })
  expect(outcomes(home, vpc)).toEqual(['unknown', 'done'])
  expect(await round()).toBe('one')
  allAtRest(home)
})

it('is freed before that by whoever may, once the run is over, and by nobody while it goes on', async () => {
  const pull = await home.open('docs', docs, 'Docs [skip ci]')
  /** The answer to a command, once it is there. */
  const answer = async (body: string): Promise<string> => {
    const said = () => home.github.comments(home.repository, pull)
    const before = said().length
    await home.github.comment(home.repository, pull, body, 'ann')
    return until(home, `an answer to ${body}`, () => said()[before + 1]?.body)
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
  expect(outcomes(home, vpc, rev)).toEqual(['unknown', 'done'])
  expect(await round()).toBe('two')
  expect(stateOf(home, vpc).serial).toBe(serial + 1)
  allAtRest(home)
})

it('loses nothing when a runner is evicted before anything began, nor when the run is cancelled that makes up for it', async () => {
  const { serial } = stateOf(home, vpc)
  const { rev } = documentOf(home, vpc)
  await merged('three')
  const run = () => home.runsOf('push').at(-1)
  const begun = () => run()?.jobs.some(({ key, status }) => key === 'affected' && status === 'in_progress')
  await until(home, 'a run', () => home.runsOf('push').length === 3 && begun())
  home.runner.kill(jobAtWork(home, 'affected'))
  await home.idle()
  expect(home.told(run())).toContain('affected: failure')
  expect(outcomes(home, vpc, rev)).toEqual([])

  await slowly(home, 'plat-ue1-dev', 10_000)
  const swept = home.dispatch({ task: 'sweep' })
  await applying(home, vpc)
  const job = jobAtWork(home, 'apply-1')
  home.runner.cancel(home.runsOf('workflow_dispatch').at(-1)!)
  await swept
  expect(job.conclusion).toBe('cancelled')
  expect(job.log).toContain('This step was told to end. The apply goes on')
  expect(job.log).toContain('waiting for it')
  expect(outcomes(home, vpc, rev)).toEqual(['done'])
  expect(await round()).toBe('three')
  expect(stateOf(home, vpc).serial).toBe(serial + 1)
  allAtRest(home)
  await nothingLeft(home)
})
