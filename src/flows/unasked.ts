import { type AbsentWhy, missing } from '../affected/missing.ts'
import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { CommitId, CommitInfo } from '../git/repo.ts'
import { type AddressId, addressId, type StateAddress } from '../records/address.ts'
import { appliedAt, type BaselineEntry } from '../records/baseline.ts'
import {
  type AddressDocument,
  type Attempt,
  emptyDocument,
  GONE,
  type ReadRecord,
  type Target,
} from '../records/document.ts'
import type { Applied } from '../records/fingerprints.ts'
import { flightOf } from '../records/in-flight.ts'
import { readDocument } from '../records/journal.ts'
import type { Instance, InstanceId } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'
import { type Checkout, type CommitCheckout, checkout } from './checkout.ts'
import { addressName } from './documents.ts'
import { readBaseline } from './known.ts'
import { commitsTouching } from './since.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** Something was applied, or tried, at an address of which a commit asks nothing. */
export type Unasked = {
  readonly id: InstanceId
  readonly document: AddressDocument
  /** What is applied, as the ledger says, or adoption. */
  readonly applied: ReturnType<typeof appliedAt>
  /** The state that it was applied to, and what it read then. */
  readonly state: StateId | undefined
  readonly reads: readonly ReadRecord[]
  /** The last attempt that did not end well, where there is one. */
  readonly attempt: Attempt | undefined
  /** What became of it: `its declaration was removed`. */
  readonly words: string
  /** The instance as it was applied last; undefined where that cannot be looked up. */
  readonly subject: Subject | undefined
} & (
  | {
      /** It was removed by name: what it made is to be destroyed. */
      readonly kind: 'removed'
      readonly task: Task
      /** Its name when it was removed. */
      readonly lastId: InstanceId
      /** The commit that removed it, where it is found. */
      readonly by: CommitInfo | undefined
      /** Whether `metadata.locked` was set when it was removed: that is no part of what is applied. */
      readonly locked: boolean
    }
  | { /** Nobody removed it by name: nothing is destroyed. */ readonly kind: 'absent'; readonly why: AbsentWhy }
)

type Needs = Pick<World, 'repo' | 'ambient' | 'store'>

/**
 * What became of addresses of which a commit asks nothing. Each instance is looked up at the commit that it was applied from,
 * once for each such commit.
 * @param base only addresses that this one asks for count: a branch knows nothing of what was made beside it
 */
export async function unasked(
  world: Needs,
  at: CommitCheckout,
  { documents, baseline }: Applied,
  base?: Checkout,
): Promise<Unasked[]> {
  const asked = addressesOf(at)
  const known = base && addressesOf(base)
  const nowMs = await world.store.now()
  const look: Looking = {
    at,
    lookUp: lookingUp(world, at),
    touching: commitsTouching(world.repo, at.commit),
    resting: new Map(
      [...at.inventory.values()].flatMap((it) => (at.subjects.has(it.id) ? [] : [[addressName(it), it] as const])),
    ),
  }
  const found: Unasked[] = []
  const adopted = Object.entries(baseline?.addresses ?? {}) as [AddressId, BaselineEntry][]
  const all = new Map([
    ...adopted.map(([id, { address, name }]) => [id, { ...emptyDocument(address), names: [name] }] as const),
    ...documents,
  ])
  for (const [address, document] of all) {
    const id = document.names[0]
    if (id === undefined || asked.has(address)) continue
    if (known && !known.has(address) && !at.subjects.has(id)) continue
    const is = appliedAt(document, baseline, address)
    const applied = is?.fingerprint === GONE ? undefined : is
    const attempt = openAttempt(document, applied?.fingerprint, nowMs)
    const commit = applied?.commit ?? attempt?.commit
    if (commit === undefined) continue
    const became = await becameOf(look, address, id, await look.lookUp(commit))
    const { state, reads = [] } = document.ledger ?? baseline?.addresses[address] ?? {}
    found.push({ document, applied, attempt, state, reads, ...became })
  }
  return onePerName(found)
}

/** The documents of some addresses, and what became of those of which the commit asks nothing. */
export async function unaskedAmong(
  world: Needs,
  at: CommitCheckout,
  addresses: readonly StateAddress[],
): Promise<{
  readonly documents: ReadonlyMap<AddressId, AddressDocument>
  readonly became: ReadonlyMap<AddressId, Unasked>
}> {
  const documents = new Map<AddressId, AddressDocument>()
  for (const address of addresses) documents.set(addressId(address), await readDocument(world.store, address))
  const baseline = await readBaseline(world)
  const entries = Object.entries(baseline?.addresses ?? {}) as [AddressId, BaselineEntry][]
  const only = baseline && { ...baseline, addresses: Object.fromEntries(entries.filter(([id]) => documents.has(id))) }
  const found = await unasked(world, at, { documents, baseline: only })
  return { documents, became: new Map(found.map((it) => [addressId(it.document.address), it])) }
}

function openAttempt(document: AddressDocument, baseline: Target | undefined, nowMs: number): Attempt | undefined {
  const facts = { document, target: undefined, baseline, moved: () => false, upstreams: [], nowMs }
  const flight = flightOf({ ...facts, approval: 'needed' })
  const tried = flight.kind === 'in-flight' ? flight.why.find((it) => it.kind === 'attempt-not-done') : undefined
  return tried?.attempt
}

function addressesOf({ subjects }: Checkout): ReadonlySet<AddressId> {
  return new Set([...subjects.values()].map(({ instance }) => addressName(instance)))
}

type Then =
  | {
      readonly kind: 'found'
      readonly at: CommitCheckout
      readonly subjects: ReadonlyMap<AddressId, Subject>
    }
  | { readonly kind: 'unknown'; readonly words: string }

/** Resolves each commit once. */
function lookingUp(world: Needs, at: CommitCheckout): (commit: string) => Promise<Then> {
  const seen = new Map<string, Promise<Then>>()
  const resolved = async (named: string): Promise<Then> => {
    const commit = await world.repo.resolve(named)
    const short = named.slice(0, 7)
    if (commit === undefined)
      return { kind: 'unknown', words: `the commit it was applied from (${short}) is not in this clone` }
    try {
      const then = await checkout(world, commit, { name: `commit ${short}`, other: at })
      const subjects = [...then.subjects.values()].map((it) => [addressName(it.instance), it] as const)
      return { kind: 'found', at: then, subjects: new Map(subjects) }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return { kind: 'unknown', words: `the commit it was applied from cannot be resolved now: ${error.message}` }
    }
  }
  return (commit) => {
    const known = seen.get(commit) ?? resolved(commit)
    seen.set(commit, known)
    return known
  }
}

type Records = 'document' | 'applied' | 'state' | 'reads' | 'attempt'
type Became = Omit<Extract<Unasked, { kind: 'removed' }>, Records> | Omit<Extract<Unasked, { kind: 'absent' }>, Records>

/** What looking up many addresses has in common. */
interface Looking {
  readonly at: CommitCheckout
  readonly lookUp: (commit: string) => Promise<Then>
  readonly touching: ReturnType<typeof commitsTouching>
  /** Instances of the commit that nothing is asked of: abstract or disabled. */
  readonly resting: ReadonlyMap<AddressId, Instance>
}

async function becameOf(look: Looking, address: AddressId, name: InstanceId, then: Then): Promise<Became> {
  const { at } = look
  const subject = then.kind === 'found' ? then.subjects.get(address) : undefined
  if (then.kind === 'unknown' || subject === undefined) {
    if (at.subjects.has(name))
      return { kind: 'absent', id: name, why: 'elsewhere', words: 'it has another state address now', subject }
    const words =
      then.kind === 'unknown'
        ? then.words
        : `nothing has its state at ${then.at.commit.slice(0, 7)}, the commit it was applied from`
    return { kind: 'absent', id: name, why: 'unknown-commit', words, subject }
  }
  const { instance } = subject
  const { id } = instance
  // What declared it may have changed since it was applied: how it was declared last tells who removed it.
  const last = await lastDeclared(look, address, subject, then.at.commit)
  const before = last?.at ?? then.at
  const is = await reading([before.tree, at.tree], () =>
    missing(look.resting.get(address) ?? last?.instance ?? instance, before, at),
  )
  if (is.kind === 'absent') return { kind: 'absent', id, why: is.why, words: is.words, subject }
  return {
    kind: 'removed',
    id,
    lastId: last?.instance.id ?? id,
    words: is.words,
    subject,
    task: { subject, at: then.at, target: GONE, action: 'destroy' },
    by: last?.by,
    locked: (last?.instance ?? instance).locked,
  }
}

/** At most this many commits are looked at for the one that removed an instance. */
const mostCommits = 20

/** The instance as it was when it was removed, and by which commit; undefined where that is not found. */
async function lastDeclared(
  { lookUp, touching }: Looking,
  address: AddressId,
  subject: Subject,
  from: CommitId,
): Promise<{ readonly instance: Instance; readonly at: CommitCheckout; readonly by: CommitInfo } | undefined> {
  for (const by of (await touching(subject, from)).slice(0, mostCommits))
    for (const parent of by.parents) {
      const then = await lookUp(parent)
      const found = then.kind === 'found' ? then.subjects.get(address) : undefined
      if (then.kind === 'found' && found) return { instance: found.instance, at: then.at, by }
    }
  return undefined
}

/** Two states that were one instance's one after the other are destroyed one after the other. */
function onePerName(all: readonly Unasked[]): Unasked[] {
  const first = new Set<InstanceId>()
  return all.map((it): Unasked => {
    if (it.kind !== 'removed') return it
    if (!first.has(it.id)) {
      first.add(it.id)
      return it
    }
    const { task: _, locked: __, by: ___, lastId: ____, ...rest } = it
    return { ...rest, kind: 'absent', why: 'elsewhere', words: 'another state of it is destroyed first' }
  })
}
