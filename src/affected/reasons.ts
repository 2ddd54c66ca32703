import type { Position } from '../error.ts'
import type { Instance, InstanceId, LateCall } from '../stacks/instance.ts'
import { valueAt } from '../stacks/value.ts'
import type { ConfigReason } from './configuration.ts'
import { type Difference, differences } from './differences.ts'
import { type FileRole, type InputFile, type Inputs, TERRAFORM_SECTIONS } from './inputs.ts'

/** Why an instance is affected. Positions named `at` are in the head tree, those named `was` in the base tree. */
export type Reason =
  | { readonly kind: 'declared'; readonly at: Position }
  | { readonly kind: 'removed'; readonly was: Position }
  | { readonly kind: 'missing'; readonly why: string; readonly was: Position }
  /** It has the state of another name: `net@dev`. */
  | { readonly kind: 'moved'; readonly from: InstanceId; readonly at: Position; readonly was: Position }
  | ({ readonly kind: 'value' } & Difference)
  | ConfigReason
  | FileReason
  | { readonly kind: 'workspace'; readonly before: string; readonly after: string }
  | { readonly kind: 'reads'; readonly call: LateCall; readonly of: InstanceId }

/** A file that is not the same. `before` and `after` are Git's ids of its content; `at` and `was` say what names it. */
export interface FileReason {
  readonly kind: 'file'
  readonly path: string
  readonly role: FileRole
  readonly change: 'added' | 'modified' | 'deleted'
  readonly before?: string
  readonly after?: string
  /** Where the very content lies now, of a file that was renamed. */
  readonly now?: string
  readonly at?: Position
  readonly was?: Position
}

interface Resolved {
  readonly instance: Instance
  readonly inputs: Inputs
}

/** Every difference between two resolutions of an instance that reaches Terraform. */
export function reasons(before: Resolved, after: Resolved): Reason[] {
  const workspace: Reason[] =
    before.inputs.workspace === after.inputs.workspace
      ? []
      : [{ kind: 'workspace', before: before.inputs.workspace, after: after.inputs.workspace }]
  return [
    ...componentReasons(before.instance, after.instance),
    ...valueReasons(TERRAFORM_SECTIONS, before.instance, after.instance),
    ...workspace,
    ...fileReasons(before, after),
  ]
}

/** Sections that Terraform never sees, those first that decide most: what waits for what, what runs around it. */
const PASSIVE = ['dependencies', 'hooks', 'settings', 'metadata', 'component']

/** What names an instance, or is made of other sections. */
const DERIVED = new Set([
  ...['atmos_component', 'atmos_stack', 'stack', 'atmos_stack_file', 'atmos_manifest', 'workspace'],
  ...['inheritance', 'overrides', 'locals', 'imports', 'sources', 'deps', 'deps_all'],
])

/** Differences in what Terraform never sees: settings, metadata, hooks. No plan is needed for these. */
export function passiveReasons(before: Instance, after: Instance): Reason[] {
  const known = new Set<string>([...PASSIVE, ...TERRAFORM_SECTIONS, ...DERIVED])
  const others = [...new Set([...before.sections.entries.keys(), ...after.sections.entries.keys()])]
    .filter((name) => !known.has(name))
    .sort()
  return valueReasons([...PASSIVE, ...others], before, after)
}

/** Settings that decide whether an instance is run at all, where they differ. */
export function transitionReasons(before: Instance, after: Instance): Reason[] {
  return [
    ['metadata', 'enabled'],
    ['metadata', 'type'],
  ].flatMap((path) => differencesAt(path, before, after))
}

function valueReasons(sections: readonly string[], before: Instance, after: Instance): Reason[] {
  return sections.flatMap((name) => differencesAt([name], before, after))
}

function differencesAt(path: readonly string[], before: Instance, after: Instance): Reason[] {
  return differences(path, valueAt(before.sections, path), valueAt(after.sections, path)).map((it) => ({
    kind: 'value',
    ...it,
  }))
}

/** Where another folder holds the code: what says so. */
function componentReasons(before: Instance, after: Instance): Reason[] {
  if (before.folder === after.folder) return []
  const named = differencesAt(['metadata', 'component'], before, after)
  return named.length > 0 ? named : differencesAt(['component'], before, after)
}

function fileReasons(before: Resolved, after: Resolved): Reason[] {
  const [old, fresh] = [byName(before), byName(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((name): Reason[] => {
    const [was, is] = [old.get(name), fresh.get(name)]
    if (was?.hash === is?.hash) return []
    const { path, role } = (is ?? was)!
    return [
      {
        kind: 'file',
        path,
        role,
        change: !was ? 'added' : !is ? 'deleted' : 'modified',
        ...(was && { before: was.hash, ...(was.namedAt && { was: was.namedAt }) }),
        ...(is && { after: is.hash, ...(is.namedAt && { at: is.namedAt }) }),
      },
    ]
  })
}

/** A component's own files by their names in its folder, so that one that moved as a whole differs in nothing. */
function byName({ instance: { folder }, inputs }: Resolved): ReadonlyMap<string, InputFile> {
  return new Map(
    inputs.files.map((file) => [
      file.role === 'component' ? `0${file.path.slice(folder.length)}` : `1${file.path}`,
      file,
    ]),
  )
}
