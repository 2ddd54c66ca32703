import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * A process as it can be told from every other: a number is used again after a process ends, and means another process
 * on another machine or in another container.
 */
export interface Owner {
  readonly pid: number
  /** Machine, boot and process namespace in which the number counts. */
  readonly machine: string
  /** When the process began, in the kernel's ticks; empty where that cannot be learnt. */
  readonly started: string
}

/** Who we are. */
export function thisOwner(): Owner {
  return { pid: process.pid, machine: thisMachine(), started: startOf(process.pid) ?? '' }
}

/** Whether a process still runs; `unknown` when it belongs to another machine or container. */
export function ownerState(owner: Owner): 'alive' | 'dead' | 'unknown' {
  if (owner.machine !== thisMachine()) {
    const [host, , namespace] = owner.machine.split('|')
    const [ourHost, , ourNamespace] = thisMachine().split('|')
    // Another boot of this very machine: whatever ran then is over.
    return host === ourHost && namespace === ourNamespace ? 'dead' : 'unknown'
  }
  const started = startOf(owner.pid)
  if (started !== undefined && owner.started !== '') return started === owner.started ? 'alive' : 'dead'
  try {
    process.kill(owner.pid, 0)
    return 'alive'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'alive' : 'dead'
  }
}

let machine: string | undefined

function thisMachine(): string {
  machine ??= [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  ].join('|')
  return machine
}

/** Field 22 of `/proc/PID/stat` (proc(5)); undefined without such a process, a zombie, or without /proc. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields?.[0] === 'Z' ? undefined : fields?.[19]
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
