import { bytesOf, textOfBytes } from './bytes.ts'
import { floatText } from './float.ts'
import {
  type Format,
  field,
  hexBytes,
  integerText,
  PLAIN,
  printedFloat,
  quotedIn,
  truncated,
  unicodeText,
} from './format.ts'
import { namedNumberText } from './functions/go-time.ts'
import { characterOf, quotedCharacter } from './quote.ts'
import { elementType, floatOf, integerOf, kindOf, sortedEntries, typeOf } from './types.ts'
import { GoError, type GoMap, GoNumber, type GoObject, GoSlice, type GoValue } from './value.ts'

/** Values one after the other, as `print` does: a space between two of which neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  let result = ''
  for (const [index, value] of values.entries()) {
    if (index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string') result += ' '
    result += printed(value)
  }
  return result
}

/** Values with a space between them and a new line at the end, as `println` does. */
export function sprintln(values: readonly GoValue[]): string {
  return `${values.map(printed).join(' ')}\n`
}

/** A value as `%v` writes it; nil is `<nil>`. */
export function printed(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return floatText(value, 'g', -1)
  }
  return formatted(value, 'v', PLAIN)
}

/** An argument as a verb of `printf` writes it, mistakes included: `%!d(string=x)`. */
export function formatted(value: GoValue, verb: string, format: Format): string {
  if (verb === 'T') return field(truncated(typeOf(value), format), format)
  if (value === null) return verb === 'v' ? field('<nil>', format) : mistake(value, verb, format)
  if (verb === 'p') return address(value, format)
  if (value instanceof GoSlice && value.type === '[]uint8' && 'vd'.includes(verb))
    return slice(value, verb, format, format.sharpV ? '[]byte' : value.type)
  return inner(value, verb, format, 0)
}

/** `%p` of what has an address: no two runs agree on it, so that no plan could be the same twice. */
function address(value: GoValue, format: Format): string {
  const kind = kindOf(value)
  if (kind !== 'slice' && kind !== 'map' && !typeOf(value).startsWith('*')) return mistake(value, 'p', format)
  throw new GoError('%p prints an address, which is another one in each run')
}

function mistake(value: GoValue, verb: string, format: Format): string {
  if (value === null) return `%!${verb}(<nil>)`
  return `%!${verb}(${typeOf(value)}=${inner(value, 'v', { ...format, raw: true }, 0)})`
}

function inner(value: GoValue, verb: string, format: Format, depth: number, declared = 'interface {}'): string {
  if (value === null) return format.sharpV ? `${declared}(nil)` : '<nil>'
  if (verb === 'w') return mistake(value, verb, format)
  switch (kindOf(value)) {
    case 'bool':
      return verb === 't' || verb === 'v' ? field(String(value), format) : mistake(value, verb, format)
    case 'string':
      return text(value as string, verb, format, value)
    case 'float':
      return float(value, verb, format)
    case 'int':
    case 'uint':
      return integer(value, verb, format)
    case 'slice':
      return slice(value as GoSlice, verb, format)
    case 'map':
      return map(value as GoMap, verb, format, depth)
    default:
      return object(value as GoObject, verb, format)
  }
}

/** What a string, or the String method of something else, comes to; `of` is what a mistake names. */
function text(string: string, verb: string, format: Format, of: GoValue): string {
  switch (verb) {
    case 'v':
      return format.sharpV ? quotedIn(string, format) : field(truncated(string, format), format)
    case 's':
      return field(truncated(string, format), format)
    case 'x':
    case 'X':
      return hexBytes(bytesOf(string), verb === 'X', format)
    case 'q':
      return quotedIn(string, format)
    default:
      return mistake(of, verb, format)
  }
}

function float(value: GoValue, verb: string, format: Format): string {
  const number = floatOf(value)!
  const bits = value instanceof GoNumber && value.type === 'float32' ? 32 : 64
  switch (verb) {
    case 'v':
      return printedFloat(number, 'g', -1, format, bits)
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return printedFloat(number, verb, -1, format, bits)
    case 'f':
    case 'e':
    case 'E':
      return printedFloat(number, verb, 6, format, bits)
    case 'F':
      return printedFloat(number, 'f', 6, format, bits)
    default:
      return mistake(value, verb, format)
  }
}

function integer(value: GoValue, verb: string, format: Format): string {
  const number = integerOf(value)!
  if (value instanceof GoNumber && !format.raw && !format.sharpV && 'vsxXq'.includes(verb)) {
    const name = namedNumberText(value)
    if (name !== undefined) return text(name, verb, format, value)
  }
  switch (verb) {
    case 'v':
      return format.sharpV && kindOf(value) === 'uint'
        ? integerText(number, 16, 'v', { ...format, sharp: true })
        : integerText(number, 10, verb, format)
    case 'd':
      return integerText(number, 10, verb, format)
    case 'b':
      return integerText(number, 2, verb, format)
    case 'o':
    case 'O':
      return integerText(number, 8, verb, format)
    case 'x':
    case 'X':
      return integerText(number, 16, verb, format)
    case 'c':
      return field(characterOf(number), format)
    case 'q':
      return field(quotedCharacter(codeOf(number), format.plus), format)
    case 'U':
      return unicodeText(number, format)
    default:
      return mistake(value, verb, format)
  }
}

function codeOf(number: bigint): number {
  return number >= 0n && number <= 0x10ffffn ? Number(number) : 0xfffd
}

function slice(value: GoSlice, verb: string, format: Format, type = value.type): string {
  const element = elementType(value.type)
  if (element === 'uint8' && 'sqxX'.includes(verb)) return bytes(value, verb, format)
  if (!format.sharpV) return `[${value.items.map((item) => inner(item, verb, format, 1, element)).join(' ')}]`
  if (value.isNil) return `${type}(nil)`
  return `${type}{${value.items.map((item) => inner(item, verb, format, 1, element)).join(', ')}}`
}

function bytes(value: GoSlice, verb: string, format: Format): string {
  const found = Uint8Array.from(value.items, (item) => Number(integerOf(item) ?? 0n))
  return verb === 'x' || verb === 'X'
    ? hexBytes(found, verb === 'X', format)
    : text(textOfBytes(found), verb, format, value)
}

/** Maps deeper than this print themselves: Go has no end to that, and neither may we. */
const DEEPEST = 1000

function map(value: GoMap, verb: string, format: Format, depth: number): string {
  if (depth > DEEPEST) throw new GoError('a value is nested too deeply to be printed')
  const element = elementType(value.type)
  const entries = sortedEntries(value).map(
    ([key, item]) => `${inner(key, verb, format, depth + 1)}:${inner(item, verb, format, depth + 1, element)}`,
  )
  if (!format.sharpV) return `map[${entries.join(' ')}]`
  return value.isNil ? `${value.type}(nil)` : `${value.type}{${entries.join(', ')}}`
}

function object(value: GoObject, verb: string, format: Format): string {
  return 'vsxXq'.includes(verb)
    ? text(value.print(), verb, { ...format, sharpV: false }, value)
    : `%!${verb}(${value.type}=${value.print()})`
}
