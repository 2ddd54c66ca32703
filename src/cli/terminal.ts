import { statSync, writeSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../error.ts'
import type { Terminal } from './command.ts'
import type { Wishes } from './run.ts'

/** The terminal, environment and signals of this process. Only this file and `main.ts` speak of `process`. */
export function processTerminal({ chdir, json, quiet, noColor }: Wishes): Terminal {
  const { env, stdout, stderr } = process
  const cwd = chdir === undefined ? process.cwd() : directory(resolve(chdir), chdir)
  const plain = noColor || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb'
  const live = stderr.isTTY === true && env.TERM !== 'dumb'
  return {
    cwd,
    env,
    print: (text) => void stdout.write(ended(text)),
    note: (text) => void stderr.write(ended(text)),
    draw: (text) => void stderr.write(text),
    write: (file, text) => writing(resolve(cwd, file), (path) => writeFile(path, text)),
    append: (file, text) => writing(resolve(cwd, file), (path) => appendFile(path, text)),
    resolve: (path) => resolve(cwd, path),
    ask: askPerson,
    tty: stdout.isTTY === true,
    color: !plain && stdout.isTTY === true,
    noteColor: !plain && stderr.isTTY === true,
    progress: json || quiet ? 'none' : live ? 'live' : 'lines',
    width: stdout.columns || stderr.columns || 80,
    get signal() {
      return interrupts().signal
    },
  }
}

/**
 * Makes an interrupt end the process with a word and exit code 1, or, when a command has taken the signal, tells it to
 * stop and gives it time. A second interrupt does not wait.
 */
export function watchInterrupts(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (taken === undefined || taken.signal.aborted) {
        writeSync(2, taken ? '\nStopped without waiting.\n' : '\nInterrupted.\n')
        process.exit(1)
      }
      writeSync(2, '\nStopping: what runs now is told to end, and is waited for. Again to stop at once.\n')
      taken.abort()
    })
}

/** A reader of our output that went away (`airlock … | head`) is no error: there is just nobody to print to. */
export function leaveQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      throw error
    })
}

/** Ends the process once all that was printed has left it. */
export function exit(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

let taken: AbortController | undefined

function interrupts(): AbortController {
  taken ??= new AbortController()
  return taken
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function directory(path: string, given: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  throw new UserError({
    code: 'chdir-missing',
    message: `--chdir ${given}: there is no such directory (${path})`,
    fix: 'give a directory that exists',
    exit: 2,
  })
}

async function writing(path: string, write: (path: string) => Promise<void>): Promise<void> {
  try {
    await write(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError({
      code: 'file-unwritable',
      message: `${path} cannot be written: ${why}`,
      fix: 'name another file',
      cause,
    })
  }
}

async function askPerson(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true) return undefined
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
