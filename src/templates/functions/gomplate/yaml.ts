import { UserError } from '../../../error.ts'
import { asIs, type Encodable, encode, yamlFloat } from '../../../yaml/encode.ts'
import type { MappingNode, Node, ScalarNode } from '../../../yaml/node.ts'
import { parseDocument } from '../../../yaml/parse.ts'
import { type Resolved, resolve, timestamp } from '../../../yaml/resolve.ts'
import { bytesOf, textOfBytes } from '../../bytes.ts'
import { GoError, GoMap, GoNumber, GoSlice, type GoValue } from '../../value.ts'
import { durationText } from '../duration.ts'
import { formattedTime } from '../go-layout.ts'
import { goTime, timeOf } from '../go-time.ts'
import { parsedTime } from '../time-parsing.ts'
import { asText } from './json.ts'
import { textOf } from './values.ts'

/** What gomplate wants a YAML text to be. */
type Shape = 'map[string]interface {}' | '[]interface {}'

/**
 * The first document of a YAML text as gomplate reads it: keys become texts, an empty text is an empty map, or a list of
 * nil.
 * @throws GoError in the words of yaml.v3 where it is something else
 */
export function readYaml(text: string, shape: Shape): GoValue {
  const root = documentOf(text)
  const node = root?.kind === 'alias' ? root.target : root
  if (!node || (node.kind === 'scalar' && typeOf(node).type === 'null'))
    return shape === '[]interface {}' ? new GoSlice([null]) : new GoMap(new Map())
  if (node.kind === 'sequence' && shape === '[]interface {}') return goValueOf(node, new Map())
  if (node.kind === 'mapping' && shape !== '[]interface {}') return mapOf(node, new Map(), true)
  throw mismatch(node, `into ${shape}`)
}

function documentOf(text: string): Node | undefined {
  try {
    return parseDocument(text, 'template').root
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    const line = cause.at?.line
    throw new GoError(`yaml: ${line === undefined ? '' : `line ${line}: `}${cause.message}`)
  }
}

function mismatch(node: Node, into: string): GoError {
  const what = node.kind === 'scalar' ? scalarWords(node) : node.kind === 'sequence' ? '!!seq' : '!!map'
  return unmarshalError(node, `cannot unmarshal ${what} ${into}`)
}

function scalarWords(node: ScalarNode): string {
  const shown = node.value.length > 10 ? `${node.value.slice(0, 7)}...` : node.value
  return `!!${typeOf(node).type} \`${shown}\``
}

function unmarshalError(node: Node, what: string): GoError {
  return new GoError(`yaml: unmarshal errors:\n  line ${node.at.line + 1}: ${what}`)
}

/** A scalar's type by its tag, or by how it is written. */
function typeOf({ tag, value, style }: ScalarNode): Resolved {
  if (tag === '!!str' || tag === '!!binary') return { type: 'str', value }
  if (tag === '!!timestamp') {
    const time = timestamp(value)
    return time === undefined ? { type: 'str', value } : { type: 'time', value: time }
  }
  if (tag === '!!float') {
    const read = resolve(value, false)
    return read.type === 'int' ? { type: 'float', value: Number(read.value) } : read
  }
  if (tag === '!!int' || tag === '!!bool' || tag === '!!null') return resolve(value, false)
  return style === 'plain' ? resolve(value) : { type: 'str', value }
}

function goValueOf(node: Node, built: Map<Node, GoValue>): GoValue {
  if (node.kind === 'alias') return goValueOf(node.target, built)
  const known = built.get(node)
  if (known !== undefined) return known
  const value =
    node.kind === 'scalar'
      ? scalarOf(node)
      : node.kind === 'sequence'
        ? new GoSlice(node.items.map((item) => goValueOf(item, built)))
        : mapOf(node, built, false)
  built.set(node, value)
  return value
}

function scalarOf(node: ScalarNode): GoValue {
  if (node.tag === '!!binary') return textOfBytes(Buffer.from(node.value, 'base64'))
  const { type, value } = typeOf(node)
  switch (type) {
    case 'int':
      return integer(BigInt(value))
    case 'time':
      return goTime(parsedTime('2006-01-02T15:04:05.999999999Z07:00', value))
    default:
      return value
  }
}

function integer(value: bigint): GoValue {
  return value < 2n ** 63n ? value : new GoNumber('uint64', value)
}

/** A map with text keys. At the root a key is as it is written, and nil is none; below, a key is the text of its value. */
function mapOf(node: MappingNode, built: Map<Node, GoValue>, isRoot: boolean): GoMap {
  const entries = new Map<GoValue, GoValue>()
  fill(node, entries, built, isRoot)
  return new GoMap(entries)
}

function fill(node: MappingNode, entries: Map<GoValue, GoValue>, built: Map<Node, GoValue>, isRoot: boolean): void {
  const lines = new Map<string, number>()
  for (const { key, value } of node.pairs) {
    const name = keyOf(key, isRoot)
    if (name === undefined || isMerge(key)) continue
    const first = lines.get(name)
    if (first !== undefined) throw unmarshalError(key, `mapping key "${name}" already defined at line ${first}`)
    lines.set(name, key.at.line + 1)
    if (!entries.has(name)) entries.set(name, goValueOf(value, built))
  }
  for (const { key, value } of node.pairs) if (isMerge(key)) merge(value, entries, built, isRoot)
}

function isMerge(key: Node): boolean {
  return (
    key.kind === 'scalar' && key.value === '<<' && key.style === 'plain' && (key.tag === '' || key.tag === '!!merge')
  )
}

function merge(value: Node, entries: Map<GoValue, GoValue>, built: Map<Node, GoValue>, isRoot: boolean): void {
  for (const source of value.kind === 'sequence' ? value.items : [value]) {
    const map = source.kind === 'alias' ? source.target : source
    if (map.kind !== 'mapping') throw new GoError('yaml: map merge requires map or sequence of maps as the value')
    fill(map, entries, built, isRoot)
  }
}

function keyOf(key: Node, isRoot: boolean): string | undefined {
  const node = key.kind === 'alias' ? key.target : key
  if (node.kind !== 'scalar') throw mismatch(node, 'into string')
  if (!isRoot) return textOf(scalarOf(node))
  return typeOf(node).type === 'null' ? undefined : node.value
}

/** A value as gomplate's toYAML writes it. */
export function writeYaml(value: GoValue): string {
  return encode(encodable(value))
}

function encodable(value: GoValue): Encodable {
  switch (typeof value) {
    case 'string':
      return isSound(value) ? value : asIs(`!!binary ${Buffer.from(bytesOf(value)).toString('base64')}`)
    case 'number':
      return asIs(yamlFloat(value))
    case 'bigint':
    case 'boolean':
      return value
  }
  if (value === null) return null
  if (value instanceof GoNumber) return ofNumber(value)
  if (value instanceof GoSlice) return value.items.map(encodable)
  if (value instanceof GoMap) return new Map([...value.entries].map(([key, item]) => [keyText(key), encodable(item)]))
  const time = timeOf(value)
  if (time) return asIs(formattedTime(time, '2006-01-02T15:04:05.999999999Z07:00'))
  const fields = Object.entries(value.fields ?? {}).map(([key, item]) => [key.toLowerCase(), encodable(item)] as const)
  return asText(value) ?? new Map(fields)
}

function ofNumber({ type, value }: GoNumber): Encodable {
  if (type === 'time.Duration') return durationText(value as bigint)
  return typeof value === 'bigint' ? value : asIs(yamlFloat(value))
}

function keyText(key: GoValue): string | number | boolean | null {
  if (key === null || typeof key === 'string' || typeof key === 'boolean' || typeof key === 'number') return key
  return typeof key === 'bigint' ? Number(key) : textOf(key)
}

/** Whether a text is UTF-8 through and through. */
function isSound(text: string): boolean {
  return !/[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
}
