import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import type { Plan } from '../plan/plan.ts'
import { changesAnything, planCounts } from '../plan/summary.ts'
import { type AddressId, addressId } from '../records/address.ts'
import {
  type Baseline,
  type BaselineChange,
  type BaselineEntry,
  baselineChanges,
  encodeBaseline,
  parseBaseline,
  type Standing,
} from '../records/baseline.ts'
import { baselineKey } from '../records/keys.ts'
import { clock } from '../records/words.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Stored } from '../store/store.ts'
import {
  type CommitCheckout,
  checkout,
  commitOf,
  mustBeConfigured,
  type ProtectedBranch,
  protectedBranch,
} from './checkout.ts'
import { addressOf, allDocuments, documentOf, mustBeApart } from './documents.ts'
import { stateRef } from './fill-in.ts'
import { firstError, keepModel, type Looked, lookAt } from './look.ts'
import { toolOf, type WorkEvents } from './plan-one.ts'
import { actingRole } from './role.ts'
import { runBy, runName } from './run-name.ts'
import { schedule } from './schedule.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** What to adopt: the commit that is applied already; the protected branch's tip unless it is named. */
export interface AdoptRequest {
  readonly at?: string
  /** Look again, and write over what was found before. */
  readonly again?: boolean
  /** Tells the run to end: then nothing is written. */
  readonly stop?: { readonly aborted: boolean }
  readonly parallel?: number
  readonly terraform?: string
}

/** How one instance was found. */
export interface AdoptItem {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
  readonly standing: Standing
  /** The whole output of a plan that failed. */
  readonly output: string | undefined
  /** How long its plan took. */
  readonly durationMs: number
}

export interface AdoptOutcome {
  readonly branch: ProtectedBranch
  readonly baseline: Baseline
  /** In id order. */
  readonly items: readonly AdoptItem[]
  /** Instances that have a ledger already, so that nothing need be adopted of them. */
  readonly recorded: readonly InstanceId[]
  /** How it differs from what was adopted before; undefined where that is the first time. */
  readonly changes: readonly BaselineChange[] | undefined
  readonly nowMs: number
}

export interface AdoptEvents extends WorkEvents {
  begin(total: number, parallel: number): void
  finished(item: AdoptItem): void
}

/**
 * Takes an estate over that was applied without Airlock: plans everything at one commit, only to look, and writes down
 * what is as the commit asks and of what that is unknown. Applies nothing, and seals nothing.
 * @throws UserError `adopted-already`, `commit-not-on-branch`, `interrupted`
 */
export async function adopt(world: World, request: AdoptRequest, events: AdoptEvents): Promise<AdoptOutcome> {
  const earlier = await world.store.get(baselineKey)
  const before = earlier && parseBaseline(earlier.bytes)
  if (before !== undefined && request.again !== true) throw adoptedAlready(before, await world.store.now())
  const { branch, at } = await placeOf(world, request)
  mustBeApart(at.subjects)
  const documents = await allDocuments(world)
  const isRecorded = ({ subject: { instance } }: Task) => documentOf(documents, instance).ledger !== undefined
  const all = new Map([...at.subjects].map(([id, subject]) => [id, taskAt(at, subject)]))
  const tasks = new Map([...all].filter(([, task]) => !isRecorded(task)))
  const run = {
    tool: await toolOf(world, at, request.terraform),
    stop: request.stop,
    unchangedUnshown: true as const,
    by: `${await runBy(world)}, run ${runName(world)}`,
  }
  const parallel = request.parallel ?? at.settings.parallel ?? world.machine.cores
  events.begin(tasks.size, parallel)
  const found = await schedule(
    [...tasks.keys()],
    () => [],
    parallel,
    async (node) => {
      const task = tasks.get(node as InstanceId)!
      const adopted = await adoptOne(world, task, await lookAt(world, run, task, events))
      events.finished(adopted.item)
      return adopted
    },
  )
  const nowMs = await world.store.now()
  const recorded = [...all.keys()].filter((id) => !tasks.has(id))
  const baseline: Baseline = {
    format: 1,
    commit: at.commit,
    atMs: nowMs,
    by: run.by,
    addresses: Object.fromEntries(
      [...found.values()]
        .map(({ entry }): [AddressId, BaselineEntry] => [addressId(entry.address), entry])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
  await write(world, baseline, earlier)
  return {
    branch,
    baseline,
    items: [...found.values()].map(({ item }) => item).sort((a, b) => (a.id < b.id ? -1 : 1)),
    recorded,
    // What got a ledger meanwhile is not adopted any more: nothing of it has become another.
    changes: before && baselineChanges(before, baseline).filter(({ name }) => !recorded.includes(name)),
    nowMs,
  }
}

/** The commit to adopt, resolved. Only what the protected branch holds can have been merged, so only that is adopted. */
async function placeOf(
  world: World,
  { at: revision }: AdoptRequest,
): Promise<{ readonly branch: ProtectedBranch; readonly at: CommitCheckout }> {
  const head = await commitOf(world, 'HEAD')
  const here = await checkout(world, head)
  mustBeConfigured(here, world.repo.root)
  const branch = await protectedBranch(world, here.settings)
  const commit = revision === undefined ? branch.tip : await commitOf(world, revision)
  if (commit !== branch.tip && !(await world.repo.contains(branch.tip, commit))) throw notOnBranch(commit, branch)
  if (commit === head) return { branch, at: here }
  const at = await checkout(world, commit, { name: commit.slice(0, 7), other: here })
  mustBeConfigured(at, world.repo.root)
  return { branch, at }
}

/** What a look comes to, for the baseline and for people. */
async function adoptOne(
  world: World,
  { subject }: Task,
  looked: Looked,
): Promise<{ readonly entry: BaselineEntry; readonly item: AdoptItem }> {
  const { instance, fingerprint } = subject
  const { id, component, stack } = instance
  const standing = await standingOf(world, subject, looked)
  const { reads, state } = 'reads' in looked ? looked : { reads: [], state: undefined }
  return {
    entry: { name: id, address: addressOf(instance), fingerprint, ...(state && { state }), reads, standing },
    item: {
      id,
      component,
      stack,
      standing,
      output: looked.kind === 'failed' ? looked.output : undefined,
      durationMs: looked.kind === 'deferred' ? 0 : looked.durationMs,
    },
  }
}

async function standingOf(world: World, { instance }: Task['subject'], looked: Looked): Promise<Standing> {
  switch (looked.kind) {
    case 'failed':
      return { kind: 'unknown', why: 'plan-failed', note: `${looked.step}: ${firstError(looked.output)}` }
    case 'deferred': {
      const state = await world.states.read(stateRef(instance, world.repo.mainWorktree, actingRole(world, instance)))
      if (state === undefined) return { kind: 'unknown', why: 'never-applied' }
      const none = looked.waitsFor.length === 1 ? 'has no state' : 'have no state'
      return { kind: 'unknown', why: 'plan-failed', note: `it reads ${looked.waitsFor.join(', ')}, which ${none}` }
    }
    case 'unchanged':
      return looked.state === undefined ? { kind: 'unknown', why: 'never-applied' } : { kind: 'applied' }
    case 'seen': {
      const changes = planCounts(looked.plan)
      const model = () => keepModel(world, looked.plan)
      if (looked.state === undefined || isEmpty(looked.plan))
        return { kind: 'unknown', why: 'never-applied', changes, model: await model() }
      if (!changesAnything(changes)) return { kind: 'applied' }
      return { kind: 'unknown', why: 'drifted', changes, model: await model() }
    }
  }
}

/** Whether a plan begins with nothing: some backends keep a state without objects for every workspace. */
function isEmpty({ changes, drift, outputs }: Plan): boolean {
  const made = changes.filter(({ mode }) => mode === 'managed')
  return (
    made.length > 0 &&
    drift.length === 0 &&
    made.every(({ action }) => action === 'create') &&
    outputs.every(({ action }) => action === 'create')
  )
}

/** One write, which nobody else's comes between. */
async function write(world: World, baseline: Baseline, earlier: Stored | undefined): Promise<void> {
  const condition = earlier ? ({ kind: 'match', etag: earlier.etag } as const) : ({ kind: 'absent' } as const)
  const put = await world.store.put(baselineKey, encodeBaseline(baseline), condition)
  if (put.kind === 'written') return
  const now = await world.store.get(baselineKey)
  throw now === undefined
    ? new Error('the baseline vanished')
    : adoptedAlready(parseBaseline(now.bytes), await world.store.now())
}

function adoptedAlready({ by, atMs, commit, addresses }: Baseline, nowMs: number): UserError {
  return new UserError({
    code: 'adopted-already',
    message: `${by} adopted this estate at ${commit.slice(0, 7)}, ${clock(atMs, nowMs)}: ${Object.keys(addresses).length} instances`,
    fix: 'airlock status tells what is in flight; airlock adopt --again looks at everything anew, and says what is another now',
    exit: 3,
  })
}

function notOnBranch(commit: CommitId, { name, tip }: ProtectedBranch): UserError {
  return new UserError({
    code: 'commit-not-on-branch',
    message: `${commit.slice(0, 7)} is not on ${name} (now at ${tip.slice(0, 7)}), and only what was merged can be adopted`,
    fix: `name a commit of ${name}: git log ${name}`,
    exit: 2,
  })
}
