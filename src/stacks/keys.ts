import { type MapValue, mapAt, type Value } from './value.ts'

/**
 * Keys taken apart at `settings.yaml.key_delimiter`: `a.b: 1` becomes `a: {b: 1}`. Quoted keys stay whole, as do those with
 * an empty part; a key that comes twice by this merges where both are maps, else the later one counts.
 */
export function expandKeys(value: MapValue, delimiter: string, text: string): MapValue {
  return expandMap(value, delimiter, text.split('\n'))
}

function expand(value: Value, delimiter: string, lines: readonly string[]): Value {
  if (value.kind === 'map') return expandMap(value, delimiter, lines)
  return value.kind === 'list' ? { ...value, items: value.items.map((item) => expand(item, delimiter, lines)) } : value
}

function expandMap(value: MapValue, delimiter: string, lines: readonly string[]): MapValue {
  const entries = new Map<string, Value>()
  for (const [key, item] of value.entries) {
    const parts = key.split(delimiter)
    const whole = parts.length === 1 || parts.includes('') || isQuoted(item, lines)
    const [first, ...rest] = whole ? [key] : parts
    put(entries, first!, nested(rest, expand(item, delimiter, lines)))
  }
  return { ...value, entries }
}

function nested([first, ...rest]: readonly string[], value: Value): Value {
  return first === undefined ? value : mapAt(value.at, [[first, nested(rest, value)]])
}

function put(entries: Map<string, Value>, key: string, value: Value): void {
  const existing = entries.get(key)
  if (existing?.kind !== 'map' || value.kind !== 'map') {
    entries.set(key, value)
    return
  }
  const both = new Map(existing.entries)
  for (const [name, item] of value.entries) put(both, name, item)
  entries.set(key, { ...existing, entries: both })
}

function isQuoted({ key }: Value, lines: readonly string[]): boolean {
  const char = key && lines[key.line - 1]?.[key.column - 1]
  return char === '"' || char === "'"
}
