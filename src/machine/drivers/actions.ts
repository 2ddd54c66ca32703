import type { Machine } from '../machine.ts'
import { jobOfProcess, processOfJob, type WorkflowJob } from '../workflow-job.ts'

interface ActionsMachineOptions {
  readonly job: WorkflowJob
  /** The run's name in records, and its page. */
  readonly run: NonNullable<Machine['run']>
  /** Who made the event that started the run. */
  readonly actor: string
  /** The runner's machine itself. */
  readonly runner: Machine
}

/**
 * A job of a workflow run as a machine: a process is known by its run and job, so that any later job can ask GitHub whether
 * it is over; the runner may be gone by then. Working copies are locked by processes of the runner, and need its own machine.
 */
export function actionsMachine({ job, run, actor, runner }: ActionsMachineOptions): Machine {
  return {
    ...runner,
    self: processOfJob(job),
    user: actor,
    run,
    isRunning(process) {
      const of = jobOfProcess(process)
      const isOfThisRun = of?.repository === job.repository && of.run === job.run && of.attempt === job.attempt
      // This run is not over, and neither is this job; of another job, GitHub knows.
      return isOfThisRun && (of.job === undefined || of.job === job.job) ? true : undefined
    },
  }
}
