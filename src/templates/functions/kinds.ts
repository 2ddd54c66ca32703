import { GoMap, GoNumber, GoSlice, type GoValue } from '../value.ts'

const kindsOfNamed: Readonly<Record<string, string>> = {
  'time.Duration': 'int64',
  'time.Month': 'int',
  'time.Weekday': 'int',
  'fs.FileMode': 'uint32',
  byte: 'uint8',
  rune: 'int32',
}

/** What Go's reflection calls a value's kind: `slice`, `map`, `int64`, `ptr`, `struct`; `invalid` for nil. */
export function reflectKind(value: GoValue): string {
  if (value === null) return 'invalid'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float64'
  if (value instanceof GoNumber) return kindsOfNamed[value.type] ?? value.type
  if (value instanceof GoSlice) return /^\[\d/.test(value.type) ? 'array' : 'slice'
  if (value instanceof GoMap) return 'map'
  if (value.type === 'net.IP') return 'slice'
  return value.type.startsWith('*') ? 'ptr' : 'struct'
}
