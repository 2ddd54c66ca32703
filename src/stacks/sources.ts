import type { Manifest } from './manifest.ts'
import { type MapValue, mapOf, type Plain, plain, same, type Value, valueAt } from './value.ts'

/** Where the keys of a component's sections come from, as `describe component` prints it. */
export interface Sources {
  readonly sources: { readonly [section: string]: Plain }
  /** Manifests that supply the winning value of some key. */
  readonly deps: readonly string[]
  /** Manifests that supply any value, and the stack file itself. */
  readonly depsAll: readonly string[]
}

interface Origin {
  readonly file: string
  readonly section: string
  readonly value: Value
  readonly kind: 'inline' | 'import'
}

/** Origins of every key of vars, env, settings and backend, the strongest first. */
export function sourcesOf(
  manifest: Manifest,
  type: string,
  component: string,
  chain: readonly string[],
  sections: ReadonlyMap<string, Value>,
): Sources {
  const texts = manifest.loaded
  const imports = [...texts.imports].sort(([a], [b]) => (a < b ? -1 : 1))
  const backendType = String(
    plain(sections.get('backend_type') ?? { kind: 'scalar', value: '', at: { file: '', line: 1, column: 1 } }),
  )
  const deps = new Set<string>()
  const depsAll = new Set<string>([manifest.name])
  const result: Record<string, Plain> = {}
  for (const section of ['vars', 'env', 'settings', 'backend']) {
    const path = section === 'backend' ? [section, backendType] : [section]
    const keys: Record<string, Plain> = {}
    for (const [key, value] of mapOf(sections.get(section))?.entries ?? []) {
      if (section === 'env' && value.kind === 'scalar' && value.value === null) continue
      const origins = originsOf(manifest.name, texts.own, imports, type, [component, ...chain], path, key)
      for (const [index, { file }] of origins.entries()) {
        depsAll.add(file)
        if (index === 0) deps.add(file)
      }
      keys[key] = { name: key, final_value: plain(value), stack_dependencies: origins.map(printed) }
    }
    result[section] = keys
  }
  return { sources: result, deps: [...deps].sort(), depsAll: [...depsAll].sort() }
}

function printed({ file, section, value, kind }: Origin): Plain {
  return { dependency_type: kind, stack_file: file, stack_file_section: section, variable_value: asWritten(value) }
}

/** Component and bases first, each in the stack file and then in its imports; then type and root, of the file, of the imports. */
function originsOf(
  name: string,
  own: MapValue | undefined,
  imports: readonly (readonly [string, MapValue | undefined])[],
  type: string,
  components: readonly string[],
  path: readonly string[],
  key: string,
): Origin[] {
  const found: Origin[] = []
  const [section, inner] = path
  const add = (
    file: string,
    text: MapValue | undefined,
    kind: Origin['kind'],
    at: readonly string[],
    label: readonly string[],
  ): boolean => {
    const whole = mapOf(valueAt(text, [...at, section!]))
    const part = inner === undefined ? whole : mapOf(whole?.entries.get(inner))
    const value = part?.entries.get(key)
    const origin = value && { file, kind, value, section: [...label, ...path].join('.') }
    if (origin && !found.some((other) => equal(other, origin))) found.push(origin)
    return whole !== undefined && part === undefined
  }
  const addImports = (at: readonly string[], label: readonly string[]): void => {
    // Atmos 1.227 looks no further once an import has other backends only.
    for (const [file, text] of imports) if (add(file, text, 'import', at, label)) return
  }
  for (const component of components) {
    const at = ['components', type, component]
    add(name, own, 'inline', at, ['components', type])
    addImports(at, ['components', type])
  }
  add(name, own, 'inline', [type], [type])
  add(name, own, 'inline', [], [])
  addImports([type], [type])
  addImports([], [])
  return found
}

function equal(a: Origin, b: Origin): boolean {
  return a.file === b.file && a.section === b.section && a.kind === b.kind && same(a.value, b.value)
}

/** A value as one file has it: dates are texts, and `!append` shows as the mark that Atmos keeps it by. */
function asWritten(value: Value): Plain {
  if (value.kind === 'scalar') return value.value
  if (value.kind === 'list') {
    const items = value.items.map(asWritten)
    return value.append ? { __atmos_append__: items } : items
  }
  if (value.time !== undefined) return value.time
  return Object.fromEntries([...value.entries].map(([key, item]) => [key, asWritten(item)]))
}
