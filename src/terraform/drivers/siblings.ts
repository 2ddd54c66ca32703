import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job, Tool } from '../terraform.ts'
import { type CopyFile, dataFolder, lockFileName } from './copy.ts'
import { providersThere } from './warm.ts'

/**
 * Names what `init` is given but for the workspace: equal names, equal outcome, whatever the stack. The whole environment
 * takes part, for credentials are in it, and the backend's settings, so that no account sees what another's `init` made.
 * Undefined where a copy may have a past that `init` must see.
 */
export function kinship(
  { folder, init, varFile }: Pick<Job, 'folder' | 'init' | 'varFile'>,
  tool: Tool,
  env: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, CopyFile>,
): string | undefined {
  if (!init.reconfigure) return undefined
  // OpenTofu lets variables choose modules and backends.
  const variablesCount = init.passVars || tool.kind === 'tofu'
  const hash = createHash('sha256')
  const outer = Object.entries(env).filter(([name]) => variablesCount || !name.startsWith('TF_VAR_'))
  hash.update(JSON.stringify([tool, folder, init, outer.sort(([a], [b]) => (a < b ? -1 : 1))]))
  const deciding = [...files].filter(([path]) => variablesCount || path !== `${folder}/${varFile}`)
  for (const [path, { bytes, executable }] of deciding.sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`\0${path}\0${bytes.length}\0${executable}\0`).update(bytes)
  return hash.digest('hex')
}

/** What an `init` made, and how to see that it is still that. */
export interface Initialised {
  /** The component's folder in the copy. */
  readonly cwd: string
  /** The file that says what the copy is initialised for, and what it says. */
  readonly mark: string
  readonly value: string
}

/** Copies of one process that are initialised for the same: the first runs `init`, the others take what it made. */
export interface Siblings {
  /**
   * Waits for a sibling that runs `init` now. Answers `taken` when the folder has what it made; else it is the caller's
   * turn, who tells in the end what came of it.
   */
  take(kin: string | undefined, cwd: string): Promise<'taken' | ((made: Initialised | undefined) => void)>
}

/** The siblings of this process: what an earlier one left may be of another time. */
export function siblings(): Siblings {
  const known = new Map<string, Promise<Initialised | undefined>>()
  return {
    async take(kin, cwd) {
      if (kin === undefined) return () => {}
      for (;;) {
        const earlier = known.get(kin)
        if (earlier === undefined) {
          const { promise, settle } = pending()
          known.set(kin, promise)
          return settle
        }
        const made = await earlier
        if (made !== undefined && (await copied(made, cwd))) return 'taken'
        if (known.get(kin) === earlier) known.delete(kin)
      }
    },
  }
}

function pending() {
  let settle: (made: Initialised | undefined) => void = () => {}
  const promise = new Promise<Initialised | undefined>((resolve) => {
    settle = resolve
  })
  return { promise, settle }
}

/** Copies what `init` made. The mark is removed before another `init` begins: the same before and after, nothing moved. */
async function copied({ cwd: from, mark, value }: Initialised, to: string): Promise<boolean> {
  const unmoved = async () => (await readFile(mark, 'utf8')) === value
  const data = join(to, dataFolder)
  try {
    if (!(await unmoved())) return false
    await rm(data, { recursive: true, force: true })
    await cp(join(from, dataFolder), data, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => path !== join(from, dataFolder, 'environment'),
    })
    const locked = await copyFile(join(from, lockFileName), join(to, lockFileName)).then(() => true, unlessMissing)
    if ((!locked || (await providersThere(join(data, 'providers')))) && (await unmoved())) return true
  } catch {
    // it went away while we looked: `init` makes its own
  }
  await rm(data, { recursive: true, force: true })
  return false
}

/** Without a provider there is no lock file. */
function unlessMissing(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOENT') return false
  throw error
}
