import type { FakeJob, FakeRun, Hub, Permissions } from '../github/hub.ts'
import type { Masks } from './masks.ts'
import type { Template, TemplateMap } from './template.ts'

/** How long GitHub waits; a test makes these shorter. */
export interface Timing {
  /** Between SIGINT and SIGTERM when a step is cancelled. */
  readonly interruptMs: number
  /** Between SIGTERM and the end of the process tree. */
  readonly terminateMs: number
  /** What a cancelled job has for its `always()` steps. */
  readonly cleanupMs: number
  /** One minute of `timeout-minutes`. */
  readonly minuteMs: number
  /** Until GitHub notices that a runner is gone. */
  readonly noticeMs: number
}

/** GitHub's own times. */
export const githubsTiming: Timing = {
  interruptMs: 7_500,
  terminateMs: 2_500,
  cleanupMs: 300_000,
  minuteMs: 60_000,
  noticeMs: 0,
}

/** What all jobs of a host runner share. */
export interface Host {
  readonly hub: Hub
  /** Where the machines of jobs are made, each a folder; caches survive in it. */
  readonly folder: string
  /** What a fresh machine has in its environment, beside PATH. */
  readonly env: Readonly<Record<string, string>>
  /** The Node that runs actions. */
  readonly node: string
  /** Folders that stand for repositories of actions and reusable workflows, at every ref. */
  readonly actions: Readonly<Record<string, string>>
  readonly timing: Timing
  /** Says where a job gets OIDC tokens, and with which bearer. */
  readonly idTokens: {
    open(run: FakeRun, job: FakeJob): { readonly url: string; readonly token: string; readonly close: () => void }
  }
  /** All runs, so that artifacts of another can be had. */
  readonly runs: () => readonly FakeRun[]
}

/** All that a job is given when a runner takes it. */
export interface Assignment {
  readonly run: FakeRun
  readonly job: FakeJob
  readonly spec: TemplateMap
  readonly workflow: { readonly env: Template | undefined; readonly defaults: TemplateMap }
  /** `github`, `needs`, `matrix`, `strategy`, `inputs`, `vars`. */
  readonly contexts: Readonly<Record<string, unknown>>
  readonly github: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly permissions: Permissions
  readonly secrets: ReadonlyMap<string, string>
  /** The folder that the workflow itself came from, where it is not of the run's repository: what `$/` names. */
  readonly home: string | undefined
  readonly timeoutMinutes: number
  /** Aborted when the run or the job is cancelled. */
  readonly cancelled: AbortSignal
  /** Aborted when the machine is gone. */
  readonly evicted: AbortSignal
}

export type StepResult = 'success' | 'failure' | 'cancelled' | 'skipped'

/** One job on its machine, while it runs. */
export interface JobRun extends Assignment {
  readonly host: Host
  readonly folder: string
  readonly workspace: string
  readonly temp: string
  readonly token: string
  readonly masks: Masks
  /** What `env:` of workflow and job say, then what steps put into GITHUB_ENV. */
  readonly env: Map<string, string>
  /** What steps put before PATH, the newest first. */
  readonly path: string[]
  /** `GITHUB_*`, `RUNNER_*` and their like. */
  readonly fixed: Readonly<Record<string, string>>
  readonly state: { status: 'success' | 'failure' | 'cancelled' }
  /** To be done after the last step, the newest first. */
  readonly posts: Post[]
  /** Processes that were there before, and so are not of this machine. */
  readonly others: ReadonlySet<number>
  /** Aborted when nothing of the job may go on. */
  readonly over: AbortSignal
}

/** What an action does after the job's steps. */
export interface Post {
  readonly name: string
  readonly condition: Template | undefined
  readonly work: (interrupt: AbortSignal) => Promise<StepResult>
}
