import type { Change } from '../affected/affected.ts'
import { UserError } from '../error.ts'
import { type AddressDocument, GONE } from '../records/document.ts'
import { readDocument } from '../records/journal.ts'
import type { Instance, InstanceId } from '../stacks/instance.ts'
import type { CommitCheckout } from './checkout.ts'
import { addressName, addressOf } from './documents.ts'
import { fillIn, stateRef } from './fill-in.ts'
import { oldState, type Refused } from './left-behind.ts'
import { openSession, type PlanRun, type WorkEvents } from './plan-one.ts'
import { type Reader, removals } from './removals.ts'
import { actingRole } from './role.ts'
import type { StatusItem } from './status.ts'
import type { Task } from './task.ts'
import { type Unasked, unaskedAmong } from './unasked.ts'
import type { World } from './world.ts'

/** A change for which there is nothing to plan, and why. */
export interface Unplanned {
  readonly change: Change
  readonly why: string
}

/** What destroys a removed instance, and who still needs it: then it is planned, and not applied. */
export interface PlannedRemoval {
  readonly task: Task
  readonly readers: readonly Reader[]
  /** What the branch says of it, where it had another name when it was applied. */
  readonly change?: Change | undefined
}

/**
 * What is planned for instances that are gone: for one that was removed by name a plan that destroys it, made from the
 * commit that it was applied from; for any other nothing.
 * @param known removals that were looked up already, in their order
 */
export async function removalsOf(
  world: Omit<World, 'terraform'>,
  side: CommitCheckout,
  known: ReadonlyMap<InstanceId, PlannedRemoval>,
  wanted: readonly Change[],
): Promise<{
  /** In the order in which they are done. */
  readonly removals: ReadonlyMap<InstanceId, PlannedRemoval>
  readonly unplanned: readonly Unplanned[]
}> {
  const found: Extract<Unasked, { kind: 'removed' }>[] = []
  const changed = new Map<Unasked, Change>()
  const unplanned: Unplanned[] = []
  const gone = wanted.filter(({ id, after }) => after === undefined && !known.has(id))
  const addresses = gone.flatMap(({ kind, before }) =>
    kind === 'destroy' && before ? [addressOf(before.instance)] : [],
  )
  const { documents, became } = await unaskedAmong(world, side, addresses)
  for (const change of gone) {
    const { kind, before, reasons } = change
    const address = before && addressName(before.instance)
    const is = address && became.get(address)
    const removed =
      kind !== 'destroy' || !before || !address
        ? undefined
        : is?.kind === 'removed'
          ? is
          : (is?.words ?? (await neverApplied(world, before.instance, documents.get(address))))
    if (typeof removed === 'object') {
      found.push(removed)
      changed.set(removed, change)
    } else {
      const why = removed ?? reasons.flatMap((it) => (it.kind === 'missing' ? [it.why] : []))[0] ?? 'it is absent'
      unplanned.push({ change, why })
    }
  }
  const asked = new Set(wanted.map(({ id }) => id))
  const fresh = removals(side, found, new Map()).map(
    ({ unasked: it, readers }) => [it.id, { task: it.task, readers, change: changed.get(it) }] as const,
  )
  return { removals: new Map([...[...known].filter(([id]) => asked.has(id)), ...fresh]), unplanned }
}

/** Why there is nothing to destroy of a removed instance. */
async function neverApplied(
  world: Pick<World, 'states' | 'repo' | 'acts' | 'credentials'>,
  instance: Instance,
  document: AddressDocument | undefined,
): Promise<string> {
  if (document?.ledger?.fingerprint === GONE) return 'it was removed, and what it made is destroyed already'
  const state = await world.states
    .read(stateRef(instance, world.repo.mainWorktree, actingRole(world, instance)))
    .catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'state-backend-unsupported') return 'unknown' as const
      throw error
    })
  if (state === 'unknown')
    return 'it was removed, and Airlock never applied it; whether others did, its backend does not tell here: airlock adopt'
  if (state === undefined || state.objects === 0)
    return 'it was removed, and nothing was ever applied: there is nothing to destroy'
  return `it was removed, and Airlock never applied it, but its state holds ${state.objects} ${state.objects === 1 ? 'object' : 'objects'}: airlock adopt comes first, then its removal brings a plan that destroys them`
}

/** What was found while looking at everything: instances whose state is left behind. */
export function refusalsOf(items: readonly StatusItem[]): ReadonlyMap<InstanceId, Refused> {
  return new Map(
    items.flatMap((item): [InstanceId, Refused][] =>
      item.kind === 'in-flight' && item.refusal && !item.removal ? [[item.id, item.refusal]] : [],
    ),
  )
}

/** Instances whose state would be left behind by a change: only those whose state address changes. */
export async function refusalsAmong(
  world: Omit<World, 'terraform'>,
  side: CommitCheckout,
  changes: readonly Change[],
): Promise<ReadonlyMap<InstanceId, Refused>> {
  const found = new Map<InstanceId, Refused>()
  const rekeyed = changes.flatMap(({ id, before, after }) =>
    before && after && addressName(before.instance) !== addressName(after.instance) ? [{ id, before, after }] : [],
  )
  const { became } = await unaskedAmong(
    world,
    side,
    rekeyed.map(({ before }) => addressOf(before.instance)),
  )
  for (const { id, before, after } of rekeyed) {
    const old = became.get(addressName(before.instance))
    if (old === undefined) continue
    const is = await oldState(world, after, old, await readDocument(world.store, addressOf(after.instance)))
    if (is.kind === 'behind') found.set(id, is.refusal)
  }
  return found
}

/** Asks Terraform whether a state that is left behind has come to where it is asked for, where it can not be read directly. */
export async function staysRefused(
  world: World,
  run: PlanRun,
  task: Task,
  { lineage }: Refused,
  events: WorkEvents,
): Promise<boolean> {
  const { backendType } = task.subject.instance
  if (lineage === undefined || backendType === 'local' || backendType === '') return true
  const filling = await fillIn(world, task.at, task.subject, () => undefined)
  if (filling.kind === 'deferred') return true
  const { session } = await openSession(world, run, task, filling, events)
  try {
    return (await session.state())?.lineage !== lineage
  } catch (error) {
    if (error instanceof UserError) return true // what cannot be asked has told nothing
    throw error
  } finally {
    await session.close()
  }
}
