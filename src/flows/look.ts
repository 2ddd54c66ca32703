import { createHash } from 'node:crypto'
import { told, UserError } from '../error.ts'
import { digestInput, type PlanDigest, planDigest } from '../plan/digest.ts'
import { encodePlan } from '../plan/format.ts'
import { parsePlan } from '../plan/parse.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { openPlanfile } from '../plan/planfile.ts'
import { redact } from '../plan/redact.ts'
import { shownStateSecrets } from '../plan/secret-marks.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { planModelKey } from '../records/keys.ts'
import { secretsOf } from '../secrets.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'
import { type Filled, fillIn, type Read } from './fill-in.ts'
import { mustBeRunnable, openSession, outputOf, type PlanRun, type WorkEvents } from './plan-one.ts'
import { planMode, type Task } from './task.ts'
import type { World } from './world.ts'

/** What a plan says that was made only to be looked at: it is not sealed, and nobody can apply it. */
export type Looked =
  | {
      readonly kind: 'seen'
      readonly plan: RedactedPlan
      readonly digest: PlanDigest
      /** The state that was found; undefined where there was none. */
      readonly state: StateId | undefined
      readonly reads: readonly Read[]
      readonly durationMs: number
    }
  /** There is nothing to do; what there is was not asked for. */
  | {
      readonly kind: 'unchanged'
      readonly state: StateId | undefined
      readonly reads: readonly Read[]
      readonly durationMs: number
    }
  /** It reads outputs of instances that have no state. */
  | { readonly kind: 'deferred'; readonly waitsFor: readonly InstanceId[] }
  | { readonly kind: 'failed'; readonly step: string; readonly output: string; readonly durationMs: number }

/** What all looks of one run have in common. */
export interface LookRun extends Pick<PlanRun, 'tool'> {
  /** Whether the run was told to end: what fails then says nothing of the instance. */
  readonly stop: { readonly aborted: boolean } | undefined
  /** Only whether there is something to do is asked: a plan that changes nothing is not shown. */
  readonly unchangedUnshown?: true
}

/**
 * Plans one instance and tells what came out; seals nothing, writes nothing. Late values are those of now. One instance
 * that cannot be prepared is an answer as well: it does not stop the others.
 * @throws UserError `interrupted`
 */
export async function lookAt(world: World, run: LookRun, task: Task, events: WorkEvents): Promise<Looked> {
  const looked = await looking(world, run, task, events)
  if (looked.kind !== 'failed' || run.stop?.aborted !== true) return looked
  throw new UserError({
    code: 'interrupted',
    message: 'interrupted before everything was looked at',
    fix: 'run it again; what was not looked at is as it was before in the records',
  })
}

async function looking(world: World, run: LookRun, task: Task, events: WorkEvents): Promise<Looked> {
  const started = performance.now()
  try {
    mustBeRunnable('plan', task)
    const filling = await fillIn(world, task.at, task.subject, () => undefined)
    if (filling.kind === 'deferred') return { kind: 'deferred', waitsFor: filling.waitsFor }
    return await planned(world, run, task, filling, events, started)
  } catch (error) {
    if (!(error instanceof UserError) || error.code.startsWith('store-') || error.code.startsWith('key-')) throw error
    return { kind: 'failed', step: 'preparation', output: told(error), durationMs: performance.now() - started }
  }
}

async function planned(
  world: World,
  run: LookRun,
  task: Task,
  filling: Filled,
  events: WorkEvents,
  started: number,
): Promise<Looked> {
  const { id } = task.subject.instance
  const { session, hidden } = await openSession(world, run, task, filling, events)
  try {
    events.doing(id, 'planning')
    const known = [...secretsOf(world.ambient.env), ...hidden]
    const { unchangedUnshown } = run
    const destroy = planMode(task) === 'destroy'
    const ran = await session.plan({ destroy, extraArgs: [], ...(unchangedUnshown && { unchangedUnshown }) })
    if (ran.kind === 'failed') {
      const shown = await session.shownState().catch(() => undefined)
      const output = redactText(outputOf(ran.step, ran.ran), secrets(known, shownStateSecrets(shown)))
      return { kind: 'failed', step: ran.step, output, durationMs: performance.now() - started }
    }
    const seen = () => ({
      state: openPlanfile(ran.planfile).state,
      reads: filling.reads,
      durationMs: performance.now() - started,
    })
    if (ran.kind === 'unchanged') return { kind: 'unchanged', ...seen() }
    const plan = redact(parsePlan(ran.json, ran.lockFile), known)
    return {
      kind: 'seen',
      plan,
      digest: planDigest(digestInput(plan)),
      ...seen(),
    }
  } finally {
    await session.close()
  }
}

/** Keeps a plan as people may see it; answers with its key. The same plan is kept once. */
export async function keepModel({ store }: Pick<World, 'store'>, plan: RedactedPlan): Promise<string> {
  const bytes = encodePlan(plan)
  const key = planModelKey(createHash('sha256').update(bytes).digest('hex'))
  await store.put(key, bytes, { kind: 'absent' })
  return key
}

/** The line of Terraform's output that says what is wrong, for lists. */
export function firstError(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^[│╷╵\s]+/, '').trim())
  return lines.find((line) => line.startsWith('Error:')) ?? lines.find((line) => line !== '') ?? 'it said nothing'
}
