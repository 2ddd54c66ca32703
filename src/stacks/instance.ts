import type { Position } from '../error.ts'
import type { MapValue } from './value.ts'

/** Names a component in a stack: `vpc@plat-ue2-prod`. */
export type InstanceId = `${string}@${string}`

export function instanceId(component: string, stack: string): InstanceId {
  return `${component}@${stack}`
}

/** Component types that `describe` knows; Airlock runs only `terraform`. */
export type ComponentType =
  | 'terraform'
  | 'helmfile'
  | 'packer'
  | 'ansible'
  | 'kubernetes'
  | 'helm'
  | 'container'
  | 'emulator'

/**
 * A value that only a run can know, written as a YAML function: `!terraform.state vpc .id`. It stays in the
 * configuration as the text; the runner fills it in, last, and records it as a read.
 */
export interface LateCall {
  /** The function's name without `!`: `terraform.state`. */
  readonly name: string
  /** What follows the name, blanks trimmed: `vpc .id`. */
  readonly args: string
  /** Where in the instance: `['vars', 'vpc_id']`; list positions as decimal digits. */
  readonly path: readonly string[]
  readonly at: Position
  /** Of a text that only a run can render (`template`): the components whose outputs it may name. */
  readonly reads?: readonly InstanceId[]
  /** Its answer is merged with what other layers say there. */
  readonly merged?: true
}

/**
 * One component in one stack, resolved as `atmos describe component` and `atmos terraform` resolve it, with functions
 * that need the world left as text (`late`).
 */
export interface Instance {
  readonly id: InstanceId
  readonly type: ComponentType
  readonly component: string
  readonly stack: string
  /** The top-level manifest, relative to the stacks folder and without extension: Atmos' `atmos_stack_file`. */
  readonly manifest: string
  /** Where the component's body is written: in the manifest itself where it has one, else in the last import that has one. */
  readonly at: Position
  /** Folder of the Terraform code, relative to the repository's root: `components/terraform/vpc`. */
  readonly folder: string
  /** Every merged section as `describe component` prints it (vars, settings, env, backend, …). */
  readonly sections: MapValue
  /** The Terraform workspace to select. */
  readonly workspace: string
  readonly backendType: string
  /** `metadata.type: abstract`: never run. */
  readonly abstract: boolean
  /** False only for `metadata.enabled: false`. */
  readonly enabled: boolean
  readonly locked: boolean
  /** Every file of the import tree of the manifest, relative to the root, itself included. */
  readonly imports: readonly string[]
  readonly late: readonly LateCall[]
  /** Instances that this one names in `dependencies.components` or `settings.depends_on`. */
  readonly dependsOn: readonly { readonly id: InstanceId; readonly at: Position }[]
}

/** All instances of a tree by id, in id order. */
export type Inventory = ReadonlyMap<InstanceId, Instance>
