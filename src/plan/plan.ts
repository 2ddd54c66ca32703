import type { PlanValue, ValuePath } from './value.ts'

/** What Terraform will do with one object. The two words of a replacement are in the order in which they happen. */
export type Action =
  | 'no-op'
  | 'create'
  | 'read'
  | 'update'
  | 'delete'
  | 'delete-create'
  | 'create-delete'
  | 'forget'
  | 'create-forget'

/** One object that the plan speaks of. */
export interface ResourceChange {
  readonly address: string
  /** Where the object was until now, when it is moved. */
  readonly previousAddress: string | undefined
  /** Set for an object left over by an earlier replacement that failed half-way. */
  readonly deposed: string | undefined
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  /** `module.child`; undefined in the root module. */
  readonly module: string | undefined
  /** `registry.terraform.io/hashicorp/aws` */
  readonly provider: string
  readonly action: Action
  /** Terraform's word for why: `replace_because_tainted`. */
  readonly reason: string | undefined
  readonly before: PlanValue | undefined
  readonly after: PlanValue | undefined
  /** The attributes that force a replacement. */
  readonly replacePaths: readonly ValuePath[]
  readonly importing: { readonly id: string | undefined; readonly identity: PlanValue | undefined } | undefined
}

export interface DeferredChange {
  /** Terraform's word for why: `provider_config_unknown`. */
  readonly reason: string
  readonly change: ResourceChange
}

/** An output of the root module; those without a change are there too, with action `no-op`. */
export interface OutputChange {
  readonly name: string
  readonly action: 'no-op' | 'create' | 'update' | 'delete'
  readonly before: PlanValue | undefined
  readonly after: PlanValue | undefined
}

/** A `check`, condition or validation, and what it came to while planning. */
export interface Check {
  readonly address: string
  readonly status: 'pass' | 'fail' | 'error' | 'unknown'
  readonly problems: readonly string[]
}

/** How one provider is configured. References stay names; the values of root variables they name are in `Plan.inputs`. */
export interface ProviderConfig {
  /** `aws`, `aws.us_east_1`, `module.child:aws` */
  readonly key: string
  readonly source: string
  readonly constraint: string | undefined
  /** From the lock file; undefined for a provider that has none (built in, or no lock file). */
  readonly version: string | undefined
  readonly settings: PlanValue
}

/** A command that runs beside an object's creation or destruction; Terraform does not count it as a change. */
export interface Provisioner {
  /** Of the resource block: `module.child.terraform_data.this`. */
  readonly address: string
  readonly type: string
  readonly settings: PlanValue
}

/** An action (Terraform 1.14) that the apply will invoke. */
export interface Invocation {
  readonly address: string
  readonly provider: string
  readonly settings: PlanValue
}

/**
 * What one `terraform plan` would do, read from `terraform show -json` (format 1). Lists are in Terraform's order. Values
 * marked sensitive are still inside: only a `RedactedPlan` is ever shown or stored in the clear.
 */
export interface Plan {
  readonly terraformVersion: string
  readonly applyable: boolean
  readonly complete: boolean
  readonly errored: boolean
  readonly changes: readonly ResourceChange[]
  /** What changed outside of Terraform, as met while planning. */
  readonly drift: readonly ResourceChange[]
  readonly deferred: readonly DeferredChange[]
  readonly outputs: readonly OutputChange[]
  readonly checks: readonly Check[]
  readonly providers: readonly ProviderConfig[]
  readonly provisioners: readonly Provisioner[]
  readonly invocations: readonly Invocation[]
  /** Values of root variables that decide how providers are configured and what provisioners run. */
  readonly inputs: readonly { readonly name: string; readonly value: PlanValue }[]
  /** Strings that Terraform marks as sensitive anywhere in the plan or the state it was made from; none once redacted. */
  readonly secrets: readonly string[]
}

/** A plan without secrets: by Terraform's marks and by values known to be secret. The only kind that people and records see. */
export interface RedactedPlan extends Plan {
  readonly redacted: true
  /** Secrets too short to be looked for in text, so that their absence is not promised. */
  readonly shortSecrets: number
}

/** Whether the object leaves the cloud: destroyed, or replaced. */
export function destroys(action: Action): boolean {
  return action === 'delete' || action === 'delete-create' || action === 'create-delete'
}

export function replaces(action: Action): boolean {
  return action === 'delete-create' || action === 'create-delete' || action === 'create-forget'
}

/** Whether applying has anything to do for this change: acts, moves or imports. */
export function hasEffect(change: ResourceChange): boolean {
  return change.action !== 'no-op' || change.previousAddress !== undefined || change.importing !== undefined
}

/** Values of outputs as they will be after apply, by name; what is unknown or sensitive is marked. Deleted outputs are left out. */
export function plannedOutputs(plan: Plan): ReadonlyMap<string, PlanValue> {
  return new Map(
    plan.outputs.flatMap(({ name, action, after }) => (after && action !== 'delete' ? [[name, after]] : [])),
  )
}
