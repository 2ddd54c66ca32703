import { place, UserError } from '../error.ts'
import { closest } from '../words.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import type { ComponentType } from './instance.ts'
import type { Stacks } from './instances.ts'
import { type Manifest, TYPES } from './manifest.ts'
import { type Asked, canonicalName } from './name.ts'
import { joinPath } from './paths.ts'
import { same } from './value.ts'

/** A component in a stack, found by name and not yet finished. */
export interface Found {
  readonly manifest: Manifest
  readonly type: ComponentType
  readonly merged: Merged
  /** The stack's name; in a lookup by file path, that path. */
  readonly stack: string
  readonly canonical: string
}

/** A `--stack` with a `/` chooses the one manifest whose path ends so, where there is one. */
export function byPath(files: readonly string[], stack: string | undefined): string[] | undefined {
  if (stack === undefined || stack.indexOf('/') <= 0) return undefined
  const found = files.find((file) =>
    ['.yaml', '.yml', '.yaml.tmpl', '.yml.tmpl'].some((ending) => file.endsWith(stack + ending)),
  )
  return found === undefined ? undefined : [found]
}

/** What a component's stack name is made of. */
export function asked(config: AtmosConfig, manifest: Manifest, merged: Merged): Asked {
  return {
    config,
    manifestName: manifest.ownName,
    file: manifest.name,
    data: { kind: 'map', at: merged.body.key ?? merged.body.at, entries: merged.sections },
    vars: merged.sections.get('vars'),
  }
}

/** The one component of a name in a stack. @throws UserError `stack-unknown`, `component-unknown`, `instance-duplicate` */
export function find(stacks: Stacks, component: string, stack: string, wanted?: ComponentType): Found {
  const { config, manifests, ambient } = stacks
  const direct =
    ambient.flags?.stack === stack &&
    stack.indexOf('/') > 0 &&
    manifests.length === 1 &&
    manifests[0]!.file.replace(/\.ya?ml(?:\.tmpl)?$/, '').endsWith(stack)
  for (const type of wanted ? [wanted] : TYPES) {
    const found: Found[] = []
    for (const manifest of manifests) {
      const merged = manifest.component(type, component)
      if (merged === undefined) continue
      const canonical = nameOrNothing(asked(config, manifest, merged))
      if (direct && manifest.name === stack)
        return { manifest, type, merged, stack, canonical: canonical ?? manifest.name }
      if (canonical === stack) found.push({ manifest, type, merged, stack, canonical })
    }
    const [first] = found
    if (first === undefined) continue
    const other = found.find((each) => !sameComponent(each.merged, first.merged))
    if (other !== undefined) throw duplicate(first, other)
    return first
  }
  const byFolder = componentAtPath(stacks, component)
  if (byFolder !== undefined && byFolder !== component) return find(stacks, byFolder, stack, wanted)
  throw unknown(stacks, component, stack, wanted)
}

/** A component given as a path of its folder, from where the process stands; undefined for any other text. */
function componentAtPath({ ambient, config }: Stacks, component: string): string | undefined {
  if (!component.includes('/') && component !== '.' && component !== '..') return undefined
  const base = `${config.components.terraform.folder}/`
  const path = joinPath(ambient.cwd, component)
  return path.startsWith(base) ? path.slice(base.length) : undefined
}

/** A manifest whose name pattern or template fails for a component does not have it, to a lookup. */
export function nameOrNothing(question: Asked): string | undefined {
  const found = nameOrReason(question)
  return typeof found === 'string' ? found : undefined
}

/** Why a component's stack has no name; undefined where it has one. */
export function whyNameless(question: Asked): UserError | undefined {
  const found = nameOrReason(question)
  return typeof found === 'string' ? undefined : found
}

function nameOrReason(question: Asked): string | UserError {
  try {
    return canonicalName(question)
  } catch (error) {
    if (error instanceof UserError && error.code !== 'not-yet') return error
    throw error
  }
}

/** Whether two merged components say the same. */
export function sameComponent(a: Merged, b: Merged): boolean {
  return (
    a === b ||
    (a.sections.size === b.sections.size && [...a.sections].every(([name, value]) => same(value, b.sections.get(name))))
  )
}

/** An error for a component that two manifests define differently for one stack. */
export function duplicate(a: Found, b: Found): UserError {
  const at = b.merged.body.key ?? b.merged.body.at
  return new UserError({
    code: 'instance-duplicate',
    message: `${a.merged.name} in ${a.stack} is defined twice, differently: in ${a.manifest.file} (${place(a.merged.body.key ?? a.merged.body.at)}) and in ${b.manifest.file}`,
    fix: 'keep one of the two, or give the stacks different names',
    at,
    exit: 2,
  })
}

function unknown(stacks: Stacks, component: string, stack: string, wanted?: ComponentType): UserError {
  const types = wanted ? [wanted] : TYPES
  const names = (manifest: Manifest): [string, string][] =>
    types.flatMap((type) =>
      manifest.components(type).flatMap((name): [string, string][] => {
        const found = nameOrNothing(asked(stacks.config, manifest, manifest.component(type, name)!))
        return found === undefined ? [] : [[name, found]]
      }),
    )
  const all = stacks.manifests.flatMap(names)
  const here = all.filter(([, other]) => other === stack).map(([name]) => name)
  if (here.length > 0) return unknownComponent(component, stack, here, all)
  const file = stacks.manifests.find(({ name }) => name === stack)
  const near = (file && names(file)[0]?.[1]) ?? closest(stack, new Set(all.map(([, name]) => name)))
  const nameless = near === undefined ? stacks.nameless()[0] : undefined
  return new UserError({
    code: 'stack-unknown',
    message: `there is no stack ${stack}${nameless ? `; a manifest has no stack name: ${nameless.message}` : ''}`,
    ...(nameless?.at && { at: nameless.at }),
    fix: near ? `did you mean ${near}?` : (nameless?.fix ?? 'list the stacks: airlock describe stacks'),
    exit: 2,
  })
}

function unknownComponent(
  component: string,
  stack: string,
  here: readonly string[],
  all: readonly (readonly [string, string])[],
): UserError {
  const near = closest(component, here)
  const elsewhere = all.filter(([name]) => name === component).map(([, other]) => other)
  const more = elsewhere.length > 3 ? `, and ${elsewhere.length - 3} more` : ''
  const known =
    elsewhere.length > 0
      ? `${component} is in ${elsewhere.slice(0, 3).join(', ')}${more}`
      : `the stack has ${[...here].sort().slice(0, 8).join(', ')}`
  return new UserError({
    code: 'component-unknown',
    message: `there is no component ${component} in the stack ${stack}`,
    fix: near ? `did you mean ${near}?` : known,
    exit: 2,
  })
}
