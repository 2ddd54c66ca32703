import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A process that outlives the step that started it; all that is known of it lies in a folder. */
export interface Detached {
  /** What it prints, in the order in which it is printed. */
  readonly log: string
  /** Its summary, as Markdown. */
  readonly summary: string
  /** Its exit code, once it has ended by itself. */
  readonly exit: string
  /** Its process, and how much of the log was shown. */
  readonly pid: string
  readonly shown: string
}

/** Where everything of a detached process lies. */
export function detachedIn(folder: string): Detached {
  const at = (name: string) => join(folder, name)
  return { log: at('log'), summary: at('summary.md'), exit: at('exit'), pid: at('pid'), shown: at('shown') }
}

/** What to start, and how. */
export interface DetachedProgram {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Starts a process in a session of its own, so that what ends the step's processes leaves it alone. The runner ends what has its
 * mark in the environment when the job ends; a step that waits comes before that.
 */
export function startDetached(folder: string, { program, args, cwd, env }: DetachedProgram): Detached {
  mkdirSync(folder, { recursive: true })
  const files = detachedIn(folder)
  writeFileSync(files.summary, '')
  const log = openSync(files.log, 'a')
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...env, RUNNER_TRACKING_ID: '', GITHUB_STEP_SUMMARY: files.summary },
  })
  closeSync(log)
  if (child.pid === undefined) throw new Error(`${program} could not be started`)
  writeFileSync(files.pid, String(child.pid))
  child.unref()
  return files
}

/** Says how the process ended, before it ends: written whole, so that nobody reads half of it. */
export function leaveExit({ exit }: Pick<Detached, 'exit'>, code: number): void {
  writeFileSync(`${exit}.new`, String(code))
  renameSync(`${exit}.new`, exit)
}

/** How following a process came out. `left`: the step was told to end, and the process goes on; `lost`: it ended and did not say how. */
export type Followed =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'left' }
  | { readonly kind: 'lost' }

const everyMs = 100

/** Shows what a process prints until it has ended, or until the step is told to end. */
export async function follow(
  files: Detached,
  { write, signal }: { readonly write: (text: string) => void; readonly signal: AbortSignal },
): Promise<Followed> {
  for (;;) {
    // Looked at before the log is, so that what was printed until the end is shown.
    const running = isRunning(Number(readFileSync(files.pid, 'utf8')))
    showMore(files, write, !running)
    if (!running)
      return existsSync(files.exit)
        ? { kind: 'ended', code: Number(readFileSync(files.exit, 'utf8')) }
        : { kind: 'lost' }
    if (signal.aborted) return { kind: 'left' }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // One that ended and that nobody asked about is still listed.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** Prints what came to the log since the last look, by this step or one before; only whole lines until nothing more comes. */
function showMore(files: Detached, write: (text: string) => void, over: boolean): void {
  const from = existsSync(files.shown) ? Number(readFileSync(files.shown, 'utf8')) : 0
  const bytes = readFileSync(files.log).subarray(from)
  const end = over ? bytes.length : bytes.lastIndexOf(10) + 1
  if (end === 0) return
  write(bytes.toString('utf8', 0, end))
  writeFileSync(files.shown, String(from + end))
}
