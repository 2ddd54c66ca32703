import { UserError } from '../error.ts'

/** An object that GitHub sent, read field by field: each reading either gives the type it names, or tells which field is not as known. */
export interface Payload {
  text(path: string): string
  /** Undefined where it is absent or null. */
  textIf(path: string): string | undefined
  number(path: string): number
  numberIf(path: string): number | undefined
  /** A text that is one of those. */
  choice<T extends string>(path: string, of: readonly T[]): T
  flag(path: string): boolean
  /** Null counts as false. */
  flagIf(path: string): boolean
  /** Milliseconds since 1970 of an ISO 8601 time. */
  time(path: string): number
  timeIf(path: string): number | undefined
  object(path: string): Payload
  objectIf(path: string): Payload | undefined
  /** Items that are objects. */
  objects(path: string): readonly Payload[]
  /** Items that are texts; none where the list is absent or null. */
  textsIf(path: string): readonly string[]
  /** As JSON gave it. */
  raw(path: string): unknown
}

/**
 * Reads an object of GitHub's; a path names fields within fields: `head.sha`.
 * @param what says what it is, for errors: `the event pull_request`, `the answer to GET /repos/…`
 * @throws UserError `github-unreadable`, from here and from every reading
 */
export function payload(value: unknown, what: string): Payload {
  if (!isObject(value)) throw unreadable(what, `is ${kindOf(value)}, not an object`)
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value)
  const wrong = (path: string, wanted: string) => unreadable(what, `has ${kindOf(at(path))} at ${path}, not ${wanted}`)
  const absent = (path: string) => at(path) === undefined || at(path) === null
  const read: Payload = {
    text(path) {
      const found = at(path)
      if (typeof found === 'string') return found
      throw wrong(path, 'a text')
    },
    textIf: (path) => (absent(path) ? undefined : read.text(path)),
    number(path) {
      const found = at(path)
      if (typeof found === 'number') return found
      throw wrong(path, 'a number')
    },
    numberIf: (path) => (absent(path) ? undefined : read.number(path)),
    choice(path, of) {
      const found = of.find((it) => it === at(path))
      if (found !== undefined) return found
      throw unreadable(what, `has ${JSON.stringify(at(path)) ?? 'nothing'} at ${path}, not ${of.join(', ')}`)
    },
    flag(path) {
      const found = at(path)
      if (typeof found === 'boolean') return found
      throw wrong(path, 'true or false')
    },
    flagIf: (path) => !absent(path) && read.flag(path),
    time(path) {
      const ms = Date.parse(read.text(path))
      if (Number.isNaN(ms)) throw wrong(path, 'a time')
      return ms
    },
    timeIf: (path) => (absent(path) ? undefined : read.time(path)),
    object: (path) => payload(at(path), `${path} of ${what}`),
    objectIf: (path) => (absent(path) ? undefined : read.object(path)),
    objects(path) {
      const found = at(path)
      if (!Array.isArray(found)) throw wrong(path, 'a list')
      return found.map((item: unknown, index) => payload(item, `${path}[${index}] of ${what}`))
    },
    textsIf(path) {
      const found = at(path)
      if (absent(path)) return []
      if (Array.isArray(found) && found.every((it): it is string => typeof it === 'string')) return found
      throw wrong(path, 'a list of texts')
    },
    raw: at,
  }
  return read
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text' : typeof value}`
}

function unreadable(what: string, why: string): UserError {
  return new UserError({
    code: 'github-unreadable',
    message: `${what} ${why}`,
    fix: 'GitHub sent what this version does not know: look for a newer one, or report it',
  })
}
