import type { StateLock } from './state-lock.ts'
import type { StateId } from './terraform.ts'

/** Where a state is: what the backend needs to find it. `folder` is the component's absolute folder, for local state. */
export interface StateRef {
  readonly backendType: string
  readonly backend: Readonly<Record<string, unknown>>
  readonly workspace: string
  readonly folder: string
  /** The role in the cloud that reads it; undefined: what the environment has. */
  readonly role?: string
}

/** A state's identity and its outputs. */
export interface StateOutputs {
  readonly id: StateId
  /** Objects that it holds; data sources do not count. */
  readonly objects: number
  readonly outputs: Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>
}

/** Reads the text of states as it is kept, whatever version of Terraform wrote it. */
export interface StateTexts {
  /** Undefined where there is none. @throws UserError `state-unreadable`, `state-backend-unsupported` */
  text(ref: StateRef): Promise<string | undefined>
}

/** Reads states without running Terraform. */
export interface States {
  /** Undefined where nothing was applied yet. @throws UserError `state-unreadable`, `state-backend-unsupported` */
  read(ref: StateRef): Promise<StateOutputs | undefined>
  /**
   * Terraform's own lock, where the backend keeps it beside the state; undefined where there is none, or the backend keeps none
   * there. Left out by what reads local states: a session looks at their locks itself. @throws UserError `state-unreadable`
   */
  lock?(ref: StateRef): Promise<StateLock | undefined>
}
