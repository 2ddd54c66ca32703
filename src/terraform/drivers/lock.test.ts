import { setMaxListeners } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LockMachine, lock } from './lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airlock-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const alive = new Set<number>()
const process = (pid: number, host = 'here') => ({ host, pid, started: `start of ${pid}` })

function machineOf(pid: number): LockMachine {
  alive.add(pid)
  return {
    self: process(pid),
    process: (it) => (alive.has(it) ? process(it) : undefined),
    isRunning: (it) => (it.host === 'here' ? alive.has(it.pid) : undefined),
  }
}

const never = new AbortController().signal
setMaxListeners(0, never)

function take(pid: number, waiting: (holder: string) => void = () => {}, stop: AbortSignal = never) {
  return lock(folder, { machine: machineOf(pid), of: `user ${pid}`, stop, waiting })
}

test('whoever waits is told once who has the lock, and gets it on release', async () => {
  const first = await take(1)
  const holders: string[] = []
  const second = take(2, (holder) => holders.push(holder))
  await expect.poll(() => holders).toHaveLength(1)
  expect(holders[0]).toMatch(/^process 1, for user 1, since \d\d:\d\d:\d\d UTC$/)
  await first.release()
  await (await second).release()
  expect(holders).toHaveLength(1)
})

test('a holder that is gone is succeeded at once', async () => {
  await take(1)
  alive.delete(1)
  await (await take(2)).release()
})

test('a Terraform that outlives its holder keeps the lock until it ends', async () => {
  const first = await take(1)
  machineOf(11)
  await first.note(11)
  alive.delete(1)
  const holders: string[] = []
  const second = take(2, (holder) => holders.push(holder))
  await expect.poll(() => holders).toHaveLength(1)
  expect(holders[0]).toContain('Terraform (process 11), left running by process 1, for user 1')
  alive.delete(11)
  await (await second).release()
})

test('a holder on another machine is waited for, since nobody here can tell', async () => {
  await lock(folder, {
    machine: { ...machineOf(1), self: process(1, 'elsewhere') },
    of: 'ann',
    stop: never,
    waiting: () => {},
  })
  const stop = new AbortController()
  const holders: string[] = []
  const second = take(2, (holder) => holders.push(holder), stop.signal)
  await expect.poll(() => holders).toHaveLength(1)
  expect(holders[0]).toContain('process 1 on elsewhere, for ann')
  stop.abort()
  await expect(second).rejects.toMatchObject({ code: 'working-copy-busy', exit: 3 })
})

test('a lock file that a crash of the machine cut off holds nobody up', async () => {
  await writeFile(join(folder, '000000007.json'), '')
  await (await take(1)).release()
  expect(await readdir(folder)).toEqual(['000000008.json'])
})

test('of many that race for the lock of a dead process, one at a time has it', async () => {
  await take(1)
  alive.delete(1)
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const held = await take(100 + index)
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 1))
      inside -= 1
      await held.release()
    }),
  )
  expect(most).toBe(1)
})
