import type { Annotation } from '../github/checks.ts'
import type { GitHubEvent } from '../github/event.ts'
import type { RepositoryName } from '../github/github.ts'

/** The run and job that a step is in, from the runner's environment. */
export interface RunContext {
  readonly repository: RepositoryName
  readonly serverUrl: string
  readonly apiUrl: string
  readonly runId: number
  /** From 1; grows when somebody runs it again. */
  readonly attempt: number
  /** Names the run in records: `4411`, `4411-2` for the second attempt. */
  readonly run: string
  readonly runUrl: string
  /** Who made the event. */
  readonly actor: string
  /** GitHub's number of the job, which an action is given as its input `job_id`; undefined where GitHub does not tell it. */
  readonly jobId?: number
  /** Key of the job in the workflow file. */
  readonly job: string
  /** Full name of the ref and its commit that the event is about. */
  readonly ref: string
  readonly commit: string
  /** Folder for files of this job, removed after it. */
  readonly temp: string
}

/** A note of a run; without a place where it is of no line of a file. */
export type Note = Omit<Annotation, 'path' | 'line'> & Partial<Pick<Annotation, 'path' | 'line'>>

/** One step of a job as an action sees it: what it was given, and the ways in which it speaks to the runner. */
export interface Step {
  readonly context: RunContext
  readonly event: GitHubEvent
  readonly env: Readonly<Record<string, string | undefined>>
  /** The checked-out repository. */
  readonly cwd: string
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal
  /** An input, trimmed; empty where it was not given. */
  input(name: string): string
  /** An output; lists that grow with the estate are files, never outputs. */
  output(name: string, value: string): void
  /** Puts a folder in front of the PATH of the steps that follow. */
  path(folder: string): void
  /** A line in the job's log. */
  log(line: string): void
  /** Lines that the log folds under a title. */
  group(title: string, lines: readonly string[]): void
  /** Adds Markdown to the step's summary; what is longer than GitHub takes (1 MiB a step) is refused, so split it before. */
  summary(markdown: string): void
  /** A note at a line, which GitHub shows in the diff of the run's commit. */
  annotate(note: Note): void
  /** Never shows a text in the log. */
  mask(secret: string): void
}

/**
 * What an action does: the exit code of its step. On GitHub what waits for a person or another run is no failure (the CLI's 3):
 * the step ends well, and a notice says who is awaited.
 */
export type Action = (step: Step) => Promise<0 | 1 | 2>
