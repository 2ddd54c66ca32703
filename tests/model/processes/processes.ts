import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Estate } from './estate.ts'

/** A process of `airlock`, from its start to its end. */
export interface Ran {
  readonly words: readonly string[]
  readonly pid: number
  readonly fromMs: number
  readonly toMs: number
  /** Undefined where it was killed. */
  readonly code: number | undefined
  readonly killed: 'alone' | 'all' | undefined
  readonly killedMs: number | undefined
  /** Whether it was to be killed while Terraform applied. */
  readonly inApply: boolean
  readonly output: string
}

/** Whether and when a process is killed: alone, so that what it started goes on, or with all that it started. */
export interface Kill {
  /** Counted from its start, or from when Terraform begins to apply for it. */
  readonly from: 'start' | 'apply'
  readonly afterMs: number
  readonly how: 'alone' | 'all'
}

/** Runs `airlock` as a process group of its own, and kills it where told to. */
export function airlock(estate: Estate, words: readonly string[], kill?: Kill): Promise<Ran> {
  const [command, ...before] = estate.airlock
  const fromMs = Date.now()
  const child = spawn(command, [...before, ...words], { cwd: estate.repo, env: estate.env, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)))
  let killedMs: number | undefined
  const ended = new AbortController()
  if (kill)
    void due(estate, child.pid!, kill, ended.signal).then((is) => {
      if (is) killedMs = killedNow(child, kill)
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // What it started may hold its output open: the process itself is what is waited for.
    child.once('exit', (code) => {
      ended.abort()
      child.stdout.destroy()
      child.stderr.destroy()
      const wasKilled = killedMs !== undefined && code === null
      resolve({
        words,
        pid: child.pid!,
        fromMs,
        toMs: Date.now(),
        code: code ?? undefined,
        killed: wasKilled ? kill!.how : undefined,
        killedMs: wasKilled ? killedMs : undefined,
        inApply: kill?.from === 'apply',
        output,
      })
    })
  })
}

/** Waits until a process is to be killed; false where it ends before that. */
async function due(estate: Estate, pid: number, { from, afterMs }: Kill, ended: AbortSignal): Promise<boolean> {
  const begun = async () => from === 'start' || (await linesOf(estate, pid)) !== ''
  while (!ended.aborted && !(await begun())) await sleep(20)
  await sleep(afterMs)
  return !ended.aborted
}

async function linesOf({ journal }: Estate, parent: number): Promise<string> {
  const lines = (await readFile(journal, 'utf8')).split('\n')
  return lines.filter((line) => line.startsWith('begin ') && line.split(' ')[2] === String(parent)).join(' ')
}

function killedNow(child: ChildProcess, { how }: Kill): number | undefined {
  if (child.exitCode !== null || child.signalCode !== null) return undefined
  const all = how === 'all' ? [child.pid!, ...startedBy(child.pid!)] : [child.pid!]
  for (const pid of all) killedOne(pid)
  return Date.now()
}

function killedOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has just ended by itself
  }
}

/** All that a process started, and what that started; Terraform is no part of its group. */
function startedBy(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name): (readonly [number, number])[] => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]]
    } catch {
      return []
    }
  })
  const found: number[] = [pid]
  for (const one of found) found.push(...parents.flatMap(([it, parent]) => (parent === one ? [it] : [])))
  return found.slice(1)
}

/** Whether a process is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
