import { UserError } from '../error.ts'

/** Plain data as Terraform is given it: JSON, with `bigint` where a number is beyond 2^53. */
export type Data = string | boolean | null | number | bigint | readonly Data[] | { readonly [key: string]: Data }

/** A map of plain data. */
export type DataMap = { readonly [key: string]: Data }

/** Whether a value is a map. */
export function isMap(data: Data | undefined): data is DataMap {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

/** Keys of a map in byte order of UTF-8, which is how Go sorts them. */
export function sortedKeys(map: DataMap): string[] {
  return Object.keys(map).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/**
 * JSON as Go writes it to files: keys sorted, numbers exact, `<`, `>` and `&` escaped.
 * @param indent blanks a level; 0 for one line
 * @param what names the data in the error: `the variables of vpc in dev`
 * @throws UserError `not-json` for an infinite number or NaN
 */
export function jsonText(data: Data, indent: number, what: string): string {
  const write = (value: Data, path: string, lead: string): string => {
    const inner = indent > 0 ? `${lead}${' '.repeat(indent)}` : ''
    const block = (open: string, close: string, items: string[]) => {
      if (items.length === 0) return `${open}${close}`
      return indent > 0
        ? `${open}\n${inner}${items.join(`,\n${inner}`)}\n${lead}${close}`
        : `${open}${items.join(',')}${close}`
    }
    if (Array.isArray(value))
      return block(
        '[',
        ']',
        value.map((item, at) => write(item, `${path}[${at}]`, inner)),
      )
    if (isMap(value)) {
      const colon = indent > 0 ? ': ' : ':'
      return block(
        '{',
        '}',
        sortedKeys(value).map((key) => quoted(key) + colon + write(value[key]!, path ? `${path}.${key}` : key, inner)),
      )
    }
    return scalarJson(value as Exclude<Data, readonly Data[] | DataMap>, path, what)
  }
  return write(data, '', '')
}

function scalarJson(value: string | boolean | null | number | bigint, path: string, what: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'number') return String(value)
  if (!Number.isFinite(value))
    throw new UserError({
      code: 'not-json',
      message: `${what}: ${path} is ${Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'}, which JSON cannot hold, so Terraform cannot be given it`,
      fix: 'write a finite number, or a string that the module understands',
      exit: 2,
    })
  return Object.is(value, -0) ? '-0' : String(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (found) => ESCAPES[found]!)
}
