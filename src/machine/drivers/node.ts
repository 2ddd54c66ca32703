import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
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
    isRunning({ host: where, pid, started }) {
      if (where !== host) return undefined
      const [here, there] = [scope(), scopeOf(started)]
      if (here.boot !== there.boot) return false
      // Containers of one host name have process numbers of their own.
      return here.namespace === there.namespace ? startOf(pid) === started : undefined
    },
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** What a process number means something in: since which boot, and in which namespace. Empty where the system has no such. */
function scope(): { readonly boot: string; readonly namespace: string } {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8)
    return { boot, namespace: readlinkSync('/proc/self/ns/pid').replace(/\D/g, '') }
  } catch {
    return { boot: '', namespace: '' }
  }
}

function scopeOf(started: string): ReturnType<typeof scope> {
  const [, boot = '', namespace = ''] = /^([0-9a-f]*)\.(\d*)\./.exec(started) ?? []
  return { boot, namespace }
}

/** When a process started and where that number counts; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const { boot, namespace } = scope()
      return fields[0] === 'Z' ? undefined : `${boot}.${namespace}.${fields[19]}`
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
