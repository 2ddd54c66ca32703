import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../error.ts'
import { endProviders } from './providers.ts'

/** A process on some machine; `started` tells it from a later one with the same number. */
export interface LockProcess {
  readonly host: string
  readonly pid: number
  readonly started: string
}

/** What the lock asks of the machine. */
export interface LockMachine {
  readonly self: LockProcess
  /** A process of this machine, by its number; undefined when there is none. */
  process(pid: number): LockProcess | undefined
  /** Undefined when nobody here can tell: the process belongs to another machine. */
  isRunning(process: LockProcess): boolean | undefined
}

/** What a lock file says: who has it, or that nobody has it any more. */
interface Holder {
  readonly process: LockProcess
  /** ISO time. */
  readonly since: string
  /** For whom, in words for people: `ann in /home/ann/infra`. */
  readonly of: string
  /** A Terraform that the holder started: it may outlive the holder, and then it has the lock. */
  readonly child?: LockProcess | undefined
  readonly released?: true
}

/** A lock that is held. */
export interface HeldLock {
  /** Says which child process works under the lock now; undefined when none does. */
  note(childPid: number | undefined): Promise<void>
  release(): Promise<void>
}

interface LockOptions {
  readonly machine: LockMachine
  readonly of: string
  readonly stop: AbortSignal
  /** Called once for each holder that is waited for. */
  readonly waiting: (holder: string) => void
}

const pollMs = 50
const numberDigits = 9

/** `process 4411, for ann in /home/ann/infra, since 10:04:31 UTC` */
function words({ process, of, since, child }: Holder, machine: LockMachine): string {
  const time = `${since.slice(11, 19)} UTC`
  if (child && machine.isRunning(process) === false)
    return `Terraform (process ${child.pid}), left running by process ${process.pid}, for ${of}, since ${time}`
  const where = machine.self.host === process.host ? '' : ` on ${process.host}`
  return `process ${process.pid}${where}, for ${of}, since ${time}`
}

function isFree(holder: Holder, machine: LockMachine): boolean {
  if (holder.released) return true
  const gone = (it: LockProcess | undefined) => !it || machine.isRunning(it) === false
  return gone(holder.process) && gone(holder.child)
}

async function latest(folder: string): Promise<{ number: number; holder: Holder | undefined }> {
  const numbers = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name)).sort()
  const name = numbers.at(-1)
  if (name === undefined) return { number: 0, holder: undefined }
  return {
    number: Number.parseInt(name, 10),
    holder: parse(await readFile(join(folder, name), 'utf8').catch(() => '')),
  }
}

// A file is whole before it gets its name, so that one which is not was cut off by a crash of the machine: nobody holds it.
function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

/**
 * Takes the lock that a folder is, waiting while another has it. The folder holds numbered files; the highest one tells
 * the holder. To take the lock is to create the next number, which only one process can; the highest file is never
 * deleted, only marked as released, so that numbers never repeat and a process that looked long ago cannot win. A holder
 * that was killed, and whose Terraform has ended too, is succeeded at once.
 * @throws UserError `working-copy-busy` when told to stop while waiting
 */
export async function lock(folder: string, { machine, of, stop, waiting }: LockOptions): Promise<HeldLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  let told: string | undefined
  for (;;) {
    const { number, holder } = await latest(folder)
    if (!holder || isFree(holder, machine)) {
      const held = await take(
        folder,
        number + 1,
        { process: machine.self, of, since: new Date().toISOString() },
        machine,
      )
      if (held) {
        // Its Terraform was killed too, or ended: what that started must not go on beside ours.
        if (holder?.child && !holder.released) await endProviders(holder.child.pid)
        return held
      }
      continue
    }
    const by = words(holder, machine)
    if (by !== told) waiting(by)
    told = by
    await sleep(pollMs, undefined, { signal: stop }).catch(() => {
      throw new UserError({
        code: 'working-copy-busy',
        message: `interrupted while waiting for a working copy that is in use by ${by}`,
        fix: 'run it again when that has ended',
        exit: 3,
      })
    })
  }
}

async function take(
  folder: string,
  number: number,
  holder: Holder,
  machine: LockMachine,
): Promise<HeldLock | undefined> {
  const file = join(folder, `${String(number).padStart(numberDigits, '0')}.json`)
  const temporary = async (content: Holder) => {
    const path = join(folder, `${randomUUID()}.tmp`)
    await writeFile(path, JSON.stringify(content), { mode: 0o600 })
    return path
  }
  const path = await temporary(holder)
  try {
    await link(path, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  } finally {
    await rm(path, { force: true })
  }
  const others = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name))
  if (others.some((name) => Number.parseInt(name, 10) > number)) {
    await rm(file, { force: true })
    return undefined
  }
  const older = others.filter((name) => Number.parseInt(name, 10) < number)
  await Promise.all(older.map((name) => rm(join(folder, name), { force: true })))
  const write = async (content: Holder) => rename(await temporary(content), file)
  return {
    note: (childPid) => write({ ...holder, child: childPid === undefined ? undefined : machine.process(childPid) }),
    release: () => write({ ...holder, released: true }),
  }
}
