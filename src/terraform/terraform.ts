import type { StateLock } from './state-lock.ts'

/** A Terraform or OpenTofu executable on this machine. */
export interface Tool {
  readonly kind: 'terraform' | 'tofu'
  /** Absolute path. */
  readonly path: string
  /** `1.11.4` */
  readonly version: string
}

/** All that the runs of one instance need; made by pure code, so that the same commit gives the same job. */
export interface Job {
  /** Names the working copy, and who may use it at a time: `<repository id>/<instance>`, path segments of `[A-Za-z0-9._@-]+`. */
  readonly key: string
  /** Files of the repository's layout, by path relative to its root: the component, its local modules, files named literally. */
  readonly files: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly executable: boolean }>
  /** The component's folder, relative to the root. */
  readonly folder: string
  /** Files that we make, by path relative to `folder`: `backend.tf.json`, the variables file, overrides, `generate`d ones. */
  readonly generated: ReadonlyMap<string, string>
  /** Name of the variables file among `generated`. */
  readonly varFile: string
  /** Variables laid over the process environment without what would meddle (`process-env.ts`); undefined removes one. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Workspace to select; undefined where the backend has none (http, cloud). */
  readonly workspace: string | undefined
  readonly init: { readonly reconfigure: boolean; readonly passVars: boolean }
  /**
   * Local state lives where Atmos would keep it: each path (relative to `folder`) is a link to this absolute path in the
   * user's checkout. In a named workspace it is the folder of workspaces, else a state file; neither need be there yet.
   */
  readonly links: ReadonlyMap<string, string>
}

/** What a finished Terraform command said. `output` is stdout and stderr as they came, ANSI-free. */
export interface Ran {
  readonly exitCode: number
  readonly output: string
  readonly durationMs: number
}

export type PlanRun =
  | {
      readonly kind: 'planned'
      readonly changed: boolean
      readonly planfile: Uint8Array
      /** What `terraform show -json` printed. */
      readonly json: string
      readonly ran: Ran
      readonly lockFile: string | undefined
      readonly made: ReadonlyMap<string, Uint8Array>
    }
  /** There is nothing to do, and nobody asked to be shown that. */
  | { readonly kind: 'unchanged'; readonly planfile: Uint8Array; readonly ran: Ran }
  | FailedStep

export interface PlanOptions {
  readonly destroy: boolean
  readonly extraArgs: readonly string[]
  /** Do not ask Terraform to show a plan that changes nothing: it costs as much as the plan. */
  readonly unchangedUnshown?: true
}

/** A step of a run that ended badly, and what Terraform said. */
export interface FailedStep {
  readonly kind: 'failed'
  readonly step: 'init' | 'workspace' | 'plan' | 'show'
  readonly ran: Ran
}

/** What apply needs of a plan: its exact bytes, and the lock file and made files that it was sealed with. */
export interface SealedFiles {
  readonly planfile: Uint8Array
  readonly lockFile: string | undefined
  readonly made: ReadonlyMap<string, Uint8Array>
}

/** `errored`: the state could not be stored; `erroredState` is what Terraform saved as `errored.tfstate`. */
export type ApplyRun =
  | {
      readonly kind: 'applied'
      readonly ran: Ran
      readonly state: StateId | undefined
      readonly outputs: Readonly<Record<string, unknown>>
    }
  | {
      readonly kind: 'failed'
      readonly step: 'init' | 'workspace' | 'apply'
      readonly ran: Ran
      readonly state: StateId | undefined
      readonly erroredState: Uint8Array | undefined
    }

/** Which state, and which version of it. */
export interface StateId {
  readonly lineage: string
  readonly serial: number
}

/**
 * Runs Terraform for one instance in its own working copy. Opening takes the working copy's lock (another process that
 * has it is waited for, and named through `waiting`); `close` releases it.
 */
export interface Session {
  /** Plans; `destroy` asks for `plan -destroy`. Files that the plan made (data sources such as `archive_file`) are in `made`. */
  plan(options: PlanOptions): Promise<PlanRun>
  /** What a planfile says that it would do, as `terraform show -json`; prepares the working copy with what it was sealed with. */
  show(plan: SealedFiles): Promise<{ readonly kind: 'shown'; readonly json: string } | FailedStep>
  /**
   * Applies the planfile's exact bytes, with the lock file and made files it was sealed with. `locked` is told of Terraform's
   * own lock as soon as it is seen, where it can be; a short apply may be over before.
   */
  apply(plan: SealedFiles, events?: { locked?(lock: StateLock): void }): Promise<ApplyRun>
  /**
   * Terraform's own lock on the state, where it can be seen without being taken (a local state): held, or left by a Terraform
   * that was killed. To be asked before anything else of the session.
   */
  lock(): Promise<StateLock | undefined>
  /** Releases Terraform's own lock, if it is the one with this id; `absent` where it can be seen that there is none. */
  unlock(id: string): Promise<{ readonly kind: 'released' | 'absent' } | { readonly kind: 'failed'; readonly ran: Ran }>
  /** Lineage and serial of the state as it is now; undefined when there is none. */
  state(): Promise<StateId | undefined>
  /** The state's outputs as `terraform output -json` gives their values; undefined when there is no state. */
  outputs(): Promise<Readonly<Record<string, unknown>> | undefined>
  /** The state as `terraform show -json` prints it, with what is sensitive marked; undefined when it cannot be had now. */
  shownState(): Promise<string | undefined>
  /** The state that an earlier apply could not store, left in the working copy because its run was killed. */
  errored(): Promise<Uint8Array | undefined>
  /** Makes a state that was kept aside the state; Terraform refuses one that does not follow from what is there. */
  push(state: Uint8Array): Promise<{ readonly kind: 'pushed' } | { readonly kind: 'failed'; readonly ran: Ran }>
  /** Also removes the files that were made for the run: variables may hold secrets. */
  close(): Promise<void>
}

export interface Terraform {
  /** The executable for a command (`terraform`, `tofu`, or a path); undefined when it is not on this machine. */
  tool(command: string): Promise<Tool | undefined>
  /** @throws UserError `working-copy-busy` when interrupted while waiting */
  open(job: Job, tool: Tool, events: { waiting?(holder: string): void; line?(text: string): void }): Promise<Session>
}
