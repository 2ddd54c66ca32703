import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { type MemoryGitHub, memoryGitHub } from '../github/drivers/memory.ts'
import type { WorkflowRun } from '../github/runs.ts'
import type { Machine, ProcessId } from '../machine/machine.ts'
import { type AddressDocument, emptyDocument } from '../records/document.ts'
import { holderState, holderStates } from './holder.ts'

const machine: Machine = {
  self: { host: 'github:acme/infra', pid: 4412, started: 'attempt 1' },
  user: 'ann',
  cores: 2,
  process: () => undefined,
  isRunning: ({ pid }) => (pid === 4412 ? true : undefined),
  every: () => () => {},
}

const claimedBy = (process: Partial<ProcessId>): AddressDocument => ({
  ...emptyDocument({ backend: 'local', settings: {}, workspace: 'default' }),
  claim: {
    purpose: 'apply',
    holder: {
      run: '4411',
      by: 'ann',
      process: { host: 'github:acme/infra', pid: 4411, started: 'attempt 1', ...process },
    },
    fence: 1,
    sinceMs: 0,
    leasedMs: 0,
    untilMs: 1,
  },
})

function withRun(run: Partial<WorkflowRun> = {}, id = 4411): MemoryGitHub {
  const github = memoryGitHub()
  github.has.runs.set(id, {
    id,
    attempt: 1,
    event: 'push',
    headCommit: 'a',
    status: 'in_progress',
    conclusion: undefined,
    workflow: '.github/workflows/airlock.yml',
    url: 'https://github.com/acme/infra/actions/runs/4411',
    ...run,
  })
  return github
}

test.each<[string, string, MemoryGitHub | undefined, Partial<ProcessId>]>([
  ['goes on', 'running', withRun(), {}],
  ['waits for an approval', 'running', withRun({ status: 'waiting' }), {}],
  ['has ended', 'over', withRun({ status: 'completed', conclusion: 'cancelled' }), {}],
  ['was run again', 'over', withRun({ attempt: 2 }), {}],
  ['is this one', 'running', withRun(), { pid: 4412 }],
  ['was deleted, as this run shows that the token sees runs', 'over', withRun({}, 4412), {}],
  ['cannot be seen', 'unknown', memoryGitHub(), {}],
  ['is of another repository', 'unknown', withRun(), { host: 'github:acme/other' }],
  ['was on a laptop', 'unknown', withRun(), { host: 'laptop' }],
  ['cannot be asked for', 'unknown', undefined, {}],
])('who has the claim is a run that %s: %s', async (_, expected, github, process) => {
  expect(await holderState({ machine, ...(github && { github }) }, claimedBy(process))).toBe(expected)
})

test('a run that GitHub does not want to tell of now is unknown', async () => {
  const github = memoryGitHub({ refuses: () => new UserError({ code: 'github-limited', message: 'later' }) })
  expect(await holderState({ machine, github }, claimedBy({}))).toBe('unknown')
})

test('many claims of one run cost one request', async () => {
  const github = withRun()
  const state = holderStates({ machine, github })
  await Promise.all(Array.from({ length: 20 }, () => state(claimedBy({}))))
  expect(github.calls).toHaveLength(1)
})

test.each<[string, string, string, Partial<ProcessId>, number | undefined]>([
  ['has ended while its run goes on', 'completed', 'over', {}, undefined],
  ['goes on', 'in_progress', 'running', {}, undefined],
  ['has ended in this very run', 'completed', 'over', { pid: 4412 }, undefined],
  ['has ended, when its lease has', 'completed', 'over', {}, 1],
  ['has ended, and its lease has not', 'completed', 'running', {}, 0],
])('who has the claim is a job that %s', async (_, status, expected, process, nowMs) => {
  const github = withRun()
  github.has.jobs.set(77, { id: 77, name: 'vpc · dev', status: status as 'completed', conclusion: undefined })
  const others = { ...machine, isRunning: () => undefined }
  const claimed = claimedBy({ started: 'attempt 1, job 77', ...process })
  expect(await holderStates({ machine: others, github }, nowMs)(claimed)).toBe(expected)
})

test('a job is not asked for whose run is over, nor one that is in its lease', async () => {
  const [ended, leased] = [withRun({ status: 'completed' }), withRun()]
  const claimed = claimedBy({ started: 'attempt 1, job 77' })
  await holderStates({ machine, github: ended })(claimed)
  await holderStates({ machine, github: leased }, 0)(claimed)
  expect([...ended.calls, ...leased.calls].map(({ method }) => method)).toEqual(['runs.get', 'runs.get'])
})

test('of a job that GitHub does not tell of, its run speaks', async () => {
  expect(await holderState({ machine, github: withRun() }, claimedBy({ started: 'attempt 1, job 77' }))).toBe('running')
})
