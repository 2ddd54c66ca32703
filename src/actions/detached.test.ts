import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Detached, detachedIn, follow, startDetached } from './detached.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'detached-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (script: string): Detached =>
  startDetached(folder, { program: process.execPath, args: ['-e', script], cwd: folder, env: { ...process.env } })
const exitWith = (code: number) => `require('fs').writeFileSync('exit', '${code}')`

async function followed(signal = new AbortController().signal) {
  let text = ''
  const end = await follow(detachedIn(folder), { signal, write: (more) => (text += more) })
  return { end, text }
}

test('a step shows what the process prints, and takes its exit code', async () => {
  start(`console.log('one'); console.error('two'); ${exitWith(3)}`)
  const { end, text } = await followed()
  expect(end).toEqual({ kind: 'ended', code: 3 })
  expect(text).toBe('one\ntwo\n')
})

test('a step that is told to end leaves the process, and a later one shows the rest', async () => {
  start(`console.log('begun'); const wait = setInterval(() => {
    if (!require('fs').existsSync('go')) return
    clearInterval(wait); console.log('done'); ${exitWith(0)}
  }, 5)`)
  const stop = new AbortController()
  const first = follow(detachedIn(folder), {
    signal: stop.signal,
    write: (text) => {
      expect(text).toBe('begun\n')
      stop.abort()
    },
  })
  expect(await first).toEqual({ kind: 'left' })
  writeFileSync(join(folder, 'go'), '')
  expect(await followed()).toEqual({ end: { kind: 'ended', code: 0 }, text: 'done\n' })
})

test('a process that was killed did not say how it ended', async () => {
  const { pid } = start("console.log('begun'); setInterval(() => {}, 1000)")
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
  expect((await followed()).end).toEqual({ kind: 'lost' })
})

test("the process is in a session of its own, without the runner's mark, and has a summary of its own", async () => {
  const { summary } = start(
    `console.log(process.env.RUNNER_TRACKING_ID === '', process.env.GITHUB_STEP_SUMMARY); ${exitWith(0)}`,
  )
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  expect(() => process.kill(-pid, 0)).not.toThrow() // it leads its own group
  expect((await followed()).text).toBe(`true ${summary}\n`)
  expect(existsSync(summary)).toBe(true)
})
