import type { ProcessId } from './machine.ts'

/** A job of a workflow run as records know a process, so that any later job can ask GitHub whether it is over. */
export interface WorkflowJob {
  /** `acme/infra` */
  readonly repository: string
  readonly run: number
  /** From 1; grows when somebody runs it again. */
  readonly attempt: number
  /** GitHub's number of the job; undefined where the runner does not tell it, and then the run stands for the job. */
  readonly job: number | undefined
}

/** The process that a job is. */
export function processOfJob({ repository, run, attempt, job }: WorkflowJob): ProcessId {
  const started = job === undefined ? `attempt ${attempt}` : `attempt ${attempt}, job ${job}`
  return { host: `github:${repository}`, pid: run, started }
}

/** The job that a process is; undefined when it is a process of a machine. */
export function jobOfProcess({ host, pid, started }: ProcessId): WorkflowJob | undefined {
  const [, repository] = /^github:(.+)$/.exec(host) ?? []
  const [, attempt, job] = /^attempt (\d+)(?:, job (\d+))?$/.exec(started) ?? []
  if (repository === undefined || attempt === undefined) return undefined
  return { repository, run: pid, attempt: Number(attempt), job: job === undefined ? undefined : Number(job) }
}
