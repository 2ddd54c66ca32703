import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What can be done to an object; `after` in a trap's file lets the operation happen first, and fail then. */
export type Operation = 'create' | 'update' | 'delete'

/** A folder that plays the cloud: each object is the file `<kind>/<name>.json`. */
export interface Cloud {
  /** The object, or undefined when it does not exist. */
  read(kind: string, name: string): Promise<unknown>
  /** @throws Error when it exists, is trapped, or cannot be written */
  create(kind: string, name: string, object: unknown): Promise<void>
  /** @throws Error when it does not exist, is trapped, or cannot be written */
  update(kind: string, name: string, object: unknown): Promise<void>
  /** Succeeds as well when it does not exist. @throws Error when it is trapped */
  delete(kind: string, name: string): Promise<void>
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/**
 * The cloud in a folder. Tests set traps with files of their own: `.fail/<name>` makes operations on the objects of that
 * name fail (its text may name which: `create`, `update after`, …; empty means all), `.slow/<name>` holds milliseconds.
 * @param gone aborted when nobody is there any more who asked: what waits then never happens
 */
export function folderCloud(folder: string, gone?: AbortSignal): Cloud {
  const path = (kind: string, name: string) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`"${name}" cannot be the name of an object`)
    return join(folder, kind, `${name}.json`)
  }

  async function trapped(operation: Operation, name: string, act: () => Promise<void>): Promise<void> {
    const delayMs = Number((await textOf(join(folder, '.slow', name))) ?? 0)
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: gone })
    const trap = await textOf(join(folder, '.fail', name))
    const words = trap?.split(/\s+/).filter((word) => word !== '') ?? []
    const operations = words.filter((word) => word !== 'after')
    const springs = trap !== undefined && (operations.length === 0 || operations.includes(operation))
    if (!springs || words.includes('after')) await act()
    if (springs) throw new Error(`the folder cloud refused to ${operation} "${name}": .fail/${name} says so`)
  }

  async function write(target: string, object: unknown, place: (temporary: string) => Promise<void>): Promise<void> {
    await mkdir(dirname(target), { recursive: true })
    const temporary = `${target}.${randomUUID()}.tmp`
    await writeFile(temporary, `${JSON.stringify(object, null, 2)}\n`)
    try {
      await place(temporary)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    async read(kind, name) {
      const text = await textOf(path(kind, name))
      if (text === undefined) return undefined
      try {
        return JSON.parse(text)
      } catch {
        throw new Error(`${path(kind, name)} is no JSON`)
      }
    },
    create: (kind, name, object) =>
      trapped('create', name, () =>
        write(path(kind, name), object, (temporary) =>
          link(temporary, path(kind, name)).catch((cause) => {
            throw new Error(`${kind}/${name} exists already in ${folder}; import it, or choose another name`, { cause })
          }),
        ),
      ),
    update: (kind, name, object) =>
      trapped('update', name, async () => {
        if ((await textOf(path(kind, name))) === undefined) throw new Error(`${kind}/${name} is gone from ${folder}`)
        await write(path(kind, name), object, (temporary) => rename(temporary, path(kind, name)))
      }),
    delete: (kind, name) => trapped('delete', name, () => rm(path(kind, name), { force: true })),
  }
}
