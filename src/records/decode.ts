/** Turns parsed JSON into one of our types. @throws Malformed with the path of what is wrong */
export type Decoder<T> = (value: unknown, path: string) => T

/** What is wrong with a stored document, and where: `plans[2].digest`. */
export class Malformed extends Error {
  constructor(path: string, expected: string, found: unknown) {
    super(`${path === '' ? 'the document' : path} is ${kindOf(found)}, not ${expected}`)
    this.name = 'Malformed'
  }
}

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new Malformed(path, 'a text', value)
  return value
}

/** A text whose meaning its writer vouches for: a branded id, a fingerprint. */
export const branded = text as Decoder<never>

export const count: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Malformed(path, 'a whole number', value)
  return value
}

export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new Malformed(path, 'true or false', value)
  return value
}

export function oneOf<const T extends string | number>(...choices: readonly T[]): Decoder<T> {
  return (value, path) => {
    const found = choices.find((choice) => choice === value)
    if (found === undefined) throw new Malformed(path, choices.join(' or '), value)
    return found
  }
}

export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Malformed(path, 'a list', value)
    return value.map((it, i) => item(it, `${path}[${i}]`))
  }
}

export function mapOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(Object.entries(fieldsOf(value, path)).map(([key, it]) => [key, item(it, join(path, key))]))
}

/** A field that may be left out. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === undefined ? undefined : decoder(value, path))
}

/**
 * An object with these fields. Fields that are not named are kept as they are: a newer Airlock wrote them, and what an
 * older one must not ignore raises the format's number instead.
 */
export function object<T extends object>(fields: { readonly [K in keyof T]-?: Decoder<T[K] | undefined> }): Decoder<T> {
  const known = Object.entries(fields) as [string, Decoder<unknown>][]
  return (value, path) => {
    const given = fieldsOf(value, path)
    const decoded = known.map(([key, decoder]) => [
      key,
      decoder(Object.hasOwn(given, key) ? given[key] : undefined, join(path, key)),
    ])
    return { ...given, ...Object.fromEntries(decoded.filter(([, it]) => it !== undefined)) } as T
  }
}

/** One of several objects, told apart by `kind`. */
export function union<T extends { readonly kind: string }>(
  kinds: {
    readonly [K in T['kind']]: Decoder<Extract<T, { readonly kind: K }>>
  },
): Decoder<T> {
  const known: Readonly<Record<string, Decoder<T> | undefined>> = kinds
  return (value, path) => {
    const kind = oneOf(...Object.keys(kinds))(fieldsOf(value, path).kind, join(path, 'kind'))
    const decoder = known[kind]
    if (decoder === undefined) throw new Malformed(path, 'of a known kind', value)
    return decoder(value, path)
  }
}

function fieldsOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(path, 'an object', value)
  return value as Readonly<Record<string, unknown>>
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `${JSON.stringify(value)}`
}
