import { dependencies } from '../affected/dependencies.ts'
import type { AbsentWhy } from '../affected/missing.ts'
import type { Subject } from '../affected/subject.ts'
import { callsForPerson } from '../drift/issue.ts'
import { UserError } from '../error.ts'
import type { CommitId, CommitInfo } from '../git/repo.ts'
import { waves } from '../graph/waves.ts'
import { canonicalJson } from '../json.ts'
import type { AddressId } from '../records/address.ts'
import { type ApprovalState, approvalOf } from '../records/approval.ts'
import { appliedAt, type Unknown, unknownAt } from '../records/baseline.ts'
import type { HolderState } from '../records/commands.ts'
import {
  type AddressDocument,
  type Attempt,
  type DriftFinding,
  GONE,
  type PlanRecord,
  type ReadRecord,
} from '../records/document.ts'
import { type FlightWhy, flightOf, type WaitsFor } from '../records/in-flight.ts'
import { changesNothing, planFor } from '../records/plans.ts'
import { instanceSettings } from '../settings.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { States } from '../terraform/states.ts'
import {
  type Checkout,
  type CommitCheckout,
  checkout,
  commitOf,
  mustBeConfigured,
  type ProtectedBranch,
  protectedBranch,
} from './checkout.ts'
import { addressName, allDocuments, documentOf, mustBeApart } from './documents.ts'
import { edgesOf } from './edges.ts'
import { fillIn } from './fill-in.ts'
import { holderStates } from './holder.ts'
import { appliedSoFar } from './known.ts'
import { formerAddresses, type OldState, oldState, type Refused } from './left-behind.ts'
import { type Reader, removals } from './removals.ts'
import { commitsTouching } from './since.ts'
import { type Task, taskAt } from './task.ts'
import { unasked } from './unasked.ts'
import { absentItems, removalItem } from './unasked-items.ts'
import type { World } from './world.ts'

/**
 * Where one instance stands that is not clean. `follows`: nothing of its own is in flight, but it reads what is, and a
 * plan for what will become of it is stored. `drifted`: reality was found to differ from what was applied. `unknown`: so
 * adoption left it. `moved`: its records still have the name that it had before. `absent`: something was applied, or tried, at
 * an address of which the tip asks nothing, and nobody removed it by name.
 */
export type StatusItem = {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
  readonly document: AddressDocument
  /** What is applied, as the ledger says, or adoption. */
  readonly applied: ReturnType<typeof appliedAt>
} & (
  | {
      readonly kind: 'in-flight'
      readonly task: Task
      readonly why: readonly FlightWhy[]
      readonly waitsFor: WaitsFor
      /** Whether who has the claim still runs, where there is one. */
      readonly holder: HolderState | undefined
      readonly plan: PlanRecord | undefined
      readonly approval: ApprovalState | undefined
      /** Why it is not gone on with, whatever it waits for besides. */
      readonly refusal: Refused | undefined
      /** Its declaration was removed by name: it is to be destroyed. */
      readonly removal: RemovalOrder | undefined
    }
  | {
      readonly kind: 'follows'
      readonly task: Task
      readonly upstreams: readonly InstanceId[]
      readonly plan: PlanRecord
      readonly approval: ApprovalState
    }
  | { readonly kind: 'moved'; readonly from: InstanceId }
  | {
      readonly kind: 'drifted'
      readonly task: Task
      readonly finding: DriftFinding
      /** A plan that puts it back, where one was made since the last apply. */
      readonly plan: PlanRecord | undefined
      readonly approval: ApprovalState | undefined
    }
  | {
      readonly kind: 'unknown'
      readonly task: Task
      readonly why: Unknown
      readonly sinceMs: number
      readonly plan: PlanRecord | undefined
      readonly approval: ApprovalState | undefined
    }
  | {
      readonly kind: 'absent'
      /** `closed`: nothing is left at this address, so that nothing has to be done. */
      readonly why: AbsentWhy | 'closed'
      readonly words: string
      /** The last attempt that did not end well, where there is one. */
      readonly attempt: Attempt | undefined
    }
)

/** How a removal stands among others. */
export interface RemovalOrder {
  /** `its declaration was removed` */
  readonly words: string
  /** The commit that removed it, where it is found. */
  readonly by: CommitInfo | undefined
  /** What needs it and stays, so that it is not destroyed. */
  readonly readers: readonly Reader[]
  /** What is done before it: what read it until now. */
  readonly after: readonly InstanceId[]
  /** Where more are in flight than go without saying: the number that its approval must name. */
  readonly destroys: number | undefined
}

/** Items that something is to be done for. */
export type TaskItem = Extract<StatusItem, { readonly task: Task }>

/** Whether something is to be done for an item. */
export function hasTask(item: StatusItem): item is TaskItem {
  return 'task' in item
}

/**
 * Whether an item keeps the estate from being as it is asked to be. What is only switched off does not, nor what only has
 * another name or another place, nor what is unknown since adoption; what has drifted does as soon as a plan to put it back
 * waits for somebody.
 */
export function isOpen(item: StatusItem): boolean {
  if (item.kind === 'moved' || item.kind === 'unknown') return false
  if (item.kind === 'drifted') return item.plan !== undefined
  if (item.kind !== 'absent') return true
  return item.attempt !== undefined || !['disabled', 'abstract', 'closed'].includes(item.why)
}

/** What the records and the tip of the protected branch come to. */
export interface Status {
  readonly branch: ProtectedBranch
  readonly checkout: CommitCheckout
  /** Instances that could be in flight. */
  readonly total: number
  /** In dependency order: what an instance reads comes before it. */
  readonly items: readonly StatusItem[]
  /** For each instance in flight, the commits of the protected branch that put it there, newest first. */
  readonly commits: ReadonlyMap<InstanceId, readonly CommitInfo[]>
  /** Every document that was read, by the id of its address. */
  readonly documents: ReadonlyMap<AddressId, AddressDocument>
  readonly nowMs: number
}

/** Computes what is in flight: nothing of it is stored anywhere. */
export async function status(world: Omit<World, 'terraform'>): Promise<Status> {
  const here = await checkout(world, await commitOf(world, 'HEAD'))
  mustBeConfigured(here, world.repo.root)
  const branch = await protectedBranch(world, here.settings)
  const tip =
    here.commit === branch.tip
      ? here
      : await checkout(world, branch.tip, { name: `${branch.name}@${branch.tip.slice(0, 7)}`, other: here })
  mustBeConfigured(tip, world.repo.root)
  mustBeApart(tip.subjects)
  const at = { ...tip, commit: branch.tip }
  const documents = await allDocuments(world)
  const items = await standing(world, at, documents)
  return {
    branch,
    checkout: at,
    total: at.subjects.size + items.filter((it) => hasTask(it) && it.task.target === GONE).length,
    items,
    commits: await commitsOf(world, branch.tip, items),
    documents,
    nowMs: await world.store.now(),
  }
}

/**
 * Where every instance of a commit stands that is not clean, in the order in which it is worked on.
 * @param base for a commit that is not the tip, where it left the protected branch: only removals since then are its own
 */
export async function standing(
  world: Omit<World, 'terraform'>,
  at: CommitCheckout,
  recorded: ReadonlyMap<AddressId, AddressDocument>,
  base?: Checkout,
): Promise<StatusItem[]> {
  const { documents, baseline } = await appliedSoFar(world, at, recorded)
  const nowMs = await world.store.now()
  const order = waves([...at.subjects.keys()], edgesOf(at.subjects)).flat() as InstanceId[]
  const remembering = { ...world, states: rememberedStates(world.states) }
  const holderOf = holderStates(world, nowMs)
  const left = await unasked(remembering, at, { documents, baseline }, base)
  const former = formerAddresses(left)
  const olds = new Map<InstanceId, OldState>()
  const moving = new Set<InstanceId>()
  const items: StatusItem[] = []
  for (const id of order) {
    const subject = at.subjects.get(id)!
    const task = taskAt(at, subject)
    const { instance } = subject
    const document = documentOf(documents, instance)
    const upstreams = [...new Set(dependencies(instance).map(({ on }) => on))].filter((it) => moving.has(it))
    const rule = instanceSettings(instance.sections).approval === 'none' ? 'none' : 'needed'
    const addressed = addressName(instance)
    const adopted = document.ledger === undefined ? baseline?.addresses[addressed] : undefined
    const moved = await movedReads(remembering, at, subject, document, adopted?.reads)
    const flight = flightOf({
      document,
      target: task.target,
      baseline: adopted?.fingerprint,
      ...(adopted && { baselineReads: adopted.reads }),
      moved,
      upstreams,
      approval: rule,
      nowMs,
    })
    const plan = planFor(document, task.target, nowMs)
    const approval = plan && approvalOf(document, plan, rule)
    const applied = appliedAt(document, baseline, addressed)
    const about = { id, component: instance.component, stack: instance.stack, document, applied }
    const before = former.get(id)
    const old = before && (await oldState(remembering, subject, before, document))
    if (old) olds.set(id, old)
    if (flight.kind === 'in-flight') {
      moving.add(id)
      const holder = document.claim && (await holderOf(document))
      const refusal = old?.kind === 'behind' ? old.refusal : undefined
      const { why, waitsFor } = flight
      const own = { task, why, waitsFor, holder, plan, approval, refusal, removal: undefined }
      items.push({ kind: 'in-flight', ...about, ...own })
    } else if (plan && approval && upstreams.length > 0 && plan.createdMs > (document.ledger?.atMs ?? 0)) {
      if (!changesNothing(plan)) moving.add(id)
      items.push({ kind: 'follows', ...about, task, upstreams, plan, approval })
    } else {
      const finding = document.drift?.found
      const unknown = unknownAt(document, baseline, addressed)
      const named = document.names[0] ?? adopted?.name
      if (finding !== undefined && callsForPerson(finding.class))
        items.push({ kind: 'drifted', ...about, task: { ...task, action: 'remediate' }, finding, plan, approval })
      else if (baseline && unknown)
        items.push({ kind: 'unknown', ...about, task, why: unknown, sinceMs: baseline.atMs, plan, approval })
      else if (applied !== undefined && applied.fingerprint !== GONE && named !== undefined && named !== id)
        items.push({ kind: 'moved', ...about, from: named })
    }
  }
  const flying = new Map(
    items.flatMap((it): [InstanceId, readonly ReadRecord[]][] => {
      if (it.kind !== 'in-flight') return []
      const adopted = baseline?.addresses[addressName(it.task.subject.instance)]
      return [[it.id, (it.document.ledger ?? adopted)?.reads ?? []]]
    }),
  )
  const gone = removals(at, left, flying)
  const together = gone.length + destroyedAt(at.commit, documents)
  const count = together > at.settings.destroyMax ? together : undefined
  return [
    ...items,
    ...(await Promise.all(gone.map((it) => removalItem(holderOf, it, count, nowMs)))),
    ...left.flatMap((it) => (it.kind === 'absent' ? absentItems(it, olds.get(it.id), flying.has(it.id)) : [])),
  ]
}

/** Removals that are done already at this very commit: they count with those that are left, so that the number stays. */
function destroyedAt(commit: CommitId, documents: ReadonlyMap<AddressId, AddressDocument>): number {
  return [...documents.values()].filter(
    ({ ledger, attempts }) =>
      ledger?.fingerprint === GONE &&
      ledger.commit === commit &&
      attempts.some((it) => it.action === 'destroy' && it.outcome === 'done' && it.commit === commit),
  ).length
}

/**
 * Whether the value that a read had is another now. A read that cannot be answered now has not moved, nor has one of the
 * environment: every shell has its own, and a plan made from it is made again before it is applied.
 */
async function movedReads(
  world: Omit<World, 'terraform'>,
  at: Checkout,
  subject: Subject,
  { ledger, plans }: AddressDocument,
  adopted: readonly ReadRecord[] = [],
): Promise<(read: ReadRecord) => boolean> {
  const recorded = [
    ...(ledger?.reads ?? adopted),
    ...plans.flatMap(({ status: { kind }, reads }) => (kind === 'open' ? reads : [])),
  ]
  if (recorded.length === 0) return () => false
  const filling = await fillIn(world, at, subject, () => undefined).catch((error: unknown) => {
    // What it reads was removed, or is kept where this job may not look.
    if (
      error instanceof UserError &&
      ['instance-unknown', 'state-backend-unsupported', 'reads-key-missing', 'role-refused'].includes(error.code)
    )
      return undefined
    throw error
  })
  if (filling === undefined || filling.kind === 'deferred') return () => false
  const now = new Map(filling.reads.map(({ call, hash }) => [call, hash]))
  return ({ call, source, hash }) => source !== 'environment' && now.has(call) && now.get(call) !== hash
}

/** Each state is read once, however many instances ask. */
function rememberedStates(states: States): States {
  const known = new Map<string, ReturnType<States['read']>>()
  return {
    read(ref) {
      const key = canonicalJson(ref)
      const found = known.get(key) ?? states.read(ref)
      known.set(key, found)
      return found
    },
  }
}

async function commitsOf(
  { repo }: Pick<World, 'repo'>,
  tip: CommitId,
  items: readonly StatusItem[],
): Promise<ReadonlyMap<InstanceId, readonly CommitInfo[]>> {
  const touching = commitsTouching(repo, tip)
  const found = new Map<InstanceId, readonly CommitInfo[]>()
  for (const item of items)
    if (item.kind === 'in-flight')
      found.set(item.id, item.removal?.by ? [item.removal.by] : await touching(item.task.subject, item.applied?.commit))
  return found
}
