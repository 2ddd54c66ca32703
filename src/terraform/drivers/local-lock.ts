import { readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { localLock, type StateLock } from '../state-lock.ts'
import type { Job } from '../terraform.ts'

/** The lock files that Terraform's local backend writes beside a state, and takes away when it ends by itself. */
export interface LocalLock {
  /** Undefined where there is none, or the state is not a local one. */
  read(): Promise<StateLock | undefined>
  /** Removes the file of this lock, and tells whether it was there. */
  remove(id: string): Promise<boolean>
}

const pollMs = 100

/**
 * The locks of a job's state. The file is only a note: what keeps others away is a lock of the operating system, which ends
 * with its process. So a file that a killed Terraform has left stops nobody, `force-unlock` refuses it (`LocalState not
 * locked`), and the next Terraform writes over it: whoever wants to know that an apply was cut short must look before.
 * @param cwd folder of the component in the working copy
 */
export function localLocks(cwd: string, { links, workspace }: Pick<Job, 'links' | 'workspace'>): LocalLock {
  const beside = (state: string) => join(dirname(state), `.${basename(state)}.lock.info`)
  const named = workspace !== undefined && workspace !== 'default'
  // A link to a file is locked beside the link, by us, and beside its target, by people.
  const files = [...links].flatMap(([path, target]) =>
    named ? [beside(join(target, workspace, 'terraform.tfstate'))] : [beside(target), beside(join(cwd, path))],
  )
  const locks = async () => {
    const found = await Promise.all(
      files.map(async (file) => ({ file, lock: localLock(await readFile(file, 'utf8').catch(() => '')) })),
    )
    return found.flatMap(({ file, lock }) => (lock ? [{ file, lock }] : []))
  }
  return {
    read: async () => (await locks())[0]?.lock,
    async remove(id) {
      const found = (await locks()).filter(({ lock }) => lock.id === id)
      await Promise.all(found.map(({ file }) => rm(file, { force: true })))
      return found.length > 0
    },
  }
}

/** Looks again and again for a lock other than `before`, until one is there; the answer stops it. */
export function watchLock(
  lock: Pick<LocalLock, 'read'>,
  before: string | undefined,
  seen: (lock: StateLock) => void,
): () => void {
  let busy = false
  const timer = setInterval(async () => {
    if (busy) return
    busy = true
    const found = await lock.read()
    busy = false
    if (found === undefined || found.id === before || stopped) return
    stop()
    seen(found)
  }, pollMs)
  let stopped = false
  const stop = () => {
    stopped = true
    clearInterval(timer)
  }
  return stop
}
