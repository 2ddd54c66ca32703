import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processShell } from './shell.ts'

describe('commands in a shell', () => {
  let cwd: string
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'airlock-shell-'))
  })
  afterAll(() => rm(cwd, { recursive: true, force: true }))

  const env = { PATH: process.env.PATH }
  const never = new AbortController().signal
  const shell = processShell({ stop: never, graceMs: 300 })

  test('end with their code, and what they said on both streams in order', async () => {
    const end = await shell.run({ line: 'echo one; echo two >&2; echo three; exit 7', cwd, env })
    expect(end).toMatchObject({ kind: 'exited', code: 7, output: 'one\ntwo\nthree\n' })
  })

  test('read what they are given, and need not read it', async () => {
    expect(await shell.run({ line: 'cat', cwd, env, input: '{"a":1}' })).toMatchObject({ output: '{"a":1}' })
    expect(await shell.run({ line: 'cat', cwd, env })).toMatchObject({ code: 0, output: '' })
    const long = 'x'.repeat(3_000_000)
    expect(await shell.run({ line: 'exit 3', cwd, env, input: long })).toMatchObject({ kind: 'exited', code: 3 })
  })

  test('have only the environment that they are given', async () => {
    const end = await shell.run({ line: 'echo "$NAME-$HOME"', cwd, env: { ...env, NAME: 'vpc', HOME: undefined } })
    expect(end.output).toBe('vpc-\n')
  })

  test('tell what they say while they run, characters whole', async () => {
    const chunks: string[] = []
    await shell.run(
      { line: "printf '\\303'; sleep 0.05; printf '\\244\\n'", cwd, env },
      { text: (it) => chunks.push(it) },
    )
    expect(chunks.join('')).toBe('ä\n')
    expect(chunks.every((it) => !it.includes('\ufffd'))).toBe(true)
  })

  test('that say very much are heard to the end, and the last of it is kept', async () => {
    const end = await shell.run({ line: 'yes | head -c 3000000; echo the end', cwd, env })
    expect(end.output.length).toBeLessThan(1_000_100)
    expect(end.output).toMatch(/^… \(only the last 1000000 characters\)\n/)
    expect(end.output).toMatch(/the end\n$/)
  })

  test('that hang are ended after their time, with what they started', async () => {
    const line = 'sh -c "echo \\$\\$ > grandchild; exec sleep 600" & echo waiting; wait'
    const end = await shell.run({ line, cwd, env, timeoutMs: 300 })
    expect(end).toMatchObject({ kind: 'timed-out', output: 'waiting\n' })
    await expect.poll(() => isRunning(grandchild())).toBe(false)
  })

  test('that hang and will not be told are killed', async () => {
    const line = 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.05; done'
    expect(await shell.run({ line, cwd, env, timeoutMs: 200 })).toMatchObject({ kind: 'timed-out' })
    await expect.poll(() => isRunning(grandchild())).toBe(false)
  })

  test('end when the program is told to end, and do not begin after', async () => {
    const stop = new AbortController()
    const stopped = processShell({ stop: stop.signal })
    const end = await stopped.run(
      { line: 'echo ready; exec sleep 600', cwd, env },
      { text: (chunk) => chunk.includes('ready') && stop.abort() },
    )
    expect(end).toMatchObject({ kind: 'interrupted', output: 'ready\n' })
    expect(await stopped.run({ line: 'echo late', cwd, env })).toMatchObject({ kind: 'interrupted', output: '' })
  })

  test('are not waited for through what they leave running', async () => {
    const end = await shell.run({ line: 'sleep 600 & echo $! > grandchild; echo done', cwd, env })
    expect(end).toMatchObject({ kind: 'exited', code: 0, output: 'done\n' })
    expect(end.durationMs).toBeLessThan(60_000)
    process.kill(await grandchild())
  })

  test('that a signal ends have the code that a shell gives', async () => {
    expect(await shell.run({ line: 'kill -9 $$', cwd, env })).toMatchObject({ kind: 'exited', code: 137 })
  })

  test('that cannot be started say so', async () => {
    await expect(shell.run({ line: 'true', cwd: join(cwd, 'gone'), env })).rejects.toMatchObject({
      code: 'command-not-started',
    })
  })

  const grandchild = async () => Number(await readFile(join(cwd, 'grandchild'), 'utf8'))
  const isRunning = async (pid: Promise<number>) => {
    try {
      const stat = await readFile(`/proc/${await pid}/stat`, 'utf8')
      return !/\) Z /.test(stat)
    } catch {
      return false
    }
  }
})
