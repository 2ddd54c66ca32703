/** What a plain scalar means to yaml.v3. */
export type Resolved =
  | { readonly type: 'null'; readonly value: null }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'time'; readonly value: string }
  | { readonly type: 'str'; readonly value: string }

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Resolved] => [word, { type: 'null', value: null }]),
  ...['true', 'True', 'TRUE'].map((word): [string, Resolved] => [word, { type: 'bool', value: true }]),
  ...['false', 'False', 'FALSE'].map((word): [string, Resolved] => [word, { type: 'bool', value: false }]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Resolved] => [word, { type: 'float', value: Number.NaN }]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Resolved] => [
    word,
    { type: 'float', value: Number.POSITIVE_INFINITY },
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Resolved] => [
    word,
    { type: 'float', value: Number.NEGATIVE_INFINITY },
  ]),
])

/** The type and value of a plain scalar without a tag, as yaml.v3 decides it: YAML 1.2's core, with remains of 1.1. */
export function resolve(text: string, timestamps = true): Resolved {
  const first = text.charCodeAt(0)
  const digit = first >= 48 && first <= 57
  if (digit || first === 43 || first === 45)
    return words.get(text) ?? number(text, timestamps) ?? { type: 'str', value: text }
  if (first === 46) return words.get(text) ?? pointFloat(text) ?? { type: 'str', value: text }
  if (text.length <= 5) {
    const word = words.get(text)
    if (word) return word
  }
  return { type: 'str', value: text }
}

/** Whether a plain scalar is a text: quicker than `resolve`, for the many that are. */
export function isText(text: string): boolean {
  const first = text.charCodeAt(0)
  if ((first >= 97 && first <= 122) || first === 95) return text.length > 5 || !words.has(text)
  return resolve(text).type === 'str'
}

function number(text: string, timestamps: boolean): Resolved | undefined {
  if (timestamps) {
    const time = timestamp(text)
    if (time !== undefined) return { type: 'time', value: time }
  }
  const plain = text.includes('_') ? text.replaceAll('_', '') : text
  const int = integer(plain)
  if (int !== undefined) return { type: 'int', value: int }
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) {
    const value = Number(plain)
    if (Number.isFinite(value)) return { type: 'float', value }
  }
  return undefined
}

function pointFloat(text: string): Resolved | undefined {
  if (!/^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?$/.test(text)) return undefined
  const value = Number(text.replaceAll('_', ''))
  return Number.isFinite(value) ? { type: 'float', value } : undefined
}

const minInt64 = -(2n ** 63n)
const maxUint64 = 2n ** 64n - 1n

/** Go's ParseInt with base 0, else ParseUint: decimal, 0x, 0b, 0o, and octal with a leading zero. */
function integer(text: string): number | bigint | undefined {
  const match = /^([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|(0|[1-9][0-9]*))$/.exec(text)
  if (!match) return undefined
  const [, sign, hex, hexDigits, binary, bits, , octal, decimal] = match
  if (decimal !== undefined && decimal.length < 16) return sign === '-' ? 0 - Number(decimal) : Number(decimal)
  const digits = hex ? `0x${hexDigits}` : binary ? `0b${bits}` : octal !== undefined ? `0o${octal}` : (decimal ?? '')
  const size = BigInt(digits)
  if (sign === '-' ? -size < minInt64 : size > (sign === '+' ? maxInt64 : maxUint64)) return undefined
  const value = sign === '-' ? -size : size
  return value >= -maxSafe && value <= maxSafe ? Number(value) : value
}

const maxInt64 = 2n ** 63n - 1n
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)

const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const dateTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)$/

/** A timestamp in RFC 3339, or undefined. */
export function timestamp(text: string): string | undefined {
  if (text.charCodeAt(4) !== 45) return undefined
  const day = date.exec(text)
  if (day) return isDay(day[1], day[2], day[3]) ? `${day[1]}-${pad(day[2])}-${pad(day[3])}T00:00:00Z` : undefined
  const match = dateTime.exec(text)
  if (!match || !isDay(match[1], match[2], match[3])) return undefined
  const [hour, minute, second] = match[4] ? match.slice(4, 7) : match.slice(9, 12)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const zone = match[8] ?? 'Z'
  if (zone !== 'Z' && (Number(zone.slice(1, 3)) > 24 || Number(zone.slice(4)) > 60)) return undefined
  const fraction = (match[7] ?? match[12] ?? '').slice(0, 9).replace(/0+$/, '')
  return `${match[1]}-${pad(match[2])}-${pad(match[3])}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction && `.${fraction}`}${zone === '+00:00' || zone === '-00:00' ? 'Z' : zone}`
}

function pad(part: string | undefined): string {
  return (part ?? '').padStart(2, '0')
}

function isDay(year = '', month = '', day = ''): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (m < 1 || m > 12 || d < 1) return false
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  return d <= (m === 2 ? (leap ? 29 : 28) : m === 4 || m === 6 || m === 9 || m === 11 ? 30 : 31)
}
