/** A process on some machine, so that a later one can tell whether it is gone. */
export interface ProcessId {
  readonly host: string
  readonly pid: number
  /** What the system says of the process' start; tells it from a later one with the same number. */
  readonly started: string
}

/** The computer that this runs on, as far as records speak of it. */
export interface Machine {
  readonly self: ProcessId
  /** The account that runs this. */
  readonly user: string
  /** The workflow run that this process is a job of; its name is the run's in records. */
  readonly run?: { readonly name: string; readonly url: string }
  readonly cores: number
  /** A process of this machine, by its number; undefined when there is none. */
  process(pid: number): ProcessId | undefined
  /** `undefined` when the process belongs to another machine: nobody here can tell. */
  isRunning(process: ProcessId): boolean | undefined
  /** Does something again and again, each time after the one before ended; the answer stops it. What it throws is dropped. */
  every(ms: number, work: () => Promise<unknown>): () => void
}
