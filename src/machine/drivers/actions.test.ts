import { expect, test } from 'vitest'
import { actionsMachine } from './actions.ts'
import { nodeMachine } from './node.ts'

const runner = nodeMachine()
const run = { name: '4411-2', url: 'https://github.com/acme/infra/actions/runs/4411' }
const of = { repository: 'acme/infra', run: 4411, attempt: 2 }

test('a job is known by its run and attempt, and speaks for no other', () => {
  const machine = actionsMachine({ job: { ...of, job: undefined }, run, actor: 'ann', runner })
  expect(machine).toMatchObject({ user: 'ann', run, cores: runner.cores })
  expect(machine.self).toEqual({ host: 'github:acme/infra', pid: 4411, started: 'attempt 2' })
  expect(machine.isRunning(machine.self)).toBe(true)
  expect(machine.isRunning({ ...machine.self, started: 'attempt 1' })).toBeUndefined()
  expect(machine.isRunning({ ...machine.self, pid: 4410 })).toBeUndefined()
  expect(machine.isRunning(runner.self)).toBeUndefined()
})

test('where GitHub tells its number, it does not speak for other jobs of its run either', () => {
  const machine = actionsMachine({ job: { ...of, job: 77 }, run, actor: 'ann', runner })
  expect(machine.self).toEqual({ host: 'github:acme/infra', pid: 4411, started: 'attempt 2, job 77' })
  expect(machine.isRunning(machine.self)).toBe(true)
  expect(machine.isRunning({ ...machine.self, started: 'attempt 2, job 78' })).toBeUndefined()
  expect(machine.isRunning({ ...machine.self, started: 'attempt 2' })).toBe(true)
})
