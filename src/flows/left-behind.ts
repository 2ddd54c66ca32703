import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import type { StateAddress } from '../records/address.ts'
import type { AddressDocument } from '../records/document.ts'
import type { StateRef } from '../terraform/states.ts'
import type { StateId } from '../terraform/terraform.ts'
import { addressOf } from './documents.ts'
import { stateRef } from './fill-in.ts'
import { type MigrationFacts, migrationWords } from './migration.ts'
import { actingRole } from './role.ts'
import type { Unasked } from './unasked.ts'
import type { World } from './world.ts'

/** Why nothing is done for an instance, in words, with a code for programs. */
export interface Refused {
  readonly code: string
  readonly message: string
  readonly fix: string
  /** The state that is left behind, where it is known. */
  readonly lineage?: string
}

/**
 * What is known of the state that an instance had at another address. `closed`: it was moved to where the instance asks for
 * it, or nothing is left in it. `behind`: it is still there, and going on would make everything a second time.
 */
export type OldState =
  | { readonly kind: 'closed'; readonly words: string }
  | { readonly kind: 'behind'; readonly refusal: Refused }

/**
 * What became of the state of an instance whose state address has changed.
 * @param old what was applied at its former address
 * @param own the document of the address that it has now
 * @param found the state at the new address, where somebody has asked Terraform for it
 */
export async function oldState(
  world: Pick<World, 'states' | 'repo' | 'store' | 'acts' | 'credentials'>,
  { instance }: Subject,
  old: Unasked,
  own: AddressDocument,
  found?: StateId,
): Promise<OldState> {
  const root = world.repo.mainWorktree
  const role = actingRole(world, instance)
  const before = await look(
    world,
    old.subject ? stateRef(old.subject.instance, root, role) : refOf(old.document.address, root),
  )
  const now = await look(world, stateRef(instance, root, role))
  const lineage = (typeof before === 'object' ? before.id : old.state)?.lineage
  const seen = [
    found?.lineage,
    typeof now === 'object' ? now.id.lineage : undefined,
    own.ledger?.state?.lineage,
    ...own.plans.map(({ state }) => state?.lineage),
  ]
  if (lineage !== undefined && seen.includes(lineage))
    return { kind: 'closed', words: 'its state was moved to the new address' }
  if (before === 'none' || (typeof before === 'object' && before.objects === 0))
    return { kind: 'closed', words: 'nothing is left in its old state' }
  const facts: MigrationFacts = {
    instance,
    root,
    from: old.document.address,
    to: addressOf(instance),
    applied: old.applied,
    atMs: old.document.ledger?.atMs,
    occupied: typeof now === 'object' ? now.id : undefined,
    nowMs: await world.store.now(),
  }
  const refusal = { code: 'state-left-behind', ...migrationWords(facts), ...(lineage !== undefined && { lineage }) }
  return { kind: 'behind', refusal }
}

/** What was applied at former addresses of the instances of a commit, by their present name. */
export function formerAddresses(all: readonly Unasked[]): ReadonlyMap<string, Unasked> {
  return new Map(
    all.flatMap((it): [string, Unasked][] => (it.kind === 'absent' && it.why === 'elsewhere' ? [[it.id, it]] : [])),
  )
}

/** Where a state is whose instance cannot be looked up any more. */
function refOf({ backend, settings: { file }, workspace }: StateAddress, root: string): StateRef {
  const local = backend === 'local' && file !== undefined
  return {
    backendType: backend,
    backend: local ? { path: file } : {},
    workspace: local ? 'default' : workspace,
    folder: root,
  }
}

type Look = Awaited<ReturnType<World['states']['read']>>

/** The state at a place; `none` where there is none, `unknown` where it cannot be looked at from here. */
async function look({ states }: Pick<World, 'states'>, ref: StateRef): Promise<NonNullable<Look> | 'none' | 'unknown'> {
  try {
    return (await states.read(ref)) ?? 'none'
  } catch (error) {
    if (error instanceof UserError && ['state-backend-unsupported', 'role-refused'].includes(error.code))
      return 'unknown'
    throw error
  }
}
