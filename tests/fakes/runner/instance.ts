import type { Conclusion, FakeJob, Hub, Permissions } from '../github/hub.ts'
import { callWorkflow } from './called.ts'
import { type Contexts, evaluate, evaluateText, textOf } from './expressions.ts'
import type { Graph, runGraph } from './graph.ts'
import { runJob } from './job.ts'
import { type LiveRun, type Surroundings, setStatus } from './live.ts'
import { mayDeploy } from './patterns.ts'
import { tokenPermissions } from './permissions.ts'
import type { Slots } from './slots.ts'
import { mapIn, type TemplateMap } from './template.ts'

/** What later jobs see of a job in `needs`. */
export interface Result {
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped'
  readonly outputs: Readonly<Record<string, string>>
}

/** One job of a graph: one row of a matrix, or a job without. */
export interface Instance {
  readonly graph: Graph
  readonly key: string
  readonly name: string
  readonly spec: TemplateMap
  readonly contexts: Contexts
  /** Places of `max-parallel`. */
  readonly most: Slots
  readonly cancelled: AbortSignal
}

type Deployed = Parameters<NonNullable<Hub['jobDeployment']>>[2]
type Tell = (state: Deployed) => void

/** Brings a job to its end: through concurrency groups, approvals and the queue for a machine, or by calling a workflow. */
export async function instance(around: Surroundings, it: Instance, run: typeof runGraph): Promise<Result> {
  const permissions = permissionsOf(it)
  if (it.spec.has('uses'))
    return await grouped(around, it, undefined, (cancelled) =>
      callWorkflow(around, { ...it, cancelled }, permissions, run),
    )
  const environment = environmentOf(it)
  if (runsOn(it).length === 0) throw new Error(`Job '${it.key}' names no runner in runs-on`)
  const record = around.host.hub.startJob(it.graph.live.run, {
    name: it.name,
    key: it.key,
    ...(environment.name !== '' && { environment: environment.name }),
    ...(it.graph.called && { workflowRef: it.graph.workflowRef }),
  })
  it.graph.live.jobs.push(record)
  const deploys = environment.name !== '' && environment.deploys
  const tell = (state: Deployed) => deploys && around.host.hub.jobDeployment?.(it.graph.live.run, record, state)
  const work = (cancelled: AbortSignal) => onMachine(around, it, record, permissions, cancelled, tell)
  try {
    return await grouped(around, it, record, work)
  } catch (error) {
    return refused(it.graph.live, record, (error as Error).message)
  } finally {
    tell(record.conclusion === 'success' || record.conclusion === 'failure' ? record.conclusion : 'error')
  }
}

function permissionsOf({ graph, spec }: Instance): Permissions {
  return tokenPermissions({
    workflow: graph.tree.get('permissions'),
    job: spec.get('permissions'),
    atMost: graph.called?.atMost,
    untrusted: graph.live.untrusted,
  })
}

function environmentOf({ spec, contexts }: Instance): { readonly name: string; readonly deploys: boolean } {
  const value = evaluate(spec.get('environment'), contexts)
  if (typeof value !== 'object' || value === null) return { name: textOf(value), deploys: true }
  const of = value as { name?: unknown; deployment?: unknown }
  return { name: textOf(of.name), deploys: textOf(of.deployment) !== 'false' }
}

/** Labels of the runner that a job asks for; this runner has them all. */
function runsOn({ spec, contexts }: Instance): string[] {
  const value = evaluate(spec.get('runs-on'), contexts)
  const labels = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : [value]
  return labels
    .flat()
    .map(textOf)
    .filter((label) => label !== '')
}

/** Waits for the job's place in its concurrency group, where it has one; the signal says when to stop. */
async function grouped(
  around: Surroundings,
  it: Instance,
  record: FakeJob | undefined,
  work: (cancelled: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { live } = it.graph
  const concurrency = concurrencyOf(it.spec.get('concurrency'), it.contexts)
  if (concurrency === undefined) return await work(it.cancelled)
  const own = new AbortController()
  const place = await around.activity.pause(
    around.groups.enter({
      ...concurrency,
      group: `${live.run.repository}:${concurrency.group}`,
      cancelled: it.cancelled,
      cancel: () => own.abort(),
      waits: () => record && setStatus(live, record, 'pending'),
    }),
  )
  if (place.kind === 'evicted') return ended(live, record, 'cancelled')
  try {
    return await work(AbortSignal.any([it.cancelled, own.signal]))
  } finally {
    place.leave()
  }
}

/** Takes a job through the protection of its environment and onto a machine. */
async function onMachine(
  around: Surroundings,
  it: Instance,
  record: FakeJob,
  permissions: Permissions,
  cancelled: AbortSignal,
  tell: Tell,
): Promise<Result> {
  const { live } = it.graph
  const environment = record.environment
  if (environment !== undefined) {
    const refusal = await protection(around, live, record, environment, cancelled, tell)
    if (refusal !== undefined) return refusal
  }
  setStatus(live, record, 'queued')
  tell('queued')
  const place = await it.most.take(cancelled)
  const machine = place && (await around.machines.take(cancelled))
  try {
    if (machine === undefined || around.closed.aborted) return ended(live, record, 'cancelled')
    tell('in_progress')
    return await atWork(around, it, record, permissions, cancelled)
  } finally {
    machine?.()
    place?.()
  }
}

/** Waits for reviewers; answers how the job ends when it may not use the environment. */
async function protection(
  around: Surroundings,
  live: LiveRun,
  record: FakeJob,
  environment: string,
  cancelled: AbortSignal,
  tell: Tell,
): Promise<Result | undefined> {
  const rules = around.host.hub.environment(live.run.repository, environment)
  if (!mayDeploy(rules.branches, live.run.ref)) {
    const branch = live.run.ref.replace(/^refs\/heads\//, '')
    return refused(
      live,
      record,
      `Branch "${branch}" is not allowed to deploy to ${environment} due to environment protection rules.`,
    )
  }
  if (rules.reviewers.length === 0) return undefined
  setStatus(live, record, 'waiting')
  tell('waiting')
  const answer = await around.activity.pause(
    new Promise<'approved' | 'rejected' | 'cancelled'>((resolve) => {
      const wait = { environment, since: live.run.approvals.length, answer: resolve }
      live.waits.add(wait)
      cancelled.addEventListener('abort', () => live.waits.delete(wait) && resolve('cancelled'), { once: true })
      if (cancelled.aborted && live.waits.delete(wait)) resolve('cancelled')
    }),
  )
  if (answer === 'approved') return undefined
  return answer === 'cancelled'
    ? ended(live, record, 'cancelled')
    : refused(live, record, `The deployment to ${environment} was rejected.`)
}

async function atWork(
  around: Surroundings,
  it: Instance,
  record: FakeJob,
  permissions: Permissions,
  cancelled: AbortSignal,
): Promise<Result> {
  const { graph, spec } = it
  const { live } = graph
  const { host } = around
  const own =
    record.environment === undefined ? undefined : host.hub.environment(live.run.repository, record.environment)
  const given = own !== undefined && !live.untrusted ? own : undefined
  const evict = new AbortController()
  live.evict.set(record.id, evict)
  setStatus(live, record, 'in_progress')
  const end = await runJob(host, {
    run: live.run,
    job: record,
    spec,
    workflow: { env: graph.tree.get('env'), defaults: mapIn(graph.tree, 'defaults') },
    contexts: {
      ...it.contexts,
      vars: Object.fromEntries([...graph.variables, ...(given?.variables ?? [])]),
    },
    github: it.contexts.github as Record<string, unknown>,
    payload: live.delivery.payload,
    permissions,
    home: graph.called?.folder,
    secrets: new Map([...graph.secrets, ...(given?.secrets ?? [])]),
    timeoutMinutes: Number(evaluate(spec.get('timeout-minutes'), it.contexts) ?? 360),
    cancelled,
    evicted: evict.signal,
  })
  if (evict.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, host.timing.noticeMs))
    record.annotations.push({
      path: '.github',
      line: 1,
      level: 'failure',
      message: 'The runner has lost communication with the server.',
    })
  }
  setStatus(live, record, 'completed', end.conclusion)
  const forgiven = end.conclusion === 'failure' && evaluateText(spec.get('continue-on-error'), it.contexts) === 'true'
  return { result: forgiven ? 'success' : resultOf(end.conclusion), outputs: end.outputs }
}

function resultOf(conclusion: Conclusion): Result['result'] {
  return conclusion === 'success' || conclusion === 'cancelled' || conclusion === 'skipped' ? conclusion : 'failure'
}

function refused(live: LiveRun, record: FakeJob, message: string): Result {
  record.log += `##[error]${message}\n`
  record.annotations.push({ path: '.github', line: 1, level: 'failure', message })
  return ended(live, record, 'failure')
}

function ended(live: LiveRun, record: FakeJob | undefined, conclusion: 'failure' | 'cancelled'): Result {
  if (record !== undefined) setStatus(live, record, 'completed', conclusion)
  return { result: conclusion, outputs: {} }
}

/** What `concurrency` says of a run or a job. */
export function concurrencyOf(template: Parameters<typeof evaluate>[0], contexts: Contexts) {
  const value = evaluate(template, contexts)
  if (value === undefined || value === null || value === '') return undefined
  const of = typeof value === 'object' ? (value as Record<string, unknown>) : { group: value }
  if (textOf(of.group) === '') return undefined
  return {
    group: textOf(of.group),
    cancelInProgress: textOf(of['cancel-in-progress']) === 'true',
    keepsAll: of.queue === 'max',
  }
}
