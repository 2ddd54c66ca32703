import { affected, type Change } from '../affected/affected.ts'
import { withoutSecrets } from '../affected/hide.ts'
import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { CommitId } from '../git/repo.ts'
import { secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import type { Finding } from '../stacks/validate.ts'
import { type Checkout, checkout, commitOf, mustBeConfigured, protectedBranch } from './checkout.ts'
import { addressName } from './documents.ts'
import { manifestFindings } from './findings.ts'
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
  const { repo } = world
  const headCommit = await commitOf(world, request.head ?? 'HEAD')
  const uncommitted = request.head === undefined && (await repo.dirty()).length > 0
  const isHead = resolved !== undefined && !uncommitted && resolved.commit === headCommit
  const head = isHead ? resolved : await checkout(world, uncommitted ? undefined : headCommit)
  mustBeConfigured(head, repo.root)
  const baseSide = await baseOf(world, request, headCommit, head)
  const base =
    baseSide.commit === headCommit && !uncommitted
      ? head
      : await checkout(world, baseSide.commit, { name: nameOf(baseSide), other: head })
  // Whether what is gone is still declared is told by files that nothing may have read so far.
  const changes = await reading([base.tree, head.tree], () => affected(base, head, addressName))
  const known = secrets(secretsOf(world.ambient.env))
  return {
    base: baseSide,
    head: { name: request.head ?? repo.branch ?? 'HEAD', commit: headCommit, uncommitted },
    findings: await manifestFindings(head),
    changes: changes.map((change) =>
      withoutSecrets(change, { sensitive: sensitiveOf(change, base, head), secrets: known }),
    ),
    sides: { base, head },
  }
}

/** Variables of an instance that its module declares sensitive on either side. */
function sensitiveOf({ before, after }: Change, base: Checkout, head: Checkout): ReadonlySet<string> {
  return new Set([
    ...(before ? sensitiveVariables(base.tree, before.instance.folder) : []),
    ...(after ? sensitiveVariables(head.tree, after.instance.folder) : []),
  ])
}

function nameOf({ name, commit }: SideName): string {
  return `${name}@${commit.slice(0, 7)}`
}

async function baseOf(
  world: Pick<World, 'repo'>,
  { base }: AffectedRequest,
  headCommit: CommitId,
  { settings }: Checkout,
): Promise<SideName> {
  if (base !== undefined) return { name: base, commit: await commitOf(world, base), uncommitted: false }
  const { name, tip } = await protectedBranch(world, settings)
  const commit = await world.repo.mergeBase(headCommit, tip)
  if (commit !== undefined) return { name, commit, uncommitted: false }
  throw new UserError({
    code: 'merge-base-unknown',
    message: `${name} and HEAD have no common commit here`,
    fix: world.repo.shallow
      ? 'this clone is shallow: git fetch --unshallow'
      : `name the commit to compare with: airlock affected --base ${name}`,
    exit: 2,
  })
}
