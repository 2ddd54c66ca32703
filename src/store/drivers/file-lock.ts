import { createHash, randomUUID } from 'node:crypto'
import { UserError } from '../../error.ts'
import type { FileLayer } from './files.ts'
import { type Owner, ownerState, thisOwner } from './owner.ts'

/** What a lock needs: files, a place for temporary ones, and for how long a living holder is waited for. */
export interface LockWorld {
  readonly files: FileLayer
  /** Writes a temporary file and returns its path. */
  temporary(bytes: Uint8Array): Promise<string>
  readonly waitMs: number
}

/** Locks of ours whose file could not be removed: as good as released, though this process lives. */
const abandoned = new Set<string>()

/**
 * Runs `work` while no other process runs under the same lock file.
 *
 * The file holds its owner. A dead owner's file X is replaced by whoever holds a second lock, named after X; with it in
 * hand, and X still in place, nobody else can change the file, since X's owner is dead and that second lock is exclusive.
 * That lock may be left by a dead process too, and is taken over in the same way, one level deeper. So a process can be
 * killed at any instant without leaving anything locked.
 * @throws UserError `store-busy` after `waitMs`
 */
export async function locked<T>(world: LockWorld, path: string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(world, path, Date.now() + world.waitMs)
  try {
    return await work()
  } finally {
    await release()
  }
}

async function acquire(world: LockWorld, path: string, deadlineMs: number): Promise<() => Promise<void>> {
  const { files } = world
  const mine = new TextEncoder().encode(JSON.stringify({ ...thisOwner(), id: randomUUID() }))
  const temporary = await world.temporary(mine)
  const release = async () => {
    try {
      const now = await files.read(path)
      if (now !== undefined && name(now.bytes) === name(mine)) await files.remove(path)
    } catch {
      abandoned.add(name(mine))
    }
  }
  try {
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 25)) {
      if ((await files.link(temporary, path)) === 'linked') return release
      const held = await files.read(path)
      if (held === undefined) continue
      const holder = owner(held.bytes)
      if (isOver(held.bytes, holder)) {
        const giveBack = await acquire(world, `${path}.${name(held.bytes)}`, deadlineMs)
        try {
          const still = await files.read(path)
          if (still !== undefined && name(still.bytes) === name(held.bytes)) {
            await files.rename(temporary, path)
            return release
          }
        } finally {
          await giveBack()
        }
        continue
      }
      if (Date.now() >= deadlineMs) throw busy(path, holder)
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())))
    }
  } catch (error) {
    await release() // a link whose answer was lost may have been made
    throw error
  } finally {
    await files.remove(temporary).catch(() => {})
  }
}

function name(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** A file that holds no owner was cut off by a power failure: a lock is written before it gets its name. */
function isOver(bytes: Uint8Array, holder: Owner | undefined): boolean {
  return holder === undefined || abandoned.has(name(bytes)) || ownerState(holder) === 'dead'
}

function owner(bytes: Uint8Array): Owner | undefined {
  try {
    const parsed: Partial<Owner> | null = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof parsed?.pid !== 'number' || typeof parsed.machine !== 'string') return undefined
    return { pid: parsed.pid, machine: parsed.machine, started: String(parsed.started ?? '') }
  } catch {
    return undefined
  }
}

function busy(path: string, holder: Owner | undefined): UserError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.machine.split('|')[0]}`
  return new UserError({
    code: 'store-busy',
    message: `the store is being written by ${who}, which does not finish`,
    fix: `wait for it or end it; if it ran on another machine and is gone, remove ${path}`,
    exit: 3,
  })
}
