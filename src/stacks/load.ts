import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import type { AtmosConfig } from './config.ts'
import { type Import, importedFiles, importName, importsOf } from './imports.ts'
import { included } from './include.ts'
import { expandKeys } from './keys.ts'
import { mergeFiles } from './merge.ts'
import { inlineOverrides, isEmpty, NO_OVERRIDES, type Overrides, overOverrides, withOverrides } from './overrides.ts'
import { fieldsOnly, hasTemplate, renderText } from './template.ts'
import { kindOf, type MapValue, mapAt, mapOf } from './value.ts'
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
}

/** What an importer hands down to an import. */
interface Inherited {
  readonly inline: Overrides
  readonly accumulated: Overrides
  readonly pathContext: MapValue | undefined
  readonly skipTemplates: boolean
}

const TOP: Inherited = { inline: NO_OVERRIDES, accumulated: NO_OVERRIDES, pathContext: undefined, skipTemplates: false }

export function loader(tree: Tree, config: AtmosConfig, ambient: Ambient): Loader {
  const texts = new Map<string, Text>()
  const trees = new Map<string, Loaded>()
  const templated = new Map<string, boolean>()

  const textOf = (file: string): Text => {
    const text = texts.get(file) ?? parse(tree, config, ambient, file)
    texts.set(file, text)
    return text
  }
  const parsed = (file: string): MapValue | undefined => textOf(file).value

  const load = (file: string, inherited: Inherited, chain: readonly { file: string; entry: Import }[]): Loaded => {
    const free = isEmpty(inherited.inline) && isEmpty(inherited.accumulated)
    const kept = free ? trees.get(file) : undefined
    if (kept !== undefined && (inherited.pathContext === undefined || !templated.get(file))) return kept
    const result = loadTree(file, inherited, chain)
    if (free) trees.set(file, result)
    return result
  }

  const loadTree = (file: string, inherited: Inherited, chain: readonly { file: string; entry: Import }[]): Loaded => {
    const { value: text, included: inclusions } = textOf(file)
    if (text !== undefined && !inherited.skipTemplates) refuseLocals(text)
    const strategy = config.listMergeStrategy
    const inline = inlineOverrides(text, inherited.inline, strategy)
    let accumulated = inherited.accumulated
    let pathContext = inherited.pathContext
    const layers: MapValue[] = []
    const imports = new Map<string, MapValue | undefined>()
    const files = new Set([file, ...inclusions])
    const entries = text === undefined ? [] : importsOf(text)
    templated.set(file, false)
    for (const entry of entries) {
      if (entry.path.includes('{{')) templated.set(file, true)
      refuseContext(entry)
      const path = renderedPath(config, entry, pathContext)
      const seen = { inline, accumulated, pathContext, skipTemplates: entry.skipTemplates }
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

  return { parsed, load: (file) => load(file, TOP, []) }
}

/** A manifest's own text, and the files that it includes. */
interface Text {
  readonly value: MapValue | undefined
  readonly included: readonly string[]
}

function parse(tree: Tree, config: AtmosConfig, ambient: Ambient, file: string): Text {
  const text = tree.text(file)
  if (text === undefined || text === '') return { value: undefined, included: [] }
  if (file.endsWith('.tmpl')) refuseTemplateFile(text, file)
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

/** Without any context every field is missing, and Atmos 1.227 then leaves the whole file as it is written. */
function refuseTemplateFile(text: string, file: string): void {
  const at = hasTemplate(text)
  if (at === undefined || fieldsOnly(text)) return
  throw new UserError({
    code: 'not-yet',
    message: `${file} is a template, and Airlock does not run templates with functions yet`,
    at: { file, ...at },
    exit: 2,
  })
}

function refuseLocals(text: MapValue): void {
  const scopes = ['terraform', 'helmfile', 'packer'].map((type) => mapOf(text.entries.get(type))?.entries.get('locals'))
  const locals = text.entries.get('locals') ?? scopes.find((value) => value !== undefined)
  if (locals === undefined) return
  throw new UserError({
    code: 'not-yet',
    message: 'locals are not there yet',
    fix: 'write the values out, or wait for a later version',
    at: locals.at,
    exit: 2,
  })
}

function refuseContext({ context }: Import): void {
  if (context === undefined || context.entries.size === 0) return
  throw new UserError({ code: 'not-yet', message: 'imports with a context are not there yet', at: context.at, exit: 2 })
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
  return renderText(entry.path, context ?? mapAt(entry.at), entry.at, missing)
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
