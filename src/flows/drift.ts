import { type Classification, classify, type InFlight } from '../drift/classify.ts'
import type { Finding } from '../drift/finding.ts'
import { isExpired } from '../drift/noise.ts'
import { hasEffect } from '../plan/plan.ts'
import { planCounts } from '../plan/summary.ts'
import { addressId } from '../records/address.ts'
import { appliedAt, type Baseline } from '../records/baseline.ts'
import type { Checked } from '../records/commands.ts'
import { type AddressDocument, type DriftFinding, GONE } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import type { NoiseRule } from '../settings.ts'
import type { Instance, InstanceId } from '../stacks/instance.ts'
import { type CommitCheckout, checkout } from './checkout.ts'
import { addressOf, allDocuments, documentOf } from './documents.ts'
import { flushSoon } from './flush.ts'
import { claimRefusal, holderState } from './holder.ts'
import { appliedSoFar } from './known.ts'
import { firstError, keepModel, type Looked, type LookRun, lookAt } from './look.ts'
import { readModel } from './model.ts'
import { mustBeKnown, type Named } from './named.ts'
import { ownersAt } from './owned.ts'
import { toolOf, type WorkEvents } from './plan-one.ts'
import { schedule } from './schedule.ts'
import { type Status, type StatusItem, status } from './status.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** What to look at; without names: all that is applied. */
export interface DriftRequest extends Named {
  /** Tells the run to end: then a look that fails is no finding. */
  readonly stop?: { readonly aborted: boolean }
  readonly parallel?: number
  readonly terraform?: string
}

/** What a look at one instance came to. */
export type DriftItem = {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
} & (
  | { readonly kind: 'clean'; readonly durationMs: number }
  | { readonly kind: 'drifted'; readonly finding: Finding; readonly durationMs: number }
  /** Nobody can tell: what was found before stands. */
  | { readonly kind: 'failed'; readonly why: string; readonly output: string }
  /** Nothing of it is applied, so that there is nothing to compare with. */
  | { readonly kind: 'never-applied' }
  /** Somebody works on it now. */
  | { readonly kind: 'busy'; readonly message: string; readonly fix: string }
)

export interface DriftOutcome {
  readonly branch: Status['branch']
  /** The tip, by which it was told what there is to look at. */
  readonly checkout: Status['checkout']
  /** In id order. */
  readonly items: readonly DriftItem[]
  /** Rules of the allowlist that do not count any more. */
  readonly expired: readonly NoiseRule[]
  readonly nowMs: number
}

export interface DriftEvents extends WorkEvents {
  begin(total: number, parallel: number): void
  finished(item: DriftItem): void
}

/**
 * Compares reality with what is applied: plans each instance as the commit of its ledger had it, so that what was merged
 * since is never taken for drift. Writes down what it found; seals nothing, applies nothing.
 */
export async function findDrift(world: World, request: DriftRequest, events: DriftEvents): Promise<DriftOutcome> {
  return lookAround(world, await status(world), request, events)
}

/** The same, from a status that is known already. */
export async function lookAround(
  world: World,
  here: Status,
  request: DriftRequest,
  events: DriftEvents,
): Promise<DriftOutcome> {
  const { checkout: tip, branch } = here
  mustBeKnown(tip, request)
  const { documents, baseline } = await appliedSoFar(world, tip, await allDocuments(world))
  const asked = [...tip.subjects.values()].map(({ instance }) => instance).filter((it) => isAsked(it, request))
  const flying = new Map(here.items.map((item) => [item.id, item]))
  const [commits, owners] = [commitsOnce(world, tip), await ownersAt(tip)]
  const parallel = request.parallel ?? tip.settings.parallel ?? world.machine.cores
  const run = { tool: await toolOf(world, tip, request.terraform), stop: request.stop }
  events.begin(asked.length, parallel)
  const items = await schedule(
    asked.map(({ id }) => id),
    () => [],
    parallel,
    async (node) => {
      const instance = tip.inventory.get(node as InstanceId)!
      const document = documentOf(documents, instance)
      const item = await lookAtOne(
        world,
        { run, tip, document, baseline, flying: flying.get(instance.id), commits, owners, events },
        instance,
      )
      events.finished(item)
      return item
    },
  )
  const nowMs = await world.store.now()
  return {
    branch,
    checkout: tip,
    items: [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    expired: tip.settings.noise.filter((rule) => isExpired(rule, nowMs)),
    nowMs,
  }
}

interface Look {
  readonly run: LookRun
  readonly tip: CommitCheckout
  readonly document: AddressDocument
  readonly baseline: Baseline | undefined
  readonly flying: StatusItem | undefined
  readonly commits: (commit: string) => Promise<CommitCheckout | undefined>
  readonly owners: (instance: Instance) => readonly string[]
  readonly events: WorkEvents
}

async function lookAtOne(world: World, look: Look, instance: Instance): Promise<DriftItem> {
  const { tip, document, baseline, flying, run, owners, events } = look
  const { id, component, stack } = instance
  const about = { id, component, stack }
  const address = addressOf(instance)
  const applied = appliedAt(document, baseline, addressId(address))
  if (applied === undefined || applied.fingerprint === GONE) return { ...about, kind: 'never-applied' }
  const nowMs = await world.store.now()
  const busy = claimRefusal(document, await holderState(world, document), nowMs)
  if (busy !== undefined) return { ...about, kind: 'busy', ...refusalWords(busy, id, nowMs) }
  const record = async (result: Checked['result']) => {
    const ledger = document.ledger?.rev
    const { fingerprint } = applied
    const decision = await transact(world.journal, address, { kind: 'checked', name: id, fingerprint, ledger, result })
    await flushSoon(world.journal, address)
    if (decision.kind === 'refused') throw new Error(`a look was refused: ${decision.refusal.kind}`)
    return decision.document.drift
  }
  const failed = async (why: string, output: string): Promise<DriftItem> => {
    await record({ kind: 'failed', why })
    return { ...about, kind: 'failed', why, output }
  }
  const task = await taskOf(look, instance, applied)
  if (task === undefined) {
    const why = `the commit ${applied.commit.slice(0, 7)} that it was applied at cannot be read here`
    return failed(why, `${why}: a shallow clone? git fetch --unshallow`)
  }
  const looked = await lookAt(world, run, task, events)
  if (looked.kind === 'failed') return failed(`${looked.step}: ${firstError(looked.output)}`, looked.output)
  if (looked.kind === 'unchanged') throw new Error(`what ${id} is like was not shown`)
  if (looked.kind === 'deferred') {
    const why = `it reads ${looked.waitsFor.join(', ')}, of which nothing is applied`
    return failed(why, why)
  }
  const inFlight = flying?.kind === 'in-flight' ? await inFlightOf(world, flying) : undefined
  const result = classified(look, looked, inFlight, tip, nowMs)
  if (result.kind === 'clean') {
    await record({ kind: 'clean' })
    return { ...about, kind: 'clean', durationMs: looked.durationMs }
  }
  const waiting = result.differences.length === 0 && flying?.kind === 'in-flight' ? flying.plan : undefined
  const drift = await record({
    kind: 'found',
    finding: waiting
      ? { class: result.class, digest: waiting.digest, model: waiting.model, changes: waiting.changes }
      : {
          class: result.class,
          digest: looked.digest,
          model: await keepModel(world, looked.plan),
          changes: planCounts(looked.plan),
        },
  })
  // Somebody applied it in the meantime: what was found is of the past.
  if (drift?.found === undefined) return { ...about, kind: 'clean', durationMs: looked.durationMs }
  const { ledger } = document
  return {
    ...about,
    kind: 'drifted',
    durationMs: looked.durationMs,
    finding: {
      id,
      address: addressId(address),
      finding: drift.found,
      differences: result.differences,
      applied: ledger ? { ...ledger, how: 'applied' } : { ...baseline!, how: 'adopted' },
      cleanMs: drift.cleanMs ?? cleanSince(document, baseline),
      isInFlight: inFlight !== undefined,
      owners: owners(instance),
    },
  }
}

/** An apply, or an adoption that found nothing amiss, saw reality as it is applied: the last time, where no look did. */
function cleanSince({ ledger, address }: AddressDocument, baseline: Baseline | undefined): number | undefined {
  if (ledger !== undefined) return ledger.atMs
  return baseline?.addresses[addressId(address)]?.standing.kind === 'applied' ? baseline.atMs : undefined
}

/** The instance as it is applied: at the tip, or at the commit of its ledger, whatever its name was there. */
async function taskOf(
  { tip, commits }: Look,
  instance: Instance,
  applied: { readonly fingerprint: string; readonly commit: string },
): Promise<Task | undefined> {
  const subject = tip.subjects.get(instance.id)!
  if (subject.fingerprint === applied.fingerprint) return taskAt(tip, subject)
  const at = await commits(applied.commit)
  const wanted = addressId(addressOf(instance))
  const then = at && [...at.subjects.values()].find((it) => addressId(addressOf(it.instance)) === wanted)
  return at && then && taskAt(at, then)
}

/** Each commit is resolved once, however many instances were applied there. */
function commitsOnce(world: World, tip: CommitCheckout): Look['commits'] {
  const known = new Map<string, Promise<CommitCheckout | undefined>>()
  const at = async (name: string) => {
    const commit = await world.repo.resolve(name)
    return commit && checkout(world, commit, { name: name.slice(0, 7), other: tip })
  }
  return (name) => {
    const found = known.get(name) ?? at(name)
    known.set(name, found)
    return found
  }
}

async function inFlightOf(
  world: World,
  { plan, why, document }: Extract<StatusItem, { kind: 'in-flight' }>,
): Promise<InFlight> {
  const tried = why.find((it) => it.kind === 'attempt-not-done')
  const attempted = tried && document.plans.find(({ id }) => id === tried.attempt.plan)
  const model = attempted && (await readModel(world, attempted))
  return {
    digest: plan?.digest,
    touched: new Set((model?.changes ?? []).filter(hasEffect).map(({ address }) => address)),
  }
}

function classified(
  { document, baseline }: Look,
  looked: Extract<Looked, { kind: 'seen' }>,
  inFlight: InFlight | undefined,
  { settings }: CommitCheckout,
  nowMs: number,
): Classification {
  const { ledger, address } = document
  const adopted = ledger === undefined ? baseline?.addresses[addressId(address)] : undefined
  const now = new Map(looked.reads.map(({ call, hash }) => [call, hash]))
  const reads = ledger?.reads ?? adopted?.reads ?? []
  return classify({
    plan: looked.plan,
    digest: looked.digest,
    state: looked.state,
    applied: ledger === undefined ? adopted?.state : ledger.state,
    // Every shell has its own environment: a value of it that is another here tells nothing.
    movedReads: reads.filter(({ call, source, hash }) => source !== 'environment' && now.get(call) !== hash),
    inFlight,
    noise: settings.noise,
    nowMs,
  })
}

function isAsked({ component, stack }: Instance, named: Named): boolean {
  return (
    (named.component === undefined || named.component === component) &&
    (named.stack === undefined || named.stack === stack)
  )
}

/** Whether a finding waits for somebody: what is expected does not. */
export function waitsForPerson({ class: it }: DriftFinding): boolean {
  return it !== 'provider-noise'
}
