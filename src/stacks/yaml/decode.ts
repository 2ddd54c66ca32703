import { type Position, UserError } from '../../error.ts'
import type { ScalarValue } from '../value.ts'
import type { Mark } from './cursor.ts'
import type { AliasNode, MappingNode, Node, ScalarNode, SequenceNode } from './node.ts'
import { parseDocument } from './parse.ts'
import { type Resolved, resolve, timestamp } from './resolve.ts'
import { atmosTags, isCustom } from './tag.ts'

/**
 * What a YAML text comes to: scalars, lists and maps with text keys, plus whatever the caller makes of the things that
 * our values have no words for (`Foreign`).
 */
export type Tree<F> = ScalarValue | ListTree<F> | MapTree<F> | F

interface Written {
  readonly at: Position
  /** Where the key stands that holds this value. */
  readonly key?: Position
}

export interface ListTree<F> extends Written {
  readonly kind: 'list'
  readonly items: readonly Tree<F>[]
  readonly append?: true
}

export interface MapTree<F> extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Tree<F>>
}

/** Makes something of what a text may hold beside JSON's types. */
export interface Foreign<F> {
  /** A timestamp, in RFC 3339. */
  time(text: string, written: Written): F
  /** `!!binary` that is no UTF-8. */
  bytes(bytes: Uint8Array, written: Written): F
  /** A map in which a key is not a text; keys keep their types. */
  pairs(pairs: readonly TypedPair<F>[], written: Written): F
  /** `!include x` and `!include.raw x`, which act while a file is read; `text` is the tag and its arguments. */
  include(text: string, written: Written): F
}

export interface TypedPair<F> {
  readonly key: Key
  readonly at: Position
  readonly value: Tree<F>
}

/** A map's key with its type; `text` is how it is written in the file. */
export type Key = Resolved & { readonly text: string }

/**
 * Decodes the first document of a text as yaml.v3 behind Atmos 1.227 does; undefined for an empty one.
 * @param into `map`: the root is a map whose keys are the texts as written; `any`: the root is like any other value
 * @throws UserError `yaml-invalid`
 */
export function decode<F>(source: string, file: string, into: 'map' | 'any', foreign: Foreign<F>): Tree<F> | undefined {
  const { root, cursor } = parseDocument(source, file)
  if (root === undefined) return undefined
  const place = ({ pos, line, column }: Mark): Position => ({
    file,
    line: line + 1,
    column: 1 + (cursor.wide ? [...cursor.text.slice(pos - column, pos)].length : column),
  })
  const context: Context<F> = { file, place, foreign, open: new Set(), built: new Map() }
  const target = root.kind === 'alias' ? root.target : root
  const ignored = target.kind === 'scalar' && isCustom(target.tag)
  if (into === 'any')
    return ignored
      ? { kind: 'scalar', at: place(target.at), value: target.value }
      : build(context, target, undefined, true)
  if (target.kind === 'mapping') {
    const entries = new Map<string, Tree<F>>()
    fill(context, target, textKeys(context, entries))
    return { kind: 'map', at: place(target.at), entries }
  }
  if (target.kind === 'scalar' && !ignored && scalar(context, target).type === 'null') return undefined
  const found = target.kind === 'sequence' ? 'a list' : `"${target.value.slice(0, 40)}"`
  throw invalid(context, target, `${found} stands for the whole file`, 'a manifest is a map of sections')
}

interface Context<F> {
  readonly file: string
  readonly place: (mark: Mark) => Position
  readonly foreign: Foreign<F>
  /** Nodes that are being built: an alias of one of them is a circle. */
  readonly open: Set<Node>
  /** What anchors came to, for their aliases. */
  readonly built: Map<Node, Tree<F>>
}

function invalid(context: { place: (mark: Mark) => Position }, node: Node, message: string, fix?: string): UserError {
  const at = context.place(node.at)
  return new UserError({ code: 'yaml-invalid', message, at, exit: 2, ...(fix === undefined ? {} : { fix }) })
}

function build<F>(context: Context<F>, node: Node, key: Position | undefined, root = false): Tree<F> {
  if (node.kind === 'alias') return aliased(context, node, key)
  checkTag(context, node, root)
  const at = context.place(node.at)
  const written: Written = key === undefined ? { at } : { at, key }
  if (node.kind === 'scalar') return scalarTree(context, node, written)
  if (context.open.has(node)) throw invalid(context, node, 'this value holds an alias of itself')
  context.open.add(node)
  const tree = node.kind === 'sequence' ? list(context, node, written, root) : map(context, node, written)
  context.open.delete(node)
  return tree
}

function aliased<F>(context: Context<F>, { target, name, at }: AliasNode, key: Position | undefined): Tree<F> {
  if (context.open.has(target)) {
    const fix = 'an alias cannot stand inside the value it repeats'
    throw new UserError({ code: 'yaml-invalid', message: `*${name} holds itself`, at: context.place(at), exit: 2, fix })
  }
  const known = context.built.get(target)
  const tree = known ?? build(context, target, key)
  if (!known) context.built.set(target, tree)
  return known && key !== undefined && typeof known === 'object' ? { ...known, key } : tree
}

function checkTag<F>(context: Context<F>, node: Exclude<Node, AliasNode>, root: boolean): void {
  if (root || !isCustom(node.tag) || atmosTags.has(node.tag.slice(1))) return
  const list = [...atmosTags].map((tag) => `!${tag}`).join(', ')
  throw invalid(
    context,
    node,
    `the tag ${node.tag} is not one of Atmos'`,
    `quote the value if it is a text, or use one of ${list}`,
  )
}

function list<F>(context: Context<F>, node: SequenceNode, written: Written, root: boolean): Tree<F> {
  const items = node.items.map((item) => build(context, item, undefined))
  return node.tag === '!append' && !root
    ? { kind: 'list', ...written, items, append: true }
    : { kind: 'list', ...written, items }
}

function scalarTree<F>(context: Context<F>, node: ScalarNode, written: Written): Tree<F> {
  if (node.tag === '!include' || node.tag === '!include.raw') return context.foreign.include(customText(node), written)
  if (node.tag === '!!binary') return binary(context, node, written)
  const resolved = scalar(context, node)
  if (resolved.type === 'time') return context.foreign.time(resolved.value, written)
  if (resolved.type === 'float') return { kind: 'scalar', ...written, value: resolved.value, float: true }
  return { kind: 'scalar', ...written, value: resolved.value }
}

/** The text that a tag of Atmos becomes: `!env NAME`. */
function customText({ tag, value }: ScalarNode): string {
  return `${tag} ${value.trim()}`.trim()
}

/** The type and value of a scalar, by its tag or else by how it is written. */
function scalar<F>(context: Context<F>, node: ScalarNode): Resolved {
  const { tag, value, style } = node
  const quoted = style !== 'plain'
  switch (tag) {
    case '':
    case '!':
    case '!literal':
    case '!append':
      return quoted ? { type: 'str', value } : resolve(value)
    case '!!str':
      return { type: 'str', value }
    case '!!int':
    case '!!float':
    case '!!bool':
    case '!!null':
    case '!!timestamp':
      return tagged(context, node)
    default:
      return { type: 'str', value: isCustom(tag) ? customText(node) : value }
  }
}

function tagged<F>(context: Context<F>, node: ScalarNode): Resolved {
  const wanted = node.tag.slice(2)
  const time = wanted === 'timestamp' ? timestamp(node.value) : undefined
  if (time !== undefined) return { type: 'time', value: time }
  const resolved = resolve(node.value, false)
  if (resolved.type === wanted) return resolved
  if (resolved.type === 'int' && wanted === 'float') return { type: 'float', value: Number(resolved.value) }
  throw invalid(
    context,
    node,
    `"${node.value}" is not of the type ${node.tag}`,
    'remove the tag, or write a value of that type',
  )
}

function binary<F>(context: Context<F>, node: ScalarNode, written: Written): Tree<F> {
  const bytes = base64(context, node)
  const text = utf8(bytes)
  return text === undefined ? context.foreign.bytes(bytes, written) : { kind: 'scalar', ...written, value: text }
}

function base64<F>(context: Context<F>, node: ScalarNode): Uint8Array {
  const text = node.value.replace(/[\r\n]/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw invalid(context, node, 'this is no base64, which !!binary asks for')
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Where the pairs of a map go: `put` says whether the key counts. */
interface Target<F> {
  /** Names a key so that equal keys have equal names; undefined for a key that is left out. */
  name(key: Node): string | undefined
  put(key: Node, name: string, value: Tree<F>): void
}

function map<F>(context: Context<F>, node: MappingNode, written: Written): Tree<F> {
  if (node.pairs.every(({ key }) => isTextKey(context, key))) {
    const entries = new Map<string, Tree<F>>()
    fill(context, node, textKeys(context, entries))
    return { kind: 'map', ...written, entries }
  }
  const pairs = new Map<string, TypedPair<F>>()
  fill(context, node, {
    name: (key) => typedName(typedKey(context, key)),
    put: (key, name, value) => pairs.set(name, { key: typedKey(context, key), at: context.place(key.at), value }),
  })
  return context.foreign.pairs([...pairs.values()], written)
}

function textKeys<F>(context: Context<F>, entries: Map<string, Tree<F>>): Target<F> {
  return {
    name: (key) => {
      const { type, text } = typedKey(context, key)
      return type === 'null' ? undefined : `str:${text}`
    },
    put: (_, name, value) => entries.set(name.slice(4), value),
  }
}

function isTextKey<F>(context: Context<F>, key: Node): boolean {
  if (isMergeKey(key)) return true
  const node = key.kind === 'alias' ? key.target : key
  return node.kind === 'scalar' && node.tag !== '!!binary' && scalar(context, node).type === 'str'
}

function isMergeKey(key: Node): boolean {
  return (
    key.kind === 'scalar' &&
    key.value === '<<' &&
    (key.tag === '!!merge' || ((key.tag === '' || key.tag === '!') && key.style === 'plain'))
  )
}

function typedName(key: Key): string {
  return `${key.type}:${key.value}`
}

function typedKey<F>(context: Context<F>, key: Node): Key {
  const node = key.kind === 'alias' ? key.target : key
  if (node.kind !== 'scalar') {
    const template = node.kind === 'mapping' && node.flow
    throw invalid(
      context,
      node,
      `a ${node.kind === 'mapping' ? 'map' : 'list'} cannot be a key`,
      template ? 'if this is a template, quote it: "{{ … }}"' : 'use a text as the key',
    )
  }
  checkTag(context, node, false)
  if (node.tag === '!!binary') {
    const text = utf8(base64(context, node)) ?? node.value
    return { type: 'str', value: text, text }
  }
  const resolved = scalar(context, node)
  return { ...resolved, text: resolved.type === 'str' ? resolved.value : node.value }
}

/**
 * Puts a map's pairs into a target, then what `<<` adds. `settled` holds the names that an outer map of a merge has
 * already: explicit keys win wherever `<<` stands, and the first of several merged maps wins.
 */
function fill<F>(context: Context<F>, node: MappingNode, target: Target<F>, settled?: Set<string>): void {
  checkUnique(context, node)
  let merge: Node | undefined
  for (const { key, value } of node.pairs) {
    if (isMergeKey(key)) {
      merge = value
      continue
    }
    const name = target.name(key)
    if (name !== undefined && settled) {
      if (settled.has(name)) continue
      settled.add(name)
    }
    const tree = build(context, value, context.place(key.at))
    if (name !== undefined) target.put(key, name, tree)
  }
  if (merge) mergeInto(context, node, merge, target, settled)
}

function mergeInto<F>(
  context: Context<F>,
  node: MappingNode,
  merge: Node,
  target: Target<F>,
  settled?: Set<string>,
): void {
  const own = node.pairs.filter(({ key }) => !isMergeKey(key)).map(({ key }) => typedName(typedKey(context, key)))
  const names = settled ?? new Set(own)
  const sources = merge.kind === 'sequence' ? merge.items : [merge]
  for (const source of sources) {
    const map = source.kind === 'alias' ? source.target : source
    if (map.kind !== 'mapping')
      throw invalid(context, source, '<< merges only maps', 'give it an alias of a map, or a list of them')
    if (context.open.has(map)) throw invalid(context, source, 'this map merges itself')
    context.open.add(map)
    fill(context, map, target, names)
    context.open.delete(map)
  }
}

function checkUnique<F>(context: Context<F>, { pairs }: MappingNode): void {
  const seen = new Map<string, Node>()
  for (const { key } of pairs) {
    const name = key.kind === 'scalar' ? `=${key.value}` : key.kind === 'alias' ? `*${key.name}` : key.kind
    const first = seen.get(name)
    if (first) {
      const text = key.kind === 'scalar' ? `"${key.value}"` : `of this ${key.kind}`
      const at = context.place(first.at)
      throw invalid(context, key, `the key ${text} is already in line ${at.line}`, 'keep one of the two')
    }
    seen.set(name, key)
  }
}
