import type { Position } from '../../error.ts'
import type { Mark } from '../../yaml/cursor.ts'
import type { AliasNode, MappingNode, Node, Pair, ScalarNode, SequenceNode } from '../../yaml/node.ts'
import { parseDocument } from '../../yaml/parse.ts'
import { refuseBomb, refuseSize } from './limits.ts'
import { isCustom } from './tag.ts'
import type { Foreign, Tree, TypedPair, Written } from './tree.ts'
import {
  base64,
  checkTag,
  customText,
  isMergeKey,
  type Place,
  refused,
  scalarType,
  textKey,
  typedKey,
  utf8,
} from './typed.ts'

interface Context<F> {
  readonly place: Place
  readonly foreign: Foreign<F>
  /** What anchors came to, for their aliases. */
  readonly built: Map<Node, Tree<F>>
}

/**
 * Decodes the first document of a text as yaml.v3 behind Atmos 1.227 does; undefined for an empty one.
 * @param into `map`: the root is a map whose keys are the texts as written; `any`: the root is like any other value
 * @throws UserError `yaml-invalid`
 */
export function decode<F>(source: string, file: string, into: 'map' | 'any', foreign: Foreign<F>): Tree<F> | undefined {
  refuseSize(source, file)
  const { root, cursor } = parseDocument(source, file)
  if (root === undefined) return undefined
  const place = ({ pos, line, column }: Mark): Position => ({
    file,
    line: line + 1,
    column: 1 + (cursor.wide ? [...cursor.text.slice(pos - column, pos)].length : column),
  })
  refuseBomb(root, place)
  const context: Context<F> = { place, foreign, built: new Map() }
  const node = root.kind === 'alias' ? root.target : root
  // Atmos does not look at a tag of the root
  const custom = node.kind === 'scalar' && isCustom(node.tag)
  const bare = node.kind === 'sequence' && isCustom(node.tag) ? { ...node, tag: '' } : node
  if (into === 'any') return custom ? { kind: 'scalar', at: place(node.at), value: node.value } : content(context, bare)
  if (node.kind === 'mapping') return rootMap(context, node)
  if (node.kind === 'scalar' && !custom && scalarType(place, node).type === 'null') return undefined
  const found = node.kind === 'sequence' ? 'a list' : `"${node.value.slice(0, 40)}"`
  throw refused(place, node, `${found} stands for the whole file`, 'a manifest is a map of sections')
}

/** A map whose keys are the texts as written, whatever their types; a null key is left out. */
function rootMap<F>(context: Context<F>, node: MappingNode): Tree<F> {
  const entries = new Map<string, Tree<F>>()
  fill(context, node, textTarget(context, entries))
  return { kind: 'map', at: context.place(node.at), entries }
}

function build<F>(context: Context<F>, node: Node, key?: Position): Tree<F> {
  if (node.kind === 'alias') return aliased(context, node, key)
  if (node.tag !== '') checkTag(context.place, node)
  return content(context, node, key)
}

function content<F>(context: Context<F>, node: Exclude<Node, AliasNode>, key?: Position): Tree<F> {
  const at = context.place(node.at)
  switch (node.kind) {
    case 'scalar':
      return scalar(context, node, at, key)
    case 'sequence':
      return list(context, node, at, key)
    case 'mapping':
      return map(context, node, at, key)
  }
}

/** Values are shared between an anchor and its aliases, but for the key that holds them. */
function aliased<F>(context: Context<F>, { target }: AliasNode, key?: Position): Tree<F> {
  const known = context.built.get(target)
  if (known !== undefined) return typeof known === 'object' ? { ...known, key } : known
  const tree = build(context, target, key)
  context.built.set(target, tree)
  return tree
}

function list<F>(context: Context<F>, node: SequenceNode, at: Position, key: Position | undefined): Tree<F> {
  const items = node.items.map((item) => build(context, item))
  return node.tag === '!append' ? { kind: 'list', at, key, items, append: true } : { kind: 'list', at, key, items }
}

function scalar<F>(context: Context<F>, node: ScalarNode, at: Position, key: Position | undefined): Tree<F> {
  const { foreign, place } = context
  if (node.tag === '!include' || node.tag === '!include.raw') return foreign.include(customText(node), { at, key })
  if (node.tag === '!!binary') return binary(foreign, base64(place, node), { at, key })
  const { type, value } = scalarType(place, node)
  if (type === 'time') return foreign.time(value, { at, key })
  return type === 'float' ? { kind: 'scalar', at, key, value, float: true } : { kind: 'scalar', at, key, value }
}

function binary<F>(foreign: Foreign<F>, bytes: Uint8Array, written: Written): Tree<F> {
  const value = utf8(bytes)
  return value === undefined ? foreign.bytes(bytes, written) : { kind: 'scalar', ...written, value }
}

function map<F>(context: Context<F>, node: MappingNode, at: Position, key: Position | undefined): Tree<F> {
  const entries = new Map<string, Tree<F>>()
  const { pairs } = node
  let merges = false
  for (const pair of pairs)
    if (isMergeKey(pair.key)) merges = true
    else if (textKey(context.place, pair.key) === undefined) return typedMap(context, node, { at, key })
  if (merges) fill(context, node, textTarget(context, entries))
  else {
    checkUnique(context, pairs)
    for (const pair of pairs)
      entries.set(textKey(context.place, pair.key) ?? '', build(context, pair.value, context.place(pair.key.at)))
  }
  return { kind: 'map', at, key, entries }
}

function typedMap<F>(context: Context<F>, node: MappingNode, written: Written): Tree<F> {
  const pairs = new Map<string, TypedPair<F>>()
  fill(context, node, {
    name: (key) => keyName(context, key),
    put: (key, name, value) => pairs.set(name, { key: typedKey(context.place, key), at: context.place(key.at), value }),
  })
  return context.foreign.pairs([...pairs.values()], written)
}

/** Where the pairs of a map go. */
interface Target<F> {
  /** Names a key so that equal keys have equal names; undefined for a key that is left out. */
  name(key: Node): string | undefined
  put(key: Node, name: string, value: Tree<F>): void
}

function textTarget<F>(context: Context<F>, entries: Map<string, Tree<F>>): Target<F> {
  return {
    name: (key) => {
      const own = textKey(context.place, key)
      if (own !== undefined) return `str:${own}`
      const { type, text } = typedKey(context.place, key)
      return type === 'null' ? undefined : `str:${text}`
    },
    put: (_, name, value) => entries.set(name.slice(4), value),
  }
}

/** Names a key by its type and value. */
function keyName<F>(context: Context<F>, key: Node): string {
  const text = textKey(context.place, key)
  if (text !== undefined) return `str:${text}`
  const { type, value } = typedKey(context.place, key)
  return `${type}:${value}`
}

/**
 * Puts a map's pairs into a target, then what `<<` adds. `settled` holds the names that an outer map of a merge has
 * already: explicit keys win wherever `<<` stands, and the first of several merged maps wins.
 */
function fill<F>(context: Context<F>, node: MappingNode, target: Target<F>, settled?: Set<string>): void {
  checkUnique(context, node.pairs)
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
  if (merge) mergeInto(context, merge, target, settled ?? ownNames(context, node))
}

function ownNames<F>(context: Context<F>, { pairs }: MappingNode): Set<string> {
  return new Set(pairs.filter(({ key }) => !isMergeKey(key)).map(({ key }) => keyName(context, key)))
}

function mergeInto<F>(context: Context<F>, merge: Node, target: Target<F>, settled: Set<string>): void {
  for (const source of merge.kind === 'sequence' ? merge.items : [merge]) {
    const map = source.kind === 'alias' ? source.target : source
    if (map.kind !== 'mapping')
      throw refused(context.place, source, '<< merges only maps', 'give it an alias of a map, or a list of them')
    fill(context, map, target, settled)
  }
}

function checkUnique<F>(context: Context<F>, pairs: readonly Pair[]): void {
  if (pairs.length < 2) return
  const seen = new Set<string>()
  for (const { key } of pairs) seen.add(identity(key))
  if (seen.size === pairs.length) return
  const twin = pairs.find(({ key }, index) =>
    pairs.slice(0, index).some((other) => identity(other.key) === identity(key)),
  )
  const first = pairs.find(({ key }) => twin && identity(key) === identity(twin.key))
  if (!twin || !first) return
  const name = twin.key.kind === 'scalar' ? `"${twin.key.value}"` : `of this ${twin.key.kind}`
  const line = context.place(first.key.at).line
  throw refused(context.place, twin.key, `the key ${name} is already in line ${line}`, 'keep one of the two')
}

/** Keys are the same to yaml.v3 when they are written with the same text, whatever their types. */
function identity(key: Node): string {
  return key.kind === 'scalar' ? key.value : key.kind === 'alias' ? `\0*${key.name}` : `\0${key.kind}`
}
