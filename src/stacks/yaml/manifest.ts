import { UserError } from '../../error.ts'
import { formatFloat } from '../../yaml/float.ts'
import type { MapValue, Value } from '../value.ts'
import { decode } from './decode.ts'
import type { Foreign, TypedPair } from './tree.ts'
import type { Key } from './typed.ts'

/**
 * What Atmos' stack processor sees of a manifest: the first document, undefined where that is empty. Tags of Atmos are
 * texts (`!env NAME`), `!append` marks its list, `!include` marks its text (`ScalarValue.include`). A timestamp is an
 * empty map, as it comes out of Atmos 1.227.
 * @param file the path, relative to the repository's root, that positions name
 * @throws UserError `yaml-invalid`
 */
export function parseManifest(text: string, file: string): Value | undefined {
  return decode(text, file, 'map', manifestForeign)
}

/** A text that holds one YAML value of any kind: what Atmos makes of a text that a function gave. */
export function parseValue(text: string, file: string): Value | undefined {
  return decode(text, file, 'any', manifestForeign)
}

const manifestForeign: Foreign<Value> = {
  time: (text, written) => ({ kind: 'map', ...written, entries: new Map(), time: text }),
  bytes: (bytes, written) => ({ kind: 'scalar', ...written, value: new TextDecoder().decode(bytes) }),
  include: (text, written) => ({ kind: 'scalar', ...written, value: text, include: true }),
  pairs: (pairs, written) => ({ kind: 'map', ...written, entries: stringKeys(pairs) }),
}

/** Keys as texts, as Atmos makes them when it merges; keys that become equal are an error, unless both hold maps. */
function stringKeys(pairs: readonly TypedPair<Value>[]): ReadonlyMap<string, Value> {
  const entries = new Map<string, Value>()
  for (const { key, at, value } of pairs) {
    const name = keyText(key)
    const other = entries.get(name)
    if (other === undefined) entries.set(name, value)
    else if (other.kind === 'map' && value.kind === 'map') entries.set(name, union(other, value))
    else
      throw new UserError({
        code: 'yaml-invalid',
        message: `the key ${key.text} is the same as another key of this map once both are texts: "${name}"`,
        at,
        fix: 'keep one of the two',
        exit: 2,
      })
  }
  return entries
}

function union(first: MapValue, second: MapValue): MapValue {
  return { ...first, entries: new Map([...first.entries, ...second.entries]) }
}

/** A key as Go prints it. */
function keyText(key: Key): string {
  if (key.type === 'float') return formatFloat(key.value)
  if (key.type === 'null') return '<nil>'
  if (key.type === 'time') return `${key.value.slice(0, 10)} ${key.value.slice(11, -1)} +0000 UTC`
  return String(key.value)
}
