import { UserError } from '../error.ts'
import { exactJson } from '../json.ts'
import type { Plain } from '../stacks/value.ts'
import type { StateId } from '../terraform/terraform.ts'
import { type ArchiveFiles, unarchive } from './archive.ts'
import { terraformValue } from './msgpack.ts'
import { bytesOf, numberOf, textsOf, type WireField, wireFields } from './protobuf.ts'
import { array, object, type RawObject, text, textOrNone } from './raw.ts'

/** One module's configuration, as a planfile keeps it. */
export interface ModuleSnapshot {
  /** Names of module calls from the root, joined by dots; empty for the root. */
  readonly key: string
  /** Folder as seen from the component's: `.`, `../../modules/label`, `.terraform/modules/x`. */
  readonly dir: string
  /** As the caller wrote it; undefined for the root. */
  readonly source: string | undefined
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** What a saved plan carries: apply uses this configuration and backend, not those on disk. */
export interface Planfile {
  readonly terraformVersion: string
  readonly mode: 'normal' | 'destroy' | 'refresh-only'
  readonly backend: { readonly type: string; readonly config: Plain; readonly workspace: string }
  /** Values of root variables that were set from outside; defaults and ephemeral ones are not among them. */
  readonly variables: Readonly<Record<string, Plain>>
  /** Ephemeral variables that were set: apply needs their values again. */
  readonly applyTimeVariables: readonly string[]
  /** Addresses that the plan was limited to (`-target`). */
  readonly targets: readonly string[]
  /** Addresses that were asked to be replaced (`-replace`). */
  readonly forcedReplacements: readonly string[]
  readonly errored: boolean
  /** The state it was made from; undefined where there was none. Apply refuses when the state is another by then. */
  readonly state: StateId | undefined
  readonly modules: readonly ModuleSnapshot[]
  readonly lockFile: Uint8Array | undefined
}

/**
 * Opens what `terraform plan -out` (or tofu's) wrote. Its values are secret: nothing of it is shown without redaction.
 * @throws UserError `planfile-unreadable`, `archive-unreadable`
 */
export function openPlanfile(bytes: Uint8Array): Planfile {
  const files = unarchive(bytes, 'planfile')
  const entry = (name: string) => {
    const found = files.get(name)
    if (!found) throw unreadable(`it has no ${name}`)
    return found
  }
  const modules = moduleSnapshots(files)
  return {
    ...planMessage(entry('tfplan')),
    modules,
    state: stateId(entry('tfstate')),
    lockFile: files.get(lockFileName),
  }
}

const lockFileName = '.terraform.lock.hcl'
const manifestName = 'tfconfig/modules.json'
const known = new Set(['tfplan', 'tfstate', 'tfstate-prev', manifestName, lockFileName])

/** Field numbers are those of message `tfplan.Plan`, version 3: the same in Terraform since 0.12 and in tofu. */
function planMessage(bytes: Uint8Array): Omit<Planfile, 'modules' | 'state' | 'lockFile'> {
  try {
    const plan = wireFields(bytes)
    const version = numberOf(plan, 1)
    if (version !== 3) throw unreadable(`its format is ${version}, this version of Airlock reads 3`, 'update Airlock')
    if (bytesOf(plan, 29).length > 0) throw unreadable('it keeps its state in a provider (state_store)')
    const backends = bytesOf(plan, 13)
    if (backends.length !== 1) throw unreadable('it names no backend')
    const backend = wireFields(backends[0]!)
    const mode = (['normal', 'destroy', 'refresh-only'] as const)[numberOf(plan, 17)]
    if (mode === undefined) throw unreadable(`its mode is ${numberOf(plan, 17)}`, 'update Airlock')
    return {
      terraformVersion: one(textsOf(plan, 14), 'version'),
      mode,
      backend: {
        type: one(textsOf(backend, 1), 'backend type'),
        config: terraformValue(dynamicBytes(backend)),
        workspace: textsOf(backend, 3).at(-1) ?? '',
      },
      variables: variables(plan),
      applyTimeVariables: textsOf(plan, 28).sort(),
      targets: [...textsOf(plan, 5), ...textsOf(plan, 32)].sort(),
      forcedReplacements: textsOf(plan, 16).sort(),
      errored: numberOf(plan, 20) !== 0,
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw unreadable(error instanceof Error ? error.message : String(error))
  }
}

function variables(plan: readonly WireField[]): Record<string, Plain> {
  const entries = bytesOf(plan, 2).map((bytes): [string, Plain] => {
    const entry = wireFields(bytes)
    return [textsOf(entry, 1).at(-1) ?? '', terraformValue(dynamicBytes(entry), 'dynamic')]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function dynamicBytes(message: readonly WireField[]): Uint8Array {
  return one(bytesOf(wireFields(one(bytesOf(message, 2), 'value')), 1), 'value')
}

function one<T>(values: readonly T[], what: string): T {
  if (values.length !== 1) throw unreadable(`it has ${values.length === 0 ? 'no' : 'more than one'} ${what}`)
  return values[0]!
}

function stateId(bytes: Uint8Array): StateId | undefined {
  const state = json(bytes, 'tfstate')
  const lineage = textOrNone(state, 'lineage')
  const serial = state.serial
  return lineage && typeof serial === 'number' ? { lineage, serial } : undefined
}

function moduleSnapshots(files: ArchiveFiles): ModuleSnapshot[] {
  const manifest = files.get(manifestName)
  if (!manifest) throw unreadable(`it has no ${manifestName}`)
  const contents = new Map<string, Map<string, Uint8Array>>()
  for (const [name, bytes] of files) {
    if (known.has(name)) continue
    const [, key, file] = /^tfconfig\/m-([^/]*)\/([^/]+)$/.exec(name) ?? []
    if (key === undefined || file === undefined)
      throw unreadable(`it holds ${JSON.stringify(name)}, which Terraform does not write`)
    const module = contents.get(key) ?? new Map<string, Uint8Array>()
    contents.set(key, module.set(file, bytes))
  }
  const modules = array({ list: json(manifest, manifestName, true) }, 'list').map((raw) => ({
    key: text(raw, 'Key'),
    dir: text(raw, 'Dir'),
    source: textOrNone(raw, 'Source'),
    files: contents.get(text(raw, 'Key')) ?? new Map<string, Uint8Array>(),
  }))
  const keys = new Set(modules.map((it) => it.key))
  const stray = [...contents.keys()].find((key) => !keys.has(key))
  if (stray !== undefined) throw unreadable(`it holds module ${JSON.stringify(stray)}, which its list does not name`)
  if (keys.size !== modules.length || !keys.has(''))
    throw unreadable('its list of modules is not one that Terraform writes')
  return modules
}

function json(bytes: Uint8Array, name: string, list?: boolean): RawObject {
  try {
    const value = exactJson(new TextDecoder().decode(bytes))
    return list ? (value as unknown as RawObject) : object({ value }, 'value')
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(`its ${name} is no JSON (${error.message})`)
    throw error
  }
}

function unreadable(why: string, fix = 'plan again'): UserError {
  return new UserError({ code: 'planfile-unreadable', message: `the planfile cannot be read: ${why}`, fix })
}
