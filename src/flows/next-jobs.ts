import type { Edge } from '../graph/graph.ts'
import { waves } from '../graph/waves.ts'
import type { AddressDocument } from '../records/document.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { askEnvironments } from './ask-environments.ts'
import type { Asking } from './asking.ts'
import { orderAmong } from './edges.ts'
import { environmentOf } from './environment.ts'
import { hasTask, type Status, type StatusItem, type TaskItem } from './status.ts'
import type { GitHubWorld } from './world.ts'

/** A job of an apply wave: a component in an environment, with everything of it that can go. */
export interface ApplyJob {
  readonly environment: string
  readonly component: string
  /** What the Checks page shows: `vpc · prod`. */
  readonly name: string
}

/** What a run does next on the protected branch. */
export interface NextJobs {
  /** Environments whose reviewers are to be asked. */
  readonly approve: readonly { readonly environment: string }[]
  /** Environments that were asked and have no reviewers, so that nobody can answer. */
  readonly unprotected: readonly string[]
  /** Environments whose reviewers said no, which was not known before: what waited for them is rejected now. */
  readonly rejected: readonly string[]
  /** What depends on something comes in a later wave than that. */
  readonly waves: readonly (readonly ApplyJob[])[]
  /** Something is left that can go on once these waves are done. */
  readonly more: boolean
}

/** A workflow declares so many waves; for what is left it is started again. */
const mostWaves = 3

/**
 * What is approved at the tip and can go, in waves of jobs; and which environments must be asked. What reviewers will be asked
 * is stored before they are, once a run.
 * @param at with approvals as GitHub tells them now: after `recordApprovals`
 * @param ask the look at GitHub in which they were read, so that nothing is asked twice
 */
export async function nextJobs(world: Omit<GitHubWorld, 'terraform'>, at: Status, ask?: Asking): Promise<NextJobs> {
  const asked = await askEnvironments(world, at, ask)
  const planned = applyJobs(at)
  const approve = asked.environments.map((environment) => ({ environment }))
  const { unprotected, rejected } = asked
  return { ...planned, approve, unprotected, rejected, more: planned.more || asked.another }
}

/** The same for what needs no person: pure. */
export function applyJobs(at: Status): Pick<NextJobs, 'waves' | 'more'> {
  const { checkout, items, nowMs } = at
  const most = checkout.settings.github.maxJobs
  const byId = new Map(items.map((it) => [it.id, it]))
  const going = goingIn(items, nowMs)
  const order: Edge[] = [
    ...orderAmong(going, checkout.subjects),
    ...items.flatMap((it): Edge[] =>
      it.kind === 'in-flight' && it.removal
        ? it.removal.after.map((to) => ({ from: it.id, to, why: `was read by ${to}` }))
        : [],
    ),
  ]
  const all = waves([...going], order).map((ids) =>
    packed(ids.map((id) => byId.get(id as InstanceId)).filter((it) => it !== undefined)),
  )
  // What depends on a job that does not fit does not go either: it goes with the next run.
  const full = all.findIndex((jobs) => jobs.length > most)
  const count = Math.min(mostWaves, full < 0 ? all.length : full + 1)
  const isLeft = all.length > count || full >= 0
  const waits = items.some(
    (it) =>
      it.kind === 'in-flight' &&
      !going.has(it.id) &&
      it.waitsFor.kind === 'upstream' &&
      it.waitsFor.of.some((id) => going.has(id)),
  )
  return { waves: all.slice(0, count).map((jobs) => jobs.slice(0, most)), more: isLeft || waits }
}

/** Which instances can go in this run: now, or once what they wait for has gone. */
function goingIn(items: readonly StatusItem[], nowMs: number): ReadonlySet<InstanceId> {
  const going = new Set<InstanceId>()
  // What is depended on comes first, except for removals: so it is looked at until nothing more comes.
  for (let before = -1; before !== going.size; ) {
    before = going.size
    for (const item of items) if (!going.has(item.id) && canGo(item, going, nowMs)) going.add(item.id)
  }
  return going
}

function canGo(item: StatusItem, going: ReadonlySet<InstanceId>, nowMs: number): boolean {
  if (!hasTask(item)) return false
  const agreed = item.approval?.kind === 'approved' || item.approval?.kind === 'not-needed'
  switch (item.kind) {
    case 'drifted':
    case 'unknown':
      return agreed
    case 'follows':
      return agreed && item.upstreams.every((id) => going.has(id))
    case 'in-flight': {
      if (item.refusal !== undefined) return false
      const { waitsFor } = item
      if (waitsFor.kind === 'apply' || waitsFor.kind === 'finish') return true
      if (waitsFor.kind === 'running') return isLeft(item.document, item.holder, nowMs)
      // What has no plan yet is planned with the values that its upstreams have then.
      if (waitsFor.kind === 'upstream')
        return waitsFor.of.every((id) => going.has(id)) && (agreed || item.plan === undefined)
      return false
    }
  }
}

/** A claim that its run left, so that whoever comes next takes it over. */
function isLeft({ claim }: AddressDocument, holder: string | undefined, nowMs: number): boolean {
  return holder === 'over' && claim?.untilMs !== undefined && claim.untilMs <= nowMs
}

function packed(items: readonly StatusItem[]): ApplyJob[] {
  const jobs = new Map<string, ApplyJob>()
  for (const item of items) {
    if (!hasTask(item)) continue
    const { component } = item
    const environment = environmentOf(item.task.subject.instance)
    jobs.set(JSON.stringify([component, environment]), {
      environment,
      component,
      name: `${component} · ${environment}`,
    })
  }
  return [...jobs.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** The instances of a job, at the tip as it is when the job begins. */
export function idsOfJob(at: Status, { environment, component }: Omit<ApplyJob, 'name'>): ReadonlySet<InstanceId> {
  const ids = at.items
    .filter((it) => hasTask(it) && it.component === component)
    .filter((it) => environmentOf((it as TaskItem).task.subject.instance) === environment)
  return new Set(ids.map(({ id }) => id))
}
