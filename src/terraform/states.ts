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

/** Reads states without running Terraform. */
export interface States {
  /** Undefined where nothing was applied yet. @throws UserError `state-unreadable`, `state-backend-unsupported` */
  read(ref: StateRef): Promise<StateOutputs | undefined>
}
