import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants as modes } from 'node:fs'
import { access, type FileHandle, open } from 'node:fs/promises'
import { constants } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { UserError } from '../../error.ts'
import type { Ran } from '../terraform.ts'
import { endProviders } from './providers.ts'

/** A command to run: an executable, its arguments, where, and with which environment. */
export interface Command {
  readonly path: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const interruptedExit = 130
const signalExitBase = 128
const tailMs = 100

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? signalExitBase + (signal ? constants.signals[signal] : 0)
}

async function started(child: ChildProcess, { path }: Command): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw notStarted(path, cause)
  }
}

function notStarted(path: string, cause: unknown): UserError {
  return new UserError({
    code: 'terraform-not-started',
    message: `${path} could not be started: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'see that the file is there and executable, and that its working folder exists',
    cause,
  })
}

/** Reads what a file has grown by since the last call, and hands out whole lines. */
function tail(file: FileHandle, line: (text: string) => void) {
  let offset = 0
  let rest = ''
  return async (last: boolean) => {
    const { size } = await file.stat()
    if (size > offset) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset)
      offset += bytesRead
      const lines = (rest + stripVTControlCharacters(buffer.toString('utf8', 0, bytesRead))).split('\n')
      rest = lines.pop() ?? ''
      for (const text of lines) line(text)
    }
    if (last && rest !== '') line(rest)
  }
}

interface Watched {
  /** File that the output goes to; written anew. */
  readonly log: string
  /** Told to stop, the child gets one SIGINT and is waited for; a command that has not begun does not begin. */
  readonly stop: AbortSignal
  /** The child's process number, and undefined when it has ended. */
  readonly note: (pid: number | undefined) => Promise<void>
  readonly line: ((text: string) => void) | undefined
}

/** Waits for a line, then becomes the command; when whoever starts it is killed before that, nothing is started. */
const gate = 'read -r go && exec "$0" "$@" </dev/null'

async function canStart({ path, cwd }: Command): Promise<void> {
  await Promise.all([access(path, modes.X_OK), access(cwd)]).catch((cause: unknown) => {
    throw notStarted(path, cause)
  })
}

/**
 * Runs a command that may change things. It begins only once `note` has kept its process number, so that nothing ever runs
 * of which the next process does not know. It has a process group of its own, so that a terminal's Ctrl-C does not reach
 * it beside our signal (Terraform gives up at once at the second). It writes to a file and not to us, so that it goes on
 * and stores its state even if we are killed: writing to a pipe that nobody reads would kill it.
 */
export async function run(command: Command, { log, stop, note, line }: Watched): Promise<Ran> {
  if (stop.aborted)
    return { exitCode: interruptedExit, output: 'Interrupted before it began; nothing was started.\n', durationMs: 0 }
  const begun = performance.now()
  const file = await open(log, 'w+', 0o600)
  try {
    const { path, args, cwd, env } = command
    await canStart(command)
    const child = spawn('/bin/sh', ['-c', gate, path, ...args], {
      cwd,
      env,
      stdio: ['pipe', file.fd, file.fd],
      detached: true,
    })
    const ended = new Promise<number>((resolve) =>
      child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal))),
    )
    await started(child, command)
    child.stdin?.on('error', () => {}) // it may have been killed before it read
    const interrupt = () => child.kill('SIGINT')
    if (stop.aborted) interrupt()
    else stop.addEventListener('abort', interrupt, { once: true })
    const failed = await note(child.pid).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    child.stdin?.end(failed ? '' : 'go\n')
    const read = line && tail(file, line)
    let reading: Promise<void> = Promise.resolve()
    const timer = read && setInterval(() => (reading = reading.then(() => read(false)).catch(() => {})), tailMs)
    const exitCode = await ended
    clearInterval(timer)
    stop.removeEventListener('abort', interrupt)
    if (failed) throw failed.error
    if (child.signalCode !== null && child.pid !== undefined) await endProviders(child.pid)
    await note(undefined)
    await reading
    await read?.(true)
    const output = stripVTControlCharacters(await wholeText(file))
    return { exitCode, output, durationMs: Math.round(performance.now() - begun) }
  } finally {
    await file.close()
  }
}

async function wholeText(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

/** Runs a command that only reads, and gives its standard output apart; it is not interrupted. */
export async function ask(command: Command): Promise<{ readonly ran: Ran; readonly stdout: string }> {
  const begun = performance.now()
  const { path, args, cwd, env } = command
  const child = spawn(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const out: Buffer[] = []
  const all: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stdout.on('data', (chunk: Buffer) => all.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => all.push(chunk))
  const ended = new Promise<number>((resolve) =>
    child.once('close', (code, signal) => resolve(exitCodeOf(code, signal))),
  )
  await started(child, command)
  const exitCode = await ended
  return {
    ran: {
      exitCode,
      output: stripVTControlCharacters(Buffer.concat(all).toString('utf8')),
      durationMs: Math.round(performance.now() - begun),
    },
    stdout: Buffer.concat(out).toString('utf8'),
  }
}
