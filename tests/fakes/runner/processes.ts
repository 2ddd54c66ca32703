import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout } from 'node:timers/promises'

/** A process of a step: what it prints, line by line, and how it ends. */
export interface Running {
  readonly pid: number | undefined
  /** The exit code; undefined when a signal ended it or it never began. */
  readonly ended: Promise<number | undefined>
}

/** So long are a step's pipes read after its process has ended, when something that it left behind still holds them. */
const drainMs = 500

export function run(of: {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly line: (line: string) => void
}): Running {
  const child = spawn(of.command, of.args, { cwd: of.cwd, env: of.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const rest = [lines(child.stdout, of.line), lines(child.stderr, of.line)]
  const ended = new Promise<number | undefined>((resolve) => {
    const end = (code: number | null) => {
      for (const finish of rest) finish()
      resolve(code ?? undefined)
    }
    child.on('error', (error) => {
      of.line(`##[error]${error.message}`)
      end(null)
    })
    child.on('close', end)
    child.on('exit', (code) => void setTimeout(drainMs, undefined, { ref: false }).then(() => end(code)))
  })
  return { pid: child.pid, ended }
}

/** Cuts a stream into lines; the answer gives the last, unfinished one, and ends it. */
function lines(stream: Readable, line: (text: string) => void): () => void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let ended = false
  stream.on('data', (chunk: Buffer) => {
    if (ended) return
    const parts = (rest + decoder.write(chunk)).split(/\r?\n/)
    rest = parts.pop()!
    for (const part of parts) line(part)
  })
  return () => {
    if (!ended && rest !== '') line(rest)
    ended = true
  }
}

/** Sends a signal, unless the process is gone. */
export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Kills a process and all that descend from it; what was adopted by init lives on. */
export function killTree(pid: number | undefined): void {
  if (pid === undefined) return
  const table = parents()
  const all = [pid]
  for (let index = 0; index < all.length; index++)
    all.push(...[...table].filter(([, parent]) => parent === all[index]).map(([child]) => child))
  for (const it of all) signal(it, 'SIGKILL')
}

/** Numbers of all processes there are. */
export function processNumbers(): ReadonlySet<number> {
  return new Set(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  )
}

/**
 * Kills every process of a machine: all that were started with its folder in their environment, or work in it.
 * @param before Those that were there when the machine was made, and so are none of its own
 */
export async function killMachine(folder: string, before: ReadonlySet<number>): Promise<void> {
  // More than once: a process may have started another while we looked; and one that was killed takes a moment to be gone.
  for (let round = 0; round < 1_000; round++) {
    const found = [...processNumbers()].filter((pid) => !before.has(pid) && belongs(pid, folder))
    if (found.length === 0) return
    for (const pid of found) signal(pid, 'SIGKILL')
    await setTimeout(5)
  }
  throw new Error(`Processes of ${folder} do not end`)
}

function belongs(pid: number, folder: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${folder}/`)) return !isDead(pid)
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`) && !isDead(pid)
  } catch {
    return false
  }
}

function isDead(pid: number): boolean {
  return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
}

function parents(): Map<number, number> {
  const found = new Map<number, number>()
  for (const pid of processNumbers()) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      found.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // Gone while we looked.
    }
  }
  return found
}
