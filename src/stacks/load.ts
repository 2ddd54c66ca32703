import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { sameText } from './alike.ts'
import type { Ambient } from './ambient.ts'
import type { AtmosConfig } from './config.ts'
import { inContext, type Loading, undated } from './context.ts'
import { type Import, importedFiles, importName, importsOf } from './imports.ts'
import { included } from './include.ts'
import { expandKeys } from './keys.ts'
import { linkedText } from './links.ts'
import { mergeFiles } from './merge.ts'
import { inlineOverrides, isEmpty, NO_OVERRIDES, type Overrides, overOverrides, withOverrides } from './overrides.ts'
import { renderText } from './template.ts'
import { kindOf, type MapValue, mapAt } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

/** A manifest with all that it imports. */
export interface Loaded {
  /** Relative to the tree's root. */
  readonly file: string
  /** The manifest's own text, with `overrides` laid on its components; undefined for an empty one. */
  readonly own: MapValue | undefined
  /** Its imports merged, itself last; undefined where there is nothing in any of them. */
  readonly merged: MapValue | undefined
  /** Every imported manifest's own text, by import name, nested ones included. */
  readonly imports: ReadonlyMap<string, MapValue | undefined>
  /** Every file of the import tree, itself included. */
  readonly files: ReadonlySet<string>
  readonly inline: Overrides
  readonly accumulated: Overrides
}

/** Reads manifests, each file parsed once, each import tree merged once where nothing of an importer reaches into it. */
export interface Loader {
  /** The manifest with its imports, as a top-level one. */
  load(file: string): Loaded
  /** The manifest's own text; undefined for an empty one. */
  parsed(file: string): MapValue | undefined
  /** The same with its load-time templates rendered, as it was loaded last. */
  rendered(file: string): MapValue | undefined
  /** The manifest's own text where it was read before, and alone decides what was read. */
  known(file: string): Text | undefined
}

/** What an importer hands down to an import. */
interface Inherited {
  readonly inline: Overrides
  readonly accumulated: Overrides
  readonly pathContext: MapValue | undefined
  readonly loading: Loading
}

/** @param other a tree read with the same configuration: what is the same there is not read again, and its values are shared */
export function loader(
  tree: Tree,
  config: AtmosConfig,
  ambient: Ambient,
  other?: { readonly tree: Tree; readonly loader: Loader },
): Loader {
  const texts = new Map<string, Text>()
  const trees = new Map<string, Loaded>()
  const templated = new Map<string, boolean>()
  const rendered = new Map<string, MapValue | undefined>()

  const textOf = (file: string): Text => {
    const known = texts.get(file) ?? (other && sameText(tree, other.tree, file) ? other.loader.known(file) : undefined)
    const text = known ?? parse(tree, config, ambient, file)
    texts.set(file, text)
    return text
  }
  const parsed = (file: string): MapValue | undefined => textOf(file).value

  let loads = 0
  const load = (file: string, inherited: Inherited, chain: readonly { file: string; entry: Import }[]): Loaded => {
    const { context, skipTemplates } = inherited.loading
    const free = isEmpty(inherited.inline) && isEmpty(inherited.accumulated) && context === undefined && !skipTemplates
    const kept = free ? trees.get(file) : undefined
    if (kept !== undefined && (inherited.pathContext === undefined || !templated.get(file))) return kept
    loads = chain.length === 0 ? 0 : loads + 1
    refuseTooMany(chain, loads)
    const result = loadTree(file, inherited, chain)
    if (free) trees.set(file, result)
    return result
  }

  const loadTree = (file: string, inherited: Inherited, chain: readonly { file: string; entry: Import }[]): Loaded => {
    const { value, template, included: inclusions } = textOf(file)
    const files = new Set([file, ...inclusions])
    const read = (written: string) => {
      const found = readManifest(written, tree, config, ambient, file)
      for (const path of found.included) files.add(path)
      return found.value
    }
    const { text, context } = inContext({ file, value, template, read }, inherited.loading, { tree, ambient })
    rendered.set(file, text)
    const strategy = config.listMergeStrategy
    const inline = inlineOverrides(text, inherited.inline, strategy)
    let accumulated = inherited.accumulated
    let pathContext = inherited.pathContext
    const layers: MapValue[] = []
    const imports = new Map<string, MapValue | undefined>()
    const entries = text === undefined ? [] : importsOf(text)
    templated.set(file, false)
    for (const entry of entries) {
      if (entry.path.includes('{{')) templated.set(file, true)
      const path = renderedPath(config, entry, pathContext)
      const seen = { inline, accumulated, pathContext, loading: loadingOf(config, entry, context) }
      const children = importedFiles(tree, config, entry, path, file).map((child) => {
        refuseCycle(chain, file, child, entry)
        return load(child, seen, [...chain, { file, entry }])
      })
      for (const child of children) {
        accumulated = overOverrides([accumulated, child.accumulated, child.inline], strategy)
        if (child.merged) layers.push(child.merged)
        for (const [name, own] of child.imports) imports.set(name, own)
        imports.set(importName(config, child.file), child.own)
        for (const below of child.files) files.add(below)
        if (templated.get(child.file)) templated.set(file, true)
        pathContext = pathSections(pathContext, child.merged, config)
      }
    }
    const own = text && withOverrides(text, overOverrides([accumulated, inline], strategy))
    if (own !== undefined && own.entries.size > 0) layers.push(own)
    return { file, own, merged: mergeFiles(layers, strategy), imports, files, inline, accumulated }
  }

  const missing = config.templates.ignoreMissing ? 'no value' : 'error'
  const top: Inherited = {
    inline: NO_OVERRIDES,
    accumulated: NO_OVERRIDES,
    pathContext: undefined,
    loading: { context: undefined, skipTemplates: false, missing },
  }
  return {
    parsed,
    rendered: (file) => (rendered.has(file) ? rendered.get(file) : parsed(file)),
    load: (file) => load(file, top, []),
    known: (file) => (texts.get(file)?.included.length === 0 ? texts.get(file) : undefined),
  }
}

/** A manifest's own text, and the files that it includes. */
interface Text {
  /** Undefined for an empty one, and for a template that is no YAML before it is rendered. */
  readonly value: MapValue | undefined
  /** What is written in a `.tmpl` file. */
  readonly template: string | undefined
  readonly included: readonly string[]
}

function parse(tree: Tree, config: AtmosConfig, ambient: Ambient, file: string): Text {
  const text = linkedText(tree, file)
  if (text === undefined || text === '') return { value: undefined, template: undefined, included: [] }
  if (!file.endsWith('.tmpl')) return { ...readManifest(text, tree, config, ambient, file), template: undefined }
  try {
    return { ...readManifest(text, tree, config, ambient, file), template: text }
  } catch (error) {
    if (error instanceof UserError && hasTemplate(text)) return { value: undefined, template: text, included: [] }
    throw error
  }
}

function readManifest(
  text: string,
  tree: Tree,
  config: AtmosConfig,
  ambient: Ambient,
  file: string,
): Pick<Text, 'value' | 'included'> {
  const read = parseManifest(text, file)
  if (read === undefined) return { value: undefined, included: [] }
  const { value, files } = text.includes('!include')
    ? included(read, file, tree, config, ambient)
    : { value: read, files: [] }
  if (value.kind === 'map')
    return { value: config.keyDelimiter === '' ? value : expandKeys(value, config.keyDelimiter, text), included: files }
  throw new UserError({
    code: 'manifest-invalid',
    message: `${file} holds a ${kindOf(value)}, not sections`,
    at: value.at,
    exit: 2,
  })
}

function hasTemplate(text: string): boolean {
  return text.includes('{{')
}

/** The import's own context lies below what the importer has. */
function loadingOf(config: AtmosConfig, entry: Import, context: MapValue | undefined): Loading {
  const own = entry.context && (undated(entry.context) as MapValue)
  const layers = [own, context].filter((layer) => layer !== undefined)
  return {
    context: mergeFiles(layers, config.listMergeStrategy),
    skipTemplates: entry.skipTemplates,
    missing: entry.ignoreMissingValues || config.templates.ignoreMissing ? 'no value' : 'error',
  }
}

const DEEPEST = 200
const MOST = 5_000

/** Imports of imports that no person wrote, which would never end, or not for a long time. */
function refuseTooMany(chain: readonly { file: string; entry: Import }[], loads: number): void {
  const last = chain.at(-1)
  if (last === undefined || (chain.length <= DEEPEST && loads <= MOST)) return
  const what = loads > MOST ? `more than ${MOST} imports in all` : `imports in imports, more than ${DEEPEST} deep`
  throw new UserError({
    code: 'imports-too-many',
    message: `${chain[0]!.file} has ${what}, the last of them "${last.entry.path}"`,
    fix: 'let fewer files import each other, or import each of them once',
    at: last.entry.at,
    exit: 2,
  })
}

function refuseCycle(
  chain: readonly { file: string; entry: Import }[],
  file: string,
  child: string,
  entry: Import,
): void {
  const way = [...chain.map((step) => step.file), file]
  const start = way.indexOf(child)
  if (start < 0) return
  throw new UserError({
    code: 'import-cycle',
    message: `imports go round in a circle: ${[...way.slice(start), child].join(' → ')}`,
    fix: 'remove one of these imports',
    at: entry.at,
    exit: 2,
  })
}

function renderedPath(config: AtmosConfig, entry: Import, context: MapValue | undefined): string {
  if (!entry.path.includes('{{') || entry.skipTemplates || !config.templates.enabled) return entry.path
  const missing = entry.ignoreMissingValues || config.templates.ignoreMissing ? 'no value' : 'error'
  const data = mergeFiles(
    [context, entry.context].filter((layer) => layer !== undefined),
    config.listMergeStrategy,
  )
  return renderText(entry.path, data ?? mapAt(entry.at), entry.at, missing)
}

/** `settings`, `vars` and `env` of what was imported so far: what the paths of later imports may name. */
function pathSections(
  before: MapValue | undefined,
  merged: MapValue | undefined,
  config: AtmosConfig,
): MapValue | undefined {
  if (merged === undefined || !config.templates.enabled) return before
  const found = ['settings', 'vars', 'env'].flatMap((name) => {
    const value = merged.entries.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  if (found.length === 0) return before
  return mergeFiles([...(before ? [before] : []), mapAt(merged.at, found)], config.listMergeStrategy)
}
