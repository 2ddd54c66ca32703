import { type Position, UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { closest } from '../words.ts'
import type { Ambient } from './ambient.ts'
import type { AtmosConfig } from './config.ts'
import { wordsOf } from './functions.ts'
import { hclValues } from './hcl-values.ts'
import { linkedText } from './links.ts'
import { belowRoot, folderOf, joinPath } from './paths.ts'
import { asValue, type Plain, plain, type ScalarValue, scalarAt, type Value, valueAt } from './value.ts'
import { parseValue } from './yaml/manifest.ts'
import { evaluateYq } from './yq.ts'

/** A value with its `!include`s read, and the files that they named. */
export interface Included {
  readonly value: Value
  readonly files: readonly string[]
}

/**
 * Puts the content of files in the place of `!include` and `!include.raw`, which act while a manifest is read.
 * @throws UserError `include-invalid`, `include-not-found`; `not-yet` for kinds of files and expressions that are not read yet
 */
export function included(value: Value, manifest: string, tree: Tree, config: AtmosConfig, ambient: Ambient): Included {
  const files: string[] = []
  const visit = (item: Value): Value => {
    if (item.kind === 'scalar') return item.include ? read(item) : item
    if (item.kind === 'list') return { ...item, items: item.items.map(visit) }
    return { ...item, entries: new Map([...item.entries].map(([key, inner]) => [key, visit(inner)])) }
  }
  const read = (item: ScalarValue): Value => {
    const [tag, path, query, ...rest] = wordsOf(String(item.value))
    if (path === undefined || rest.length > 0)
      throw invalid(`${item.value} needs a file and perhaps an expression`, item.at)
    const file = found(path, manifest, tree, config, ambient, item.at)
    files.push(file)
    const text = linkedText(tree, file) ?? ''
    const content = tag === '!include.raw' ? scalarAt(item.at, text) : parsed(file, text, item.at)
    const answer = query === undefined ? content : queried(content, query, item.at)
    return item.key ? { ...answer, key: item.key } : answer
  }
  return { value: visit(value), files }
}

function found(
  path: string,
  manifest: string,
  tree: Tree,
  config: AtmosConfig,
  ambient: Ambient,
  at: Position,
): string {
  if (/^[a-z0-9]+:\/\//i.test(path))
    throw new UserError({
      code: 'import-remote',
      message: `!include of ${path}: Airlock downloads nothing`,
      fix: 'keep the file in the repository',
      at,
      exit: 2,
    })
  const near = path.startsWith('./') || path.startsWith('../')
  const tries = path.startsWith('/')
    ? [belowRoot(tree.root, path) ?? path]
    : near
      ? [joinPath(folderOf(manifest), path)]
      : [joinPath(ambient.cwd, path), joinPath(config.folder, path)]
  const file = tries.find((each) => tree.files.has(each))
  if (file !== undefined) return file
  const guess = closest(tries[0]!, tree.files.keys())
  throw new UserError({
    code: 'include-not-found',
    message: `!include ${path} names no file`,
    fix: guess ? `did you mean ${guess}?` : 'create it, or correct the path',
    at,
    exit: 2,
  })
}

/** Content by the file's ending; anything unknown is text. */
function parsed(file: string, text: string, at: Position): Value {
  const name = file.toLowerCase()
  if (name.endsWith('.json')) return fromJson(file, text, at)
  if (/\.ya?ml$/.test(name)) return parseYaml(file, text, at)
  if (/\.(?:hcl|tf|tfvars)$/.test(name)) return fromHcl(file, text, at)
  if (/(?:^|\/)\.env(?:\..*)?$/.test(name))
    throw new UserError({
      code: 'not-yet',
      message: `!include of ${file}: this kind of file is not read yet`,
      fix: 'include JSON, YAML or HCL',
      at,
      exit: 2,
    })
  return scalarAt(at, text)
}

function fromHcl(file: string, text: string, at: Position): Value {
  const found = hclValues(text)
  if ('values' in found) return asValue(found.values, at)
  const { message, line, column } = found.problem
  throw invalid(`${file} has no values to include: ${message}`, { file, line, column })
}

function fromJson(file: string, text: string, at: Position): Value {
  try {
    return asValue(JSON.parse(text) as Plain, at)
  } catch (cause) {
    throw invalid(`${file} is no JSON: ${cause instanceof Error ? cause.message : cause}`, at)
  }
}

/** Tags in an included file are dropped, and only their arguments stay; a quoted text that looks like one is kept. */
function parseYaml(file: string, text: string, at: Position): Value {
  const value = parseValue(text, file)
  if (value === undefined) return scalarAt(at, null)
  const lines = text.split('\n')
  const visit = (item: Value): Value => {
    if (item.kind === 'list') return { ...item, items: item.items.map(visit) }
    if (item.kind === 'map')
      return { ...item, entries: new Map([...item.entries].map(([key, inner]) => [key, visit(inner)])) }
    const tagged = typeof item.value === 'string' && item.value.startsWith('!') && isTagged(lines, item.at)
    return tagged ? scalarAt(item.at, String(item.value).replace(/^!\S+\s*/, '')) : item
  }
  return visit(value)
}

function isTagged(lines: readonly string[], { line, column }: Position): boolean {
  const here = lines[line - 1]?.[column - 1]
  return here === '!' || (here !== '"' && here !== "'")
}

/** What an expression of yq's language finds in the content. */
function queried(content: Value, query: string, at: Position): Value {
  if (query === '.') return content
  const path = /^(?:\.[A-Za-z_][\w-]*|\.?\[\d+\]|\.?\["[^"]+"\])+$/.test(query)
    ? [...query.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\["([^"]+)"\]/g)]
    : undefined
  // A plain path keeps the places of what it finds.
  if (path !== undefined)
    return (
      valueAt(
        content,
        path.map(([, name, index, quoted]) => name ?? index ?? quoted!),
      ) ?? scalarAt(at, null)
    )
  const found = evaluateYq(query, plain(content))
  if (found.kind === 'value') return asValue(found.value as Plain, at)
  throw invalid(`the expression ${query}: ${found.kind === 'wrong' ? found.why : 'not known'}`, at)
}

function invalid(message: string, at: Position): UserError {
  return new UserError({ code: 'include-invalid', message, at, exit: 2 })
}
