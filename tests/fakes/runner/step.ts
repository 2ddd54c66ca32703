import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Printed, printed } from './commands.ts'
import { maxSummaryBytes, type StepFiles, stepFiles } from './file-commands.ts'
import type { JobRun, StepResult } from './machine.ts'
import { killTree, run, signal } from './processes.ts'

/** A step's own process, or an action of this runner, at work. */
export interface StepRun {
  readonly job: JobRun
  readonly print: Printed
  /** What the step's processes get. */
  readonly env: Readonly<Record<string, string>>
  readonly interrupt: AbortSignal
  readonly outputs: Map<string, string>
  readonly state: Map<string, string>
  /** @returns the exit code; undefined when a signal ended it */
  exec(command: string, args: readonly string[], cwd?: string): Promise<number | undefined>
}

/** Does a step's work with what it may print and leave in files, and says what it came to. */
export async function runStep(
  job: JobRun,
  of: {
    readonly env: Readonly<Record<string, string>>
    readonly interrupt: AbortSignal
    readonly outputs: Map<string, string>
    readonly state: Map<string, string>
  },
  work: (step: StepRun) => Promise<number | undefined>,
): Promise<StepResult> {
  const print = printed(job.job, job.masks, job.env.get('ACTIONS_STEP_DEBUG') === 'true')
  const files = stepFiles(join(job.temp, '_runner_file_commands'), randomUUID())
  const env = environment(job, { ...of.env, ...files.env })
  const step: StepRun = {
    job,
    print,
    env,
    interrupt: of.interrupt,
    outputs: of.outputs,
    state: of.state,
    exec: (command, args, cwd = job.workspace) => execute(step, command, args, cwd),
  }
  const result = await resultOf(step, work)
  if (job.evicted.aborted) return 'failure'
  return take(step, files) ? result : 'failure'
}

async function resultOf(step: StepRun, work: (step: StepRun) => Promise<number | undefined>): Promise<StepResult> {
  try {
    const code = await work(step)
    if (step.interrupt.aborted) {
      step.print.issue('error', 'The operation was canceled.')
      return 'cancelled'
    }
    if (code === 0) return 'success'
    step.print.issue('error', `Process completed with exit code ${code ?? 137}.`)
  } catch (error) {
    if (step.interrupt.aborted) return 'cancelled'
    step.print.issue('error', (error as Error).message)
  }
  return 'failure'
}

/** What the files of a step say, taken into the job. */
function take(step: StepRun, files: StepFiles): boolean {
  const { job, print } = step
  try {
    const said = files.read()
    for (const [name, value] of said.outputs) step.outputs.set(name, value)
    for (const [name, value] of said.state) step.state.set(name, value)
    for (const [name, value] of said.env)
      if (name === 'NODE_OPTIONS')
        print.issue('error', `Can't store ${name} output parameter using '$GITHUB_ENV' command.`)
      else job.env.set(name, value)
    job.path.unshift(...[...said.paths].reverse())
    if (said.summaryBytes > maxSummaryBytes)
      print.issue(
        'error',
        `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${maxSummaryBytes / 1024}k, got ${Math.ceil(said.summaryBytes / 1024)}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
      )
    else if (said.summary !== '') job.job.summary += job.masks.hide(said.summary)
    return true
  } catch (error) {
    print.issue('error', (error as Error).message)
    return false
  }
}

function environment(job: JobRun, own: Readonly<Record<string, string>>): Record<string, string> {
  const env: Record<string, string> = { ...job.host.env, ...Object.fromEntries(job.env), ...own, ...job.fixed }
  const path = own.PATH ?? job.env.get('PATH') ?? job.host.env.PATH ?? process.env.PATH ?? ''
  return { ...env, PATH: [...job.path, path].join(':') }
}

/** Runs a process of a step; when the step is cancelled: SIGINT, SIGTERM, and the end of all that descends from it. */
async function execute(step: StepRun, command: string, args: readonly string[], cwd: string) {
  const { timing } = step.job.host
  if (step.interrupt.aborted) return undefined
  const running = run({ command, args, cwd, env: step.env, line: step.print.line })
  const timers: NodeJS.Timeout[] = []
  const stop = () => {
    signal(running.pid, 'SIGINT')
    timers.push(setTimeout(() => signal(running.pid, 'SIGTERM'), timing.interruptMs))
    timers.push(setTimeout(() => killTree(running.pid), timing.interruptMs + timing.terminateMs))
  }
  const kill = () => killTree(running.pid)
  step.interrupt.addEventListener('abort', stop)
  step.job.over.addEventListener('abort', kill)
  const code = await running.ended
  step.interrupt.removeEventListener('abort', stop)
  step.job.over.removeEventListener('abort', kill)
  for (const timer of timers) clearTimeout(timer)
  return code
}
