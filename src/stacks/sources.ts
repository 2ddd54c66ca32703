import type { Manifest } from './manifest.ts'
import { joinPath } from './paths.ts'
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
  return { dependency_type: kind, stack_file: file, stack_file_section: section, variable_value: plain(value) }
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
  const add = (
    file: string,
    text: MapValue | undefined,
    kind: Origin['kind'],
    at: readonly string[],
    label: readonly string[],
  ): void => {
    const value = mapOf(valueAt(text, at))?.entries.get(key)
    if (value === undefined) return
    const origin: Origin = { file, kind, value, section: [...label, ...path].join('.') }
    if (
      !found.some(
        (other) =>
          other.file === file && other.section === origin.section && other.kind === kind && same(other.value, value),
      )
    )
      found.push(origin)
  }
  for (const component of components) {
    const at = ['components', type, component, ...path]
    add(name, own, 'inline', at, ['components', type])
    for (const [file, text] of imports) add(file, text, 'import', at, ['components', type])
  }
  add(name, own, 'inline', [type, ...path], [type])
  add(name, own, 'inline', path, [])
  for (const [file, text] of imports) add(file, text, 'import', [type, ...path], [type])
  for (const [file, text] of imports) add(file, text, 'import', path, [])
  return found
}

/** The component folder as `describe component` prints it: absolute. */
export function componentPath(root: string, folder: string, component: string): string {
  return joinPath(root, folder, component)
}
