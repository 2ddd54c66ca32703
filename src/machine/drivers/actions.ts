import type { Machine } from '../machine.ts'

interface ActionsMachineOptions {
  /** `acme/infra` */
  readonly repository: string
  readonly runId: number
  /** From 1; grows when somebody runs it again. */
  readonly attempt: number
  /** The run's name in records, and its page. */
  readonly run: NonNullable<Machine['run']>
  /** Who made the event that started the run. */
  readonly actor: string
  /** The runner's machine itself. */
  readonly runner: Machine
}

/**
 * A job of a workflow run as a machine: a process is known by its run, so that any later job can ask GitHub whether it is
 * over; the runner may be gone by then. Working copies are locked by processes of the runner, and need its own machine.
 */
export function actionsMachine({ repository, runId, attempt, run, actor, runner }: ActionsMachineOptions): Machine {
  const self = runProcess(repository, runId, attempt)
  return {
    ...runner,
    self,
    user: actor,
    run,
    // Of its own run this job knows that it is not over; of all others GitHub does.
    isRunning: (process) =>
      process.host === self.host && process.pid === runId && process.started === self.started ? true : undefined,
  }
}

function runProcess(repository: string, runId: number, attempt: number): Machine['self'] {
  return { host: `github:${repository}`, pid: runId, started: `attempt ${attempt}` }
}
