import { UserError } from '../error.ts'
import { answers, type ErrorMode, type Running } from './answers.ts'
import { askedComponent } from './asked-component.ts'
import { cliConfig } from './cli-config.ts'
import { baseOf, sectionsIn } from './complete.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { absolute } from './config-base.ts'
import { type Finishing, finish } from './finish.ts'
import { type ComponentType, instanceId } from './instance.ts'
import type { Stacks } from './instances.ts'
import { asked, type Found } from './lookup.ts'
import { type Manifest, TYPES } from './manifest.ts'
import { listedName } from './name.ts'
import { joinPath } from './paths.ts'
import { validateStacks } from './validate.ts'
import { asValue, type MapValue, mapAt, mapOf, type Plain, scalarAt, textOf, type Value } from './value.ts'
import { listedWorkspace } from './workspace.ts'

/** What the flags of `describe stacks` and `describe component` say. */
export interface DescribeOptions {
  readonly processTemplates?: boolean
  readonly processFunctions?: boolean
  readonly skip?: readonly string[]
  /** What becomes of functions that only a run can answer: an error, or their text as it is written. */
  readonly late?: 'error' | 'text'
  /** What becomes of values that are not there yet; without it the configuration says, else `warn`. */
  readonly errorMode?: ErrorMode
  /** Whether `mocks` of a component stand for its outputs. */
  readonly useMocks?: boolean
  /** Answers what only a run can know; without it that is left as `late` says. */
  readonly running?: Running | undefined
}

/** Filters of `describe stacks`. */
export interface DescribeStacksOptions extends DescribeOptions {
  /** Name or file of one stack. */
  readonly stack?: string
  readonly components?: readonly string[]
  readonly componentTypes?: readonly string[]
  readonly sections?: readonly string[]
  /** Accepted and without effect, as in Atmos 1.227: stacks without components are never printed. */
  readonly includeEmptyStacks?: boolean
  /** Whether to validate first, as Atmos does. */
  readonly validate?: boolean
}

/** Options of `describe component`. */
export interface DescribeComponentOptions extends DescribeOptions {
  /** `schema` prints the sections that a manifest may write, `full` all; the configuration's where left out. */
  readonly filter?: 'schema' | 'full'
  readonly type?: ComponentType
  /** Words of the command line, printed as `cli_args`. */
  readonly cliArgs?: readonly string[]
}

/** Data in the making. */
type Tree = { [key: string]: Tree | Plain }

/** What `describe stacks` prints. @throws UserError for whatever is wrong in any stack */
export function describeStacks(stacks: Stacks, options: DescribeStacksOptions = {}): Plain {
  stacks.check()
  if (options.validate !== false) refuseFindings(stacks)
  const result: Tree = {}
  for (const manifest of stacks.manifests)
    for (const type of TYPES) {
      if (options.componentTypes?.length && !options.componentTypes.includes(type)) continue
      for (const name of manifest.components(type)) describeOne(stacks, manifest, type, name, options, result)
    }
  return sorted(result, COMPONENT_DEPTH)
}

/** How deep components lie in what `describe stacks` prints: stack, `components`, type, component. Each is in order already. */
const COMPONENT_DEPTH = 4

function refuseFindings(stacks: Stacks): void {
  const findings = validateStacks(stacks).filter(({ severity }) => severity === 'error')
  const [first] = findings
  if (first === undefined) return
  throw new UserError({
    code: 'stacks-invalid',
    message: findings.map(({ at, message }) => `${at.file}:${at.line}:${at.column}: ${message}`).join('\n'),
    fix: 'mend that in the manifests: airlock validate stacks looks at them again',
    at: first.at,
    exit: 1,
  })
}

function describeOne(
  stacks: Stacks,
  manifest: Manifest,
  type: ComponentType,
  name: string,
  options: DescribeStacksOptions,
  result: Tree,
): void {
  const { config } = stacks
  const merged = manifest.component(type, name)!
  const question = asked(config, manifest, merged)
  const { name: stack, context } = listedName(question)
  if (options.stack && options.stack !== manifest.name && options.stack !== stack) return
  if (options.components?.length && !isWanted(merged, options.components)) return
  const at = merged.body.at
  const entries = new Map(merged.sections)
  if (!textOf(entries.get('component'))) entries.set('component', scalarAt(at, name))
  for (const [key, text] of [
    ['atmos_component', name],
    ['atmos_stack', stack],
    ['stack', stack],
    ['atmos_stack_file', manifest.name],
    ['atmos_manifest', manifest.name],
  ] as const)
    entries.set(key, scalarAt(at, text))
  if (type === 'terraform') {
    const backendType = textOf(merged.sections.get('backend_type')) ?? ''
    entries.set(
      'workspace',
      scalarAt(
        at,
        listedWorkspace(
          { asked: question, backendType, metadata: mapOf(merged.sections.get('metadata')) },
          context,
          stack,
        ),
      ),
    )
  }
  entries.set('component_info', componentInfo(stacks, type, entries, at))
  const sections = finished(stacks, { merged, stack }, mapAt(at, entries), options, { disabledReads: false })
  const includeEmpty = type !== 'terraform' || config.describe.includeEmpty
  const isAsked = (value: Value, key: string) =>
    (!options.sections?.length || options.sections.includes(key)) &&
    (includeEmpty || value.kind !== 'map' || value.entries.size > 0)
  const place = child(child(child(result, stack), 'components'), type)
  const before = place[name] as { [key: string]: Plain } | undefined
  const printed: { [key: string]: Plain } = {}
  const keys = [...sections.entries.keys(), ...(before === undefined ? [] : Object.keys(before))]
  for (const key of keys.sort()) {
    const value = sections.entries.get(key)
    const isShown = value !== undefined && isAsked(value, key)
    if (isShown) printed[key] = printedSection(key, value, options)
    else if (before !== undefined && Object.hasOwn(before, key)) printed[key] = before[key]!
  }
  place[name] = printed
}

/** Without templates Atmos 1.227 prints an empty `inheritance` as null. */
function printedSection(key: string, value: Value, { processTemplates }: DescribeOptions): Plain {
  const empty = key === 'inheritance' && value.kind === 'list' && value.items.length === 0
  return empty && processTemplates === false ? null : sortedPlain(value)
}

const printed = new WeakMap<Value, Plain>()

/** Data with the keys of maps in order, secrets masked; a value that many components share is made once. */
function sortedPlain(value: Value): Plain {
  if (value.kind === 'scalar') return isSecret(value.value) ? '<MASKED>' : value.value
  const known = printed.get(value)
  if (known !== undefined) return known
  const result = value.kind === 'list' ? value.items.map(sortedPlain) : object(sortedEntries(value))
  printed.set(value, result)
  return result
}

function sortedEntries({ entries }: MapValue): (readonly [string, Plain])[] {
  return [...entries.keys()].sort().map((key) => [key, sortedPlain(entries.get(key)!)] as const)
}

/** `__proto__` is a key like any other. */
function object(entries: readonly (readonly [string, Plain])[]): { [key: string]: Plain } {
  return Object.fromEntries(entries)
}

function child(tree: Tree, key: string): Tree {
  tree[key] ??= {}
  return tree[key] as Tree
}

/** A component is asked for by its own name, or by the name of what it is made of. */
function isWanted(merged: Merged, names: readonly string[]): boolean {
  return names.includes(merged.name) || names.includes(textOf(merged.sections.get('component')) ?? '')
}

function componentInfo(
  { config }: Stacks,
  type: ComponentType,
  entries: ReadonlyMap<string, Value>,
  at: Value['at'],
): Value {
  const base = infoFolder(config, type)
  const folder = textOf(entries.get('component')) ?? ''
  const prefix = textOf(mapOf(entries.get('metadata'))?.entries.get('component_folder_prefix'))?.trim() ?? ''
  return asValue(
    { component_type: type, ...(base !== '' && folder !== '' && { component_path: joinPath(base, prefix, folder) }) },
    at,
  )
}

function infoFolder({ components }: AtmosConfig, type: ComponentType): string {
  if (type === 'container') return 'components/container'
  return type === 'emulator' || type === 'kubernetes' || type === 'helm' ? '' : components[type].basePath
}

function finished(
  stacks: Stacks,
  { merged, stack }: Pick<Found, 'merged' | 'stack'>,
  sections: MapValue,
  options: DescribeOptions,
  { disabledReads }: { readonly disabledReads: boolean },
): MapValue {
  const base: Finishing = {
    processTemplates: options.processTemplates !== false,
    processFunctions: options.processFunctions !== false,
    skip: options.skip ?? [],
  }
  const id = instanceId(merged.name, stack)
  const done = finish(stacks, merged, sections, {
    ...base,
    ...(options.running
      ? answers(stacks, options.running, id, stack)
      : { component: askedComponent(stacks, base, [id]) }),
    disabledReads,
  })
  const late = done.late.find(({ name }) => name !== 'secret')
  if (late !== undefined && options.late !== 'text' && base.processFunctions)
    throw new UserError({
      code: 'not-yet',
      message: `!${late.name} ${late.args} needs a run, which describe does not make yet`,
      fix: `use --skip ${late.name}, or --process-functions=false`,
      at: late.at,
      exit: 2,
    })
  return done.sections
}

/** Secrets are never printed, whether they exist or not. */
function isSecret(value: Plain): boolean {
  return typeof value === 'string' && value.startsWith('!secret') && /^!secret(?: |$)/.test(value)
}

/** Sections that `describe component` prints by default: those that a manifest may write. */
const SCHEMA_SECTIONS = [
  'vars',
  'settings',
  'env',
  'backend',
  'metadata',
  'overrides',
  'providers',
  'imports',
  'dependencies',
  'component',
  'hooks',
]

/** What `describe component` prints. @throws UserError as `Stacks.find`, and for whatever is wrong in any stack */
export function describeComponent(
  stacks: Stacks,
  component: string,
  stack: string,
  options: DescribeComponentOptions = {},
): Plain {
  stacks.check()
  const found = stacks.find(component, stack, options.type)
  const sections = finished(stacks, found, sectionsIn(stacks, found, true), options, { disabledReads: true })
  const printed: { [key: string]: Plain } = {}
  for (const [key, value] of sections.entries) printed[key] = printedSection(key, value, options)
  Object.assign(printed, computed(stacks, found, sections, options))
  const filter = options.filter ?? stacks.config.describe.componentFilter
  const kept = Object.entries(printed).filter(([key, value]) => {
    if (!stacks.config.describe.includeEmpty && isEmptyMap(value)) return false
    return filter === 'full' || SCHEMA_SECTIONS.includes(key)
  })
  return sorted(Object.fromEntries(kept))
}

function isEmptyMap(value: Plain): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
}

function computed(
  stacks: Stacks,
  { type, merged }: Found,
  sections: MapValue,
  options: DescribeComponentOptions,
): { [key: string]: Plain } {
  const { config, tree, ambient } = stacks
  const info: { [key: string]: Plain } = { component_type: type }
  if (type === 'terraform' || type === 'helmfile' || type === 'packer')
    info.component_path = absolute(
      tree,
      joinPath(config.components[type].folder, baseOf(merged, sections.entries) || merged.name),
    )
  const fromEnv = (prefix: string): [string, Plain][] =>
    Object.entries(ambient.env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [[name, value] as [string, Plain]] : [],
    )
  const cliArgs = ambient.env.TF_CLI_ARGS
  const cliVars = fromEnv('TF_VAR_').map(([name, value]): [string, Plain] => [name.slice('TF_VAR_'.length), value])
  return {
    component_type: type,
    component_info: info,
    cli_args: [...(options.cliArgs ?? ['describe', 'component'])],
    tf_cli_vars: {},
    ...(cliArgs && { env_tf_cli_args: cliArgs.split(/\s+/).filter((word) => word !== '') }),
    ...(cliVars.length > 0 && { env_tf_cli_vars: Object.fromEntries(cliVars) }),
    atmos_cli_config: cliConfig(config),
  }
}

/** Maps with their keys in order, as Atmos prints them; to a depth, or to the end. */
function sorted(value: Tree | Plain, depth = Number.POSITIVE_INFINITY): Plain {
  if (depth === 0 || value === null || typeof value !== 'object') return value as Plain
  if (Array.isArray(value)) return value.map((item: Plain) => sorted(item, depth - 1))
  const keys = Object.keys(value).sort()
  return object(keys.map((key) => [key, sorted((value as Tree)[key]!, depth - 1)] as const))
}
