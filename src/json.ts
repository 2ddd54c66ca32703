import type { Plain } from './stacks/value.ts'

/**
 * Reads JSON without losing a digit: integers beyond 2^53 come out as `bigint`. Other numbers are doubles.
 * @throws SyntaxError as `JSON.parse` does
 */
export function exactJson(text: string): Plain {
  return /[0-9]{16}/.test(text) ? read(text) : (JSON.parse(text) as Plain)
}

/** Canonical JSON (https://www.rfc-editor.org/rfc/rfc8785), with `bigint` written as its digits; keys that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`${value} has no JSON form`)
    return JSON.stringify(value === 0 ? 0 : value)
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new Error(`a ${typeof value} has no JSON form`)
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}

function read(text: string): Plain {
  let at = 0
  const value = any()
  blanks()
  if (at < text.length) fail()
  return value

  function fail(): never {
    throw new SyntaxError(
      at < text.length ? `unexpected ${JSON.stringify(text[at])} at character ${at}` : 'unexpected end of JSON',
    )
  }
  function blanks(): void {
    while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  }
  function expect(character: string): void {
    blanks()
    if (text[at] !== character) fail()
    at += 1
  }
  function next(closing: string): boolean {
    blanks()
    if (text[at] === ',') {
      at += 1
      return true
    }
    expect(closing)
    return false
  }
  function any(): Plain {
    blanks()
    const first = text[at]
    if (first === '{') return object()
    if (first === '[') return array()
    if (first === '"') return string()
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (text.startsWith(word, at)) {
        at += word.length
        return value
      }
    return number()
  }
  function object(): Plain {
    const result: Record<string, Plain> = {}
    expect('{')
    blanks()
    if (text[at] === '}') {
      at += 1
      return result
    }
    do {
      blanks()
      const key = string()
      expect(':')
      Object.defineProperty(result, key, { value: any(), enumerable: true, writable: true, configurable: true })
    } while (next('}'))
    return result
  }
  function array(): Plain {
    const result: Plain[] = []
    expect('[')
    blanks()
    if (text[at] === ']') {
      at += 1
      return result
    }
    do result.push(any())
    while (next(']'))
    return result
  }
  function string(): string {
    const start = at
    if (text[at] !== '"') fail()
    let end = at
    do {
      end += 1
      while (text[end] === '\\') end += 2
      if (end >= text.length) {
        at = text.length
        fail()
      }
    } while (text[end] !== '"')
    at = end + 1
    return JSON.parse(text.slice(start, at)) as string
  }
  function number(): number | bigint {
    const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
    pattern.lastIndex = at
    const match = pattern.exec(text) ?? fail()
    at += match[0].length
    const value = Number(match[0])
    const whole = match[1] === undefined && match[2] === undefined
    return whole && !Number.isSafeInteger(value) ? BigInt(match[0]) : value
  }
}
