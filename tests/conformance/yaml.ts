import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../src/error.ts'
import { decode } from '../../src/stacks/yaml/decode.ts'
import type { Foreign, Tree } from '../../src/stacks/yaml/tree.ts'
import { asIs, type Encodable, encode, yamlFloat } from '../../src/yaml/encode.ts'
import { formatFloat } from '../../src/yaml/float.ts'
import type { Outcome } from './outcome.ts'

interface DecodeCase {
  readonly id: string
  readonly into?: 'any'
  readonly yaml: string
  readonly value?: unknown
  readonly error?: string
}

interface EncodeCase {
  readonly id: string
  readonly indent?: number
  readonly delims?: readonly [string, string]
  readonly wrap?: number
  readonly value: unknown
  readonly yaml: string
}

/** Runs every case of a folder in the format of `conformance/yaml`; ids are `<file>#<id>`. */
export function runYaml(folder: string): Outcome[] {
  return [
    ...cases<DecodeCase>(folder, 'decode.json').map((it) => ({ ...decodeOutcome(it), id: `decode.json#${it.id}` })),
    ...cases<EncodeCase>(folder, 'encode.json').map((it) => ({ ...encodeOutcome(it), id: `encode.json#${it.id}` })),
  ]
}

function cases<T>(folder: string, file: string): T[] {
  const path = join(folder, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
}

function decodeOutcome({ into, yaml, value, error }: DecodeCase): Omit<Outcome, 'id'> {
  let found: unknown
  try {
    const tree = decode(yaml, 'test.yaml', into ?? 'map', recorded)
    found = tree === undefined ? null : typed(tree)
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    if (error === undefined) return { pass: false, message: `refused: ${thrown.message}` }
    return thrown.at ? { pass: true } : { pass: false, message: `no position: ${thrown.message}` }
  }
  if (error !== undefined) return { pass: false, message: `accepted, but Atmos says: ${error}` }
  const [ours, theirs] = [JSON.stringify(sorted(found)), JSON.stringify(sorted(value))]
  return ours === theirs ? { pass: true } : { pass: false, message: `${ours} instead of ${theirs}` }
}

function encodeOutcome({ value, yaml, ...options }: EncodeCase): Omit<Outcome, 'id'> {
  const found = encode(untyped(value), options)
  return found === yaml
    ? { pass: true }
    : { pass: false, message: `${JSON.stringify(found)} instead of ${JSON.stringify(yaml)}` }
}

/** The data of templates as `encode` takes it. */
function untyped(value: unknown): Encodable {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : asIs(yamlFloat(value))
  if (typeof value !== 'object' || value === null) return value as string | boolean | null
  if (Array.isArray(value)) return value.map(untyped)
  const [[tag, tagged] = []] = Object.entries(value)
  if (tag === '$float') return asIs(yamlFloat(goFloat(tagged)))
  if (tag === '$int' || tag === '$uint') return BigInt(tagged)
  if (tag === '$time') return asIs(tagged)
  if (tag === '$strings') return tagged
  if (tag === '$anymap')
    return new Map((tagged as [string | number | boolean | null, unknown][]).map(([key, item]) => [key, untyped(item)]))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untyped(item)]))
}

function goFloat(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}

/** Values as the recorded answers write them: `{"$int": "1"}`. */
export interface Recorded {
  readonly kind: 'recorded'
  readonly value: unknown
}

export const recorded: Foreign<Recorded> = {
  time: (text) => ({ kind: 'recorded', value: { $time: text } }),
  bytes: (bytes) => ({ kind: 'recorded', value: { $bytes: Buffer.from(bytes).toString('base64') } }),
  include: (text) => ({ kind: 'recorded', value: text }),
  pairs: (pairs) => ({
    kind: 'recorded',
    value: {
      $anymap: pairs.map(({ key, value }) => [
        key.type === 'time' ? { $time: key.value } : number(key.value, key.type === 'float'),
        typed(value),
      ]),
    },
  }),
}

export function typed(tree: Tree<Recorded>): unknown {
  switch (tree.kind) {
    case 'recorded':
      return tree.value
    case 'scalar':
      return number(tree.value, tree.float)
    case 'list': {
      const items = tree.items.map(typed)
      return tree.append ? { __atmos_append__: items } : items
    }
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, value]) => [key, typed(value)]))
  }
}

function number(value: string | boolean | null | number | bigint, float: boolean | undefined): unknown {
  if (typeof value === 'bigint') return value > 2n ** 63n - 1n ? { $uint: String(value) } : { $int: String(value) }
  if (typeof value !== 'number') return value
  return float ? { $float: formatFloat(value) } : { $int: String(value) }
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [
        key,
        key === '$anymap' ? (item as unknown[]).map((pair) => JSON.stringify(sorted(pair))).sort() : sorted(item),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
