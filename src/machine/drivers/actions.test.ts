import { expect, test } from 'vitest'
import { actionsMachine } from './actions.ts'
import { nodeMachine } from './node.ts'

test('a job is known by its run and attempt, and speaks for no other', () => {
  const runner = nodeMachine()
  const run = { name: '4411-2', url: 'https://github.com/acme/infra/actions/runs/4411' }
  const machine = actionsMachine({ repository: 'acme/infra', runId: 4411, attempt: 2, run, actor: 'ann', runner })
  expect(machine).toMatchObject({ user: 'ann', run, cores: runner.cores })
  expect(machine.self).toEqual({ host: 'github:acme/infra', pid: 4411, started: 'attempt 2' })
  expect(machine.isRunning(machine.self)).toBe(true)
  expect(machine.isRunning({ ...machine.self, started: 'attempt 1' })).toBeUndefined()
  expect(machine.isRunning({ ...machine.self, pid: 4410 })).toBeUndefined()
  expect(machine.isRunning(runner.self)).toBeUndefined()
})
