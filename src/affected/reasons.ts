import type { Position } from '../error.ts'
import type { Instance, InstanceId, LateCall } from '../stacks/instance.ts'
import { type Plain, plain, same, type Value, valueAt } from '../stacks/value.ts'
import { type FileRole, type Inputs, TERRAFORM_SECTIONS } from './inputs.ts'

/** Why an instance is affected. Positions named `at` are in the head tree, those named `was` in the base tree. */
export type Reason =
  | { readonly kind: 'declared'; readonly at: Position }
  | { readonly kind: 'removed'; readonly was: Position }
  | { readonly kind: 'missing'; readonly why: string; readonly was: Position }
  /** It has the state of another name: `net@dev`. */
  | { readonly kind: 'moved'; readonly from: InstanceId; readonly at: Position; readonly was: Position }
  | {
      readonly kind: 'value'
      /** `['vars', 'subnets', '0']` */
      readonly path: readonly string[]
      readonly before?: Plain
      readonly after?: Plain
      readonly at?: Position
      readonly was?: Position
    }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly role: FileRole
      readonly change: 'added' | 'modified' | 'deleted'
    }
  | { readonly kind: 'workspace'; readonly before: string; readonly after: string }
  | { readonly kind: 'reads'; readonly call: LateCall; readonly of: InstanceId }

/** Every difference between two resolutions of an instance that reaches Terraform. */
export function reasons(
  before: { instance: Instance; inputs: Inputs },
  after: { instance: Instance; inputs: Inputs },
): Reason[] {
  const values = TERRAFORM_SECTIONS.flatMap((name) =>
    differences([name], valueAt(before.instance.sections, [name]), valueAt(after.instance.sections, [name])),
  )
  const workspace: Reason[] =
    before.inputs.workspace === after.inputs.workspace
      ? []
      : [{ kind: 'workspace', before: before.inputs.workspace, after: after.inputs.workspace }]
  return [...values, ...workspace, ...fileReasons(before.inputs, after.inputs)]
}

/** Differences in what Terraform never sees: settings, metadata, hooks. No plan is needed for these. */
export function passiveReasons(before: Instance, after: Instance): Reason[] {
  return ['settings', 'metadata', 'dependencies', 'hooks'].flatMap((name) =>
    differences([name], valueAt(before.sections, [name]), valueAt(after.sections, [name])),
  )
}

function differences(path: readonly string[], before: Value | undefined, after: Value | undefined): Reason[] {
  if (same(before, after)) return []
  if (before?.kind === 'map' && after?.kind === 'map') {
    const keys = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort()
    return keys.flatMap((key) => differences([...path, key], before.entries.get(key), after.entries.get(key)))
  }
  if (before?.kind === 'list' && after?.kind === 'list' && before.items.length === after.items.length)
    return after.items.flatMap((item, index) => differences([...path, String(index)], before.items[index], item))
  return [
    {
      kind: 'value',
      path,
      ...(before && { before: plain(before), was: before.at }),
      ...(after && { after: plain(after), at: after.at }),
    },
  ]
}

function fileReasons(before: Inputs, after: Inputs): Reason[] {
  const old = new Map(before.files.map((file) => [file.path, file]))
  const fresh = new Map(after.files.map((file) => [file.path, file]))
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((path): Reason[] => {
    const [was, is] = [old.get(path), fresh.get(path)]
    if (was?.hash === is?.hash) return []
    const change = !was ? 'added' : !is ? 'deleted' : 'modified'
    return [{ kind: 'file', path, role: (is ?? was)!.role, change }]
  })
}
