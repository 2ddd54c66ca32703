import { setMaxListeners } from 'node:events'
import type { Conclusion, Delivery, FakeJob, FakeRun, Hub, RunStatus } from '../github/hub.ts'
import type { Activity } from './activity.ts'
import type { Groups } from './groups.ts'
import type { Host } from './machine.ts'
import type { Slots } from './slots.ts'
import type { TemplateMap } from './template.ts'

/** A run as the runner follows it, one attempt at a time. */
export interface LiveRun {
  readonly hub: Hub
  readonly run: FakeRun
  readonly delivery: Delivery
  readonly path: string
  readonly tree: TemplateMap
  readonly inputs: Readonly<Record<string, unknown>>
  /** The `github` context, but for what a job adds. */
  readonly github: Readonly<Record<string, unknown>>
  readonly untrusted: boolean
  readonly cancel: AbortController
  /** Jobs of this attempt. */
  readonly jobs: FakeJob[]
  /** Ends the machine of a job. */
  readonly evict: Map<number, AbortController>
  readonly waits: Set<ReviewWait>
}

/** A job that waits for a person's word. */
export interface ReviewWait {
  readonly environment: string
  /** How many approvals the run had when the wait began: older ones were for others. */
  readonly since: number
  readonly answer: (state: 'approved' | 'rejected') => void
}

/** What the graph of a run needs of its surroundings. */
export interface Surroundings {
  readonly host: Host
  readonly activity: Activity
  readonly groups: Groups
  readonly machines: Slots
  /** Aborted when the runner closes: no job gets a machine any more. */
  readonly closed: AbortSignal
}

export function liveRun(of: Omit<LiveRun, 'cancel' | 'jobs' | 'evict' | 'waits'>): LiveRun {
  const cancel = new AbortController()
  setMaxListeners(0, cancel.signal)
  return { ...of, cancel, jobs: [], evict: new Map(), waits: new Set() }
}

/** Sets what a job is at, and with it what the run is at. */
export function setStatus(live: LiveRun, job: FakeJob, status: RunStatus, conclusion?: Conclusion): void {
  job.status = status
  job.conclusion = conclusion
  const all = live.jobs.map((it) => it.status)
  live.run.status =
    all.includes('in_progress') || all.includes('completed')
      ? all.some((it) => it === 'in_progress' || it === 'queued') || !all.includes('waiting')
        ? 'in_progress'
        : 'waiting'
      : (all.find((it) => it === 'waiting') ?? all.find((it) => it === 'pending') ?? 'queued')
  live.hub.runUpdated(live.run)
}

/** Tells the jobs that wait what people have said since. */
export function reviewed(live: LiveRun): void {
  for (const wait of [...live.waits]) {
    const said = live.run.approvals.slice(wait.since).find((it) => it.environments.includes(wait.environment))
    if (said === undefined) continue
    live.waits.delete(wait)
    wait.answer(said.state)
  }
}

/** Ends a run. */
export function endRun(live: LiveRun, conclusion: Conclusion): void {
  live.run.conclusion = conclusion
  live.run.status = 'completed'
  live.hub.runUpdated(live.run)
}
