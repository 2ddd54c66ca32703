import type { Side } from '../affected/affected.ts'
import { subjects } from '../affected/subject.ts'
import { metIn, UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { CommitId, LoadableTree, TreeId } from '../git/repo.ts'
import { type Settings, settings } from '../settings.ts'
import { type AtmosConfig, loadConfig } from '../stacks/config.ts'
import { resolveStacks, type Stacks } from '../stacks/instances.ts'
import { valueAt } from '../stacks/value.ts'
import type { World } from './world.ts'

/** A commit (or the work tree: `commit` undefined) with all its instances. */
export interface Checkout extends Side {
  readonly commit: CommitId | undefined
  readonly tree: LoadableTree
  readonly stacks: Stacks
  readonly settings: Settings
}

/** A commit with all its instances: what can be planned and applied. */
export type CommitCheckout = Checkout & { readonly commit: CommitId }

/** The settings in a configuration of Atmos. @throws UserError `setting-unknown`, `setting-invalid` */
export function settingsOf({ integrations }: Pick<Stacks['config'], 'integrations'>): Settings {
  return settings(valueAt(integrations, ['airlock']), valueAt(integrations, ['github', 'gitops']))
}

type Needs = Pick<World, 'repo' | 'ambient'>

/** Contents that resolution nearly always reads; others are loaded when they are asked for. */
const usual = (path: string) => /\.(ya?ml|tmpl|tf|tf\.json)$/.test(path)

/**
 * Resolves every instance at a commit, or in the work tree as it lies on disk. The commits that were looked at last are not
 * resolved again.
 * @param name what people call the commit, for errors in files that are not the ones they see
 * @param other another commit: what is the same there is not resolved again
 */
export async function checkout<C extends CommitId | undefined>(
  { repo, ambient }: Needs,
  commit: C,
  { name, other }: { readonly name?: string; readonly other?: Checkout } = {},
): Promise<Checkout & { readonly commit: C }> {
  if (commit === undefined) return { commit, ...(await resolvedAt({ repo, ambient }, undefined, { name, other })) }
  const known = lastResolved.get(repo) ?? []
  const same = known.find((it) => it.commit === commit && it.ambient === ambient)
  if (same !== undefined) return { commit, ...(await same.resolved) }
  const resolved = resolvedAt({ repo, ambient }, commit, { name, other })
  lastResolved.set(repo, [{ commit, ambient, resolved }, ...known].slice(0, keptCommits))
  resolved.catch(() => {
    const others = (lastResolved.get(repo) ?? []).filter((it) => it.resolved !== resolved)
    lastResolved.set(repo, others)
  })
  return { commit, ...(await resolved) }
}

/** A run looks at few commits, and at the tip again and again; one of a large estate takes some memory. */
const keptCommits = 2
const lastResolved = new WeakMap<
  World['repo'],
  readonly { readonly commit: CommitId; readonly ambient: World['ambient']; readonly resolved: Promise<Resolved> }[]
>()

/** A commit, or the work tree, of which nothing but the configuration is read. */
export interface Glance {
  readonly tree: LoadableTree
  readonly config: AtmosConfig
  readonly settings: Settings
}

/** Reads the configuration of a commit, or of the work tree. */
export async function glanced({ repo, ambient }: Needs, commit: CommitId | undefined): Promise<Glance> {
  const tree = commit === undefined ? await repo.workTree(usual) : await repo.tree(commit, usual)
  const found = await reading([tree], (it) => {
    const config = loadConfig(it!, ambient)
    return { config, settings: settingsOf(config) }
  })
  return { tree, ...found }
}

async function resolvedAt(
  { repo, ambient }: Needs,
  commit: CommitId | undefined,
  { name, other }: { readonly name: string | undefined; readonly other: Checkout | undefined },
): Promise<Resolved> {
  const tree = commit === undefined ? await repo.workTree(usual) : await repo.tree(commit, usual)
  return resolvedIn(tree, ambient, other).catch((error: unknown) => {
    throw error instanceof UserError && name !== undefined ? metIn(error, name) : error
  })
}

/** A tree that no commit has, with all its instances. */
export type Resolved = Omit<Checkout, 'commit'>

/** Resolves every instance of a tree that no commit has: what a merge would give. */
export async function checkoutTree({ repo, ambient }: Needs, tree: TreeId, other: Checkout): Promise<Resolved> {
  return resolvedIn(await repo.tree(tree, usual), ambient, other)
}

async function resolvedIn(tree: LoadableTree, ambient: World['ambient'], other?: Checkout): Promise<Resolved> {
  const found = await reading([tree], (it) => {
    const stacks = resolveStacks(it!, ambient, { other: other?.stacks })
    const inventory = stacks.inventory()
    return {
      stacks,
      inventory,
      subjects: subjects(it!, inventory, other?.subjects),
      settings: settingsOf(stacks.config),
    }
  })
  return { tree, ...found }
}

/** Refuses a repository without configuration: the built-in one would find nothing, and that would look like all is well. */
export function mustBeConfigured(
  { stacks, commit }: { readonly stacks: Pick<Stacks, 'config'>; readonly commit: CommitId | undefined },
  root: string,
): void {
  if (stacks.config.found) return
  const where = commit === undefined ? root : `commit ${commit.slice(0, 7)} of ${root}`
  throw new UserError({
    code: 'config-missing',
    message: `there is no atmos.yaml in ${where}, nor where else Atmos looks for one`,
    fix: 'commit an atmos.yaml at the root that says where stacks and components are (https://atmos.tools/cli/configuration)',
    exit: 2,
  })
}

/** The commit that a revision names. @throws UserError `revision-unknown` */
export async function commitOf({ repo }: Pick<World, 'repo'>, revision: string): Promise<CommitId> {
  const commit = await repo.resolve(revision)
  if (commit !== undefined) return commit
  throw new UserError({
    code: 'revision-unknown',
    message: `${revision} names no commit in ${repo.root}`,
    fix: repo.shallow
      ? 'this clone is shallow: git fetch --unshallow, or fetch the commit'
      : 'git branch -a and git log list what there is; git fetch brings what is missing',
    exit: 2,
  })
}

/** The protected branch: its name, and the commit that it stands at here. */
export interface ProtectedBranch {
  readonly name: string
  readonly tip: CommitId
}

/** Only its tip is ever applied. Origin's branch counts where there is one, else the local one. */
export async function protectedBranch({ repo }: Pick<World, 'repo'>, { branch }: Settings): Promise<ProtectedBranch> {
  return branchNamed({ repo }, branch ?? (await repo.originHead()) ?? 'main')
}

/** A protected branch by its name. @throws UserError `branch-unknown` */
export async function branchNamed({ repo }: Pick<World, 'repo'>, name: string): Promise<ProtectedBranch> {
  const tip = (await repo.resolve(`refs/remotes/origin/${name}`)) ?? (await repo.resolve(`refs/heads/${name}`))
  if (tip !== undefined) return { name, tip }
  throw new UserError({
    code: 'branch-unknown',
    message: `the protected branch ${name} is neither here nor at origin`,
    fix: 'set integrations.airlock.branch in atmos.yaml to the branch that is applied, or fetch it',
    exit: 2,
  })
}
