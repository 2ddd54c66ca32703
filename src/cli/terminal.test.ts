import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { processTerminal } from './terminal.ts'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const wishes = { json: false, quiet: false, noColor: false }

/** Runs a program that has the terminal; sends SIGINT at its first output, and again at every further line. */
async function interrupted(program: string, times: number) {
  const source = `import { exit, processTerminal, watchInterrupts } from ${JSON.stringify(new URL('terminal.ts', import.meta.url).href)}
watchInterrupts()
const terminal = processTerminal(${JSON.stringify(wishes)})
const alive = setInterval(() => {}, 1000)
${program}
terminal.print('ready')`
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  let left = times
  const again = () => {
    if (left-- > 0) child.kill('SIGINT')
  }
  child.stdout.on('data', (data) => {
    out += data
    again()
  })
  child.stderr.on('data', (data) => {
    err += data
    if (String(data).includes('Stopping')) again()
  })
  const code = await new Promise((done) => child.on('close', done))
  return { code, out, err }
}

test('an interrupt ends a command that does not listen for it, with exit code 1', async () => {
  expect(await interrupted('', 1)).toEqual({ code: 1, out: 'ready\n', err: '\nInterrupted.\n' })
})

test('a command that listens is told once, and ends in its own way', async () => {
  const listens = `terminal.signal.addEventListener('abort', () => { clearInterval(alive); terminal.note('state kept'); exit(3) })`
  const { code, err } = await interrupted(listens, 1)
  expect(code).toBe(3)
  expect(err).toContain('is waited for')
  expect(err).toContain('state kept')
})

test('a second interrupt does not wait', async () => {
  const { code, err } = await interrupted('void terminal.signal', 2)
  expect(code).toBe(1)
  expect(err).toContain('Stopped without waiting')
})

test('--chdir moves the command, not the process', () => {
  const before = process.cwd()
  expect(processTerminal({ ...wishes, chdir: '/' }).cwd).toBe('/')
  expect(process.cwd()).toBe(before)
  const missing = () => processTerminal({ ...wishes, chdir: 'no/such/folder' })
  expect(missing).toThrow(UserError)
  expect(missing).toThrow('--chdir no/such/folder: there is no such directory')
})

test('with --json or --quiet no progress is shown', () => {
  expect(processTerminal({ ...wishes, json: true }).progress).toBe('none')
  expect(processTerminal({ ...wishes, quiet: true }).progress).toBe('none')
  expect(processTerminal(wishes).progress).not.toBe('none')
})
