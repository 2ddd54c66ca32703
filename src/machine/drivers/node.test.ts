import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { nodeMachine } from './node.ts'

test('a running process is known by number and start, and is gone once it ended', async () => {
  const machine = nodeMachine()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  const known = machine.process(child.pid!)!
  expect(machine.isRunning(known)).toBe(true)
  expect(machine.isRunning({ ...known, started: machine.self.started })).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(machine.isRunning(known)).toBe(false)
})

test('nobody can tell of another machine, or of another container of the same host name', () => {
  const { self, isRunning } = nodeMachine()
  expect(isRunning(self)).toBe(true)
  expect(isRunning({ ...self, host: 'elsewhere' })).toBeUndefined()
  if (process.platform !== 'linux') return
  const [boot, , ticks] = self.started.split('.')
  expect(isRunning({ ...self, started: `${boot}.1.${ticks}` })).toBeUndefined()
  expect(isRunning({ ...self, started: `00000000.${self.started.split('.')[1]}.${ticks}` })).toBe(false)
})
