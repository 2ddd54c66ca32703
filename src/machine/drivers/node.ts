import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, hostname, userInfo } from 'node:os'
import type { Machine } from '../machine.ts'

/** The machine that Node.js runs on. */
export function nodeMachine(): Machine {
  const host = hostname()
  return {
    self: { host, pid: process.pid, started: startOf(process.pid) ?? '' },
    user: userName(),
    cores: availableParallelism(),
    process(pid) {
      const started = startOf(pid)
      return started === undefined ? undefined : { host, pid, started }
    },
    every(ms, work) {
      let busy = false
      const timer = setInterval(() => {
        if (busy) return
        busy = true
        work()
          .catch(() => undefined)
          .finally(() => {
            busy = false
          })
      }, ms)
      timer.unref()
      return () => clearInterval(timer)
    },
    isRunning: (it) => (it.host === host ? startOf(it.pid) === it.started : undefined),
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** When a process started, in the system's own words; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : fields[19]
    }
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return text.trim() === '' ? undefined : text.trim()
  } catch {
    return undefined
  }
}
