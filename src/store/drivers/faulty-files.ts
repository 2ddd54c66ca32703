import type { FileLayer, NewFile } from './files.ts'

/** How an operation fails: before it had an effect, after it (the answer is lost), or a write in its middle. */
export type Fault = { readonly code: string; readonly when: 'before' | 'after' | 'middle' }

/**
 * Files whose writing operation number `at` (from 1) fails once, or all from there on when `lasting`. `count()` tells
 * how many there were, so that a test can sweep the fault through every one.
 */
export function faultyFiles(
  files: FileLayer,
  fault: Fault & { readonly at: number; readonly lasting?: boolean },
): { readonly files: FileLayer; count(): number } {
  let calls = 0
  const guarded: Guard = async (work, half) => {
    calls += 1
    if (calls !== fault.at && !(fault.lasting === true && calls > fault.at)) return work()
    if (fault.when === 'after') await work()
    if (fault.when === 'middle') await half?.()
    throw Object.assign(new Error(`${fault.code}: injected at call ${calls}`), { code: fault.code })
  }
  return {
    count: () => calls,
    files: {
      read: files.read,
      list: files.list,
      changedMs: files.changedMs,
      async create(path) {
        let opened: NewFile | undefined
        try {
          const file = await guarded(async () => {
            opened = await files.create(path)
            return opened
          })
          return faultyFile(file, guarded)
        } catch (error) {
          await opened?.close()
          throw error
        }
      },
      link: (from, to) => guarded(() => files.link(from, to)),
      rename: (from, to) => guarded(() => files.rename(from, to)),
      remove: (path) => guarded(() => files.remove(path)),
      makeFolder: (path) => guarded(() => files.makeFolder(path)),
      syncFolder: (path) => guarded(() => files.syncFolder(path)),
    },
  }
}

type Guard = <T>(work: () => Promise<T>, half?: () => Promise<unknown>) => Promise<T>

function faultyFile(file: NewFile, guarded: Guard): NewFile {
  return {
    write: (bytes) =>
      guarded(
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, bytes.length >> 1)),
      ),
    sync: () => guarded(file.sync),
    async close() {
      await file.close() // the descriptor is freed even when close reports an error
      await guarded(async () => {})
    },
  }
}
