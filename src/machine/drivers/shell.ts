import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as pause } from 'node:timers/promises'
import { UserError } from '../../error.ts'
import type { Shell, ShellCommand, ShellEnd } from '../shell.ts'

interface ShellOptions {
  /** Aborted when the program is told to end: what runs is ended, nothing more begins. */
  readonly stop: AbortSignal
  /** How long what was told to end has before it is killed. */
  readonly graceMs?: number
}

const outputChars = 1_000_000
const lookMs = 20
/** What a command left running may still have to say, once the command itself has ended. */
const lastWordsMs = 200

/** Both streams go through one pipe, so that they stay in order; the line keeps its own line numbers. */
const mergingStreams = 'exec /bin/sh -c "$1" 2>&1'

/**
 * Runs command lines with `/bin/sh`, each in a process group of its own, so that a terminal's Ctrl-C does not reach it and
 * that all it started can be ended with it.
 */
export function processShell({ stop, graceMs = 3_000 }: ShellOptions): Shell {
  return {
    async run(command, { text } = {}): Promise<ShellEnd> {
      if (stop.aborted) return { kind: 'interrupted', output: '', durationMs: 0 }
      const begun = performance.now()
      const child = spawn('/bin/sh', ['-c', mergingStreams, 'sh', command.line], {
        cwd: command.cwd,
        env: { ...command.env },
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      })
      const exited = new Promise<number>((resolve) =>
        child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))),
      )
      const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
      const output = collected(child, text)
      await started(child, command)
      feed(child, command.input)
      const ended = await Promise.race([exited, told(command.timeoutMs, stop, exited)])
      if (typeof ended !== 'number') await endGroup(child.pid!, graceMs)
      await Promise.race([closed, exited.then(() => pause(lastWordsMs))])
      child.stdout?.destroy()
      const about = { output: output(), durationMs: Math.round(performance.now() - begun) }
      return typeof ended === 'number' ? { kind: 'exited', code: ended, ...about } : { kind: ended.why, ...about }
    },
  }
}

async function started(child: ChildProcess, { line, cwd }: ShellCommand): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new UserError({
      code: 'command-not-started',
      message: `the command "${line}" could not be started in ${cwd}: ${cause instanceof Error ? cause.message : String(cause)}`,
      fix: 'see that the folder exists, and that this machine has /bin/sh',
      cause,
    })
  }
}

/** A command need not read what it is given: that it closes its input early is no error. */
function feed({ stdin }: ChildProcess, input: string | Uint8Array | undefined): void {
  stdin?.on('error', () => undefined)
  stdin?.end(input)
}

/** Gathers the last of what is said; the answer gives it. */
function collected({ stdout }: ChildProcess, text: ((chunk: string) => void) | undefined): () => string {
  const decoder = new StringDecoder('utf8')
  let kept = ''
  let cut = false
  const take = (chunk: string) => {
    if (chunk === '') return
    text?.(chunk)
    kept += chunk
    if (kept.length <= outputChars) return
    kept = kept.slice(-outputChars)
    cut = true
  }
  stdout?.on('data', (chunk: Buffer) => take(decoder.write(chunk)))
  stdout?.on('end', () => take(decoder.end()))
  return () => (cut ? `… (only the last ${outputChars} characters)\n${kept}` : kept)
}

/** Comes when the time is over or the program is told to end, never when the command ends before. */
function told(
  timeoutMs: number | undefined,
  stop: AbortSignal,
  exited: Promise<number>,
): Promise<{ readonly why: 'timed-out' | 'interrupted' }> {
  return new Promise((resolve) => {
    const interrupt = () => resolve({ why: 'interrupted' })
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => resolve({ why: 'timed-out' }), timeoutMs)
    stop.addEventListener('abort', interrupt, { once: true })
    if (stop.aborted) interrupt()
    exited.then(() => {
      clearTimeout(timer)
      stop.removeEventListener('abort', interrupt)
    })
  })
}

/** Tells a whole process group to end, and kills what is left of it after the grace. */
async function endGroup(group: number, graceMs: number): Promise<void> {
  signal(group, 'SIGTERM')
  const untilMs = performance.now() + graceMs
  while (performance.now() < untilMs) {
    if (!signal(group, 0)) return
    await pause(lookMs)
  }
  signal(group, 'SIGKILL')
}

/** Whether there was anybody to tell. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}
