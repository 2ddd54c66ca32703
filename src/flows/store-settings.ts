import { metIn, UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { LoadableTree, Repo } from '../git/repo.ts'
import { type Settings, settings } from '../settings.ts'
import type { Ambient } from '../stacks/ambient.ts'
import { loadConfig } from '../stacks/config.ts'
import { settingsOf } from './checkout.ts'

/** Files that usually hold Atmos' configuration; others are loaded when they are asked for. */
const usual = (path: string) => /(^|\/)\.?atmos(\.d)?(\/.*)?(\.ya?ml)?$/.test(path)

/**
 * The settings that say where records are: those of the protected branch's tip, where it has a configuration; else those of the
 * work tree. A pull request that could name another store, or other recipients, would choose where plans go.
 * @param branch the protected branch, where somebody knows it who is to be believed; else origin's default branch counts
 */
export async function storeSettings(
  { repo, ambient }: { readonly repo: Repo; readonly ambient: Ambient },
  branch?: string,
): Promise<Settings> {
  const here = async () => settingsIn(await repo.workTree(usual), ambient)
  const named = branch ?? (await repo.originHead())
  const own = named === undefined ? await here() : undefined
  const first = await settingsAt(repo, ambient, named ?? own?.branch ?? 'main')
  // The default branch may say that another one is protected: then that one's settings count.
  const second = first?.branch === undefined ? undefined : await settingsAt(repo, ambient, first.branch)
  return second ?? first ?? own ?? (await here()) ?? settings(undefined)
}

async function settingsAt(repo: Repo, ambient: Ambient, branch: string): Promise<Settings | undefined> {
  const tip = (await repo.resolve(`refs/remotes/origin/${branch}`)) ?? (await repo.resolve(`refs/heads/${branch}`))
  if (tip === undefined) return undefined
  return settingsIn(await repo.tree(tip, usual), ambient).catch((error: unknown) => {
    throw error instanceof UserError ? metIn(error, `${branch}@${tip.slice(0, 7)}`) : error
  })
}

async function settingsIn(tree: LoadableTree, ambient: Ambient): Promise<Settings | undefined> {
  return reading([tree], (it) => {
    const { found, integrations } = loadConfig(it!, ambient)
    return found ? settingsOf({ integrations }) : undefined
  })
}
