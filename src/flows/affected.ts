import { affected, type Change, type Side } from '../affected/affected.ts'
import { type Listed, listed } from '../affected/atmos/listed.ts'
import { type ConfigReason, configReasons } from '../affected/configuration.ts'
import { withoutSecret, withoutSecrets } from '../affected/hide.ts'
import { narrowlyAffected } from '../affected/narrow.ts'
import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { CommitId, LoadableTree } from '../git/repo.ts'
import { cycle, type Edge } from '../graph/graph.ts'
import { secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import type { Finding } from '../stacks/validate.ts'
import { type Checkout, checkout, commitOf, glanced, mustBeConfigured } from './checkout.ts'
import { loadDifferences } from './describe.ts'
import { addressName } from './documents.ts'
import { edgesOf } from './edges.ts'
import { manifestFindings } from './findings.ts'
import { leftAt, named } from './history.ts'
import type { World } from './world.ts'

/** What to compare: revisions, or nothing for the usual: the protected branch's merge base with what is checked out. */
export interface AffectedRequest {
  readonly base?: string
  /** A revision; left out: HEAD, with uncommitted changes where there are some. */
  readonly head?: string
}

/** A side of the comparison as people name it: `main@4c1d2e9`. */
export interface SideName {
  readonly name: string
  readonly commit: CommitId
  readonly uncommitted: boolean
  /** What had to be fetched to compare with it: a shallow clone lacks history. */
  readonly brought?: string
}

export interface AffectedOutcome {
  readonly base: SideName
  readonly head: SideName
  readonly changes: readonly Change[]
  /** What `validate stacks` says of the head. */
  readonly findings: readonly Finding[]
  readonly sides: { readonly base: Checkout; readonly head: Checkout }
}

/**
 * Finds the instances that differ, each with all its reasons.
 * @param resolved a commit that is resolved already, perhaps the head
 */
export async function findAffected(
  world: Pick<World, 'repo' | 'ambient'>,
  request: AffectedRequest,
  resolved?: Checkout,
): Promise<AffectedOutcome> {
  const { commit, uncommitted } = await headOf(world, request)
  const isHead = resolved !== undefined && !uncommitted && resolved.commit === commit
  const head = isHead ? resolved : await checkout(world, uncommitted ? undefined : commit)
  mustBeConfigured(head, world.repo.root)
  const baseSide = await baseOf(world, request, commit, head.settings)
  const base =
    baseSide.commit === commit && !uncommitted
      ? head
      : await checkout(world, baseSide.commit, { name: nameOf(baseSide), other: head })
  // Whether what is gone is still declared is told by files that nothing may have read so far.
  const changes = await reading([base.tree, head.tree], () => affected(base, head, addressName))
  return {
    base: baseSide,
    head: { name: request.head ?? world.repo.branch ?? 'HEAD', commit, uncommitted },
    findings: await manifestFindings(head),
    changes: shownOf(world, changes, base.tree, head.tree),
    sides: { base, head },
  }
}

/** Both levels of a comparison, and what belongs to no instance alone. */
export interface Levels extends Omit<AffectedOutcome, 'sides'> {
  /** What `describe affected` lists, by its own rules; undefined where it would fail. */
  readonly listed: Listed | undefined
  /** Settings of `atmos.yaml` that differ, for every instance there is. */
  readonly configuration: readonly ConfigReason[]
  /** Instances that wait for each other, so that none of them can be planned first. */
  readonly cycle: readonly Edge[] | undefined
}

/**
 * The same for whoever needs nothing else of the two sides: manifests in which nothing can differ are not resolved. Says
 * also what Atmos would list.
 */
export async function findChanges(world: Pick<World, 'repo' | 'ambient'>, request: AffectedRequest): Promise<Levels> {
  const { repo, ambient } = world
  const { commit, uncommitted } = await headOf(world, request)
  const head = await glanced(world, uncommitted ? undefined : commit)
  mustBeConfigured({ stacks: head, commit: uncommitted ? undefined : commit }, repo.root)
  const baseSide = await baseOf(world, request, commit, head.settings)
  if (baseSide.commit === commit && !uncommitted) return wholly(world, request)
  const base = await glanced(world, baseSide.commit)
  const found = await reading([base.tree, head.tree], () => narrowlyAffected(base, head, ambient, addressName)).catch(
    (error: unknown) => {
      // Resolving all of it tells best what is wrong, and in which commit.
      if (error instanceof UserError) return undefined
      throw error
    },
  )
  if (found === undefined) return wholly(world, request)
  return {
    base: baseSide,
    head: { name: request.head ?? repo.branch ?? 'HEAD', commit, uncommitted },
    findings: await manifestFindings({ ...head, stacks: found.head.stacks }),
    changes: shownOf(world, found.changes, base.tree, head.tree),
    ...(await levels(world, { ...found.base, tree: base.tree }, { ...found.head, tree: head.tree }, found.changes)),
  }
}

async function wholly(world: Pick<World, 'repo' | 'ambient'>, request: AffectedRequest): Promise<Levels> {
  const { sides, ...outcome } = await findAffected(world, request)
  return { ...outcome, ...(await levels(world, sides.base, sides.head, outcome.changes)) }
}

type LoadedSide = Side & { readonly tree: LoadableTree }

async function levels(
  { ambient }: Pick<World, 'ambient'>,
  base: LoadedSide,
  head: LoadedSide,
  changes: readonly Change[],
): Promise<Pick<Levels, 'listed' | 'configuration' | 'cycle'>> {
  await loadDifferences(head.tree, base.tree)
  const hiding = { sensitive: new Set<string>(), secrets: secrets(secretsOf(ambient.env)) }
  return {
    listed: await reading([base.tree, head.tree], () => listed(base, head)),
    configuration: configReasons(base.stacks.config, head.stacks.config).map((it) => withoutSecret(it, hiding)),
    cycle: cycleAmong(head, changes),
  }
}

/** The first cycle among what would be planned. */
function cycleAmong({ subjects }: Side, changes: readonly Change[]): Edge[] | undefined {
  const planned = changes.filter(({ kind, after }) => kind !== 'passive' && after !== undefined)
  const wanted = new Map(
    planned.flatMap(({ id }): [InstanceId, Subject][] => (subjects.has(id) ? [[id, subjects.get(id)!]] : [])),
  )
  return cycle([...wanted.keys()], edgesOf(wanted))
}

async function headOf(
  world: Pick<World, 'repo'>,
  { head }: AffectedRequest,
): Promise<{ readonly commit: CommitId; readonly uncommitted: boolean }> {
  const [commit, dirty] = await Promise.all([
    commitOf(world, head ?? 'HEAD'),
    head === undefined ? world.repo.dirty() : [],
  ])
  return { commit, uncommitted: dirty.length > 0 }
}

function shownOf(
  { ambient }: Pick<World, 'ambient'>,
  changes: readonly Change[],
  base: LoadableTree,
  head: LoadableTree,
): readonly Change[] {
  const known = secrets(secretsOf(ambient.env))
  return changes.map((change) => withoutSecrets(change, { sensitive: sensitiveOf(change, base, head), secrets: known }))
}

/** Variables of an instance that its module declares sensitive on either side. */
function sensitiveOf({ before, after }: Change, base: LoadableTree, head: LoadableTree): ReadonlySet<string> {
  return new Set([
    ...(before ? sensitiveVariables(base, before.instance.folder) : []),
    ...(after ? sensitiveVariables(head, after.instance.folder) : []),
  ])
}

function nameOf({ name, commit }: SideName): string {
  return `${name}@${commit.slice(0, 7)}`
}

async function baseOf(
  world: Pick<World, 'repo'>,
  { base }: AffectedRequest,
  headCommit: CommitId,
  settings: Settings,
): Promise<SideName> {
  const start = base === undefined ? await leftAt(world, headCommit, settings) : await named(world, base)
  return { ...start, uncommitted: false }
}
