import { UserError } from '../../src/error.ts'

/** One recorded answer, compared with ours. Ids are `<file>#<id or index>`, the file relative to the folder of its kind. */
export interface Outcome {
  readonly id: string
  readonly pass: boolean
  readonly message?: string
}

/** What the real Atmos answered: a value, or an error. */
export interface Recorded {
  readonly code: number | null
  readonly value?: unknown
}

/** Our answer as plain JSON. */
function normal(value: unknown): unknown {
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))
  return text === undefined ? undefined : JSON.parse(text)
}

/**
 * Runs one question and compares: the same value, or an error where Atmos has one. What is thrown and is no UserError is
 * a bug, and never a pass.
 */
export function outcome(
  id: string,
  recorded: Recorded,
  answer: () => unknown,
  differs: (ours: unknown, theirs: unknown) => string | undefined = difference,
): Outcome {
  let ours: unknown
  try {
    ours = normal(answer())
  } catch (thrown) {
    if (!(thrown instanceof UserError)) return { id, pass: false, message: `crashed: ${(thrown as Error).stack}` }
    if (thrown.code === 'not-yet') return { id, pass: false, message: `not yet: ${thrown.message}` }
    return recorded.code === 0 ? { id, pass: false, message: `refused: ${thrown.message}` } : { id, pass: true }
  }
  if (recorded.code !== 0) return { id, pass: false, message: `accepted, but Atmos ends with ${recorded.code}` }
  const message = differs(ours, recorded.value)
  return message === undefined ? { id, pass: true } : { id, pass: false, message }
}

/** The first difference, with its path; undefined where the values agree. `<VARIES>` agrees with anything. */
export function difference(ours: unknown, theirs: unknown, path = '$'): string | undefined {
  if (theirs === '<VARIES>') return undefined
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return `${path} has ${ours.length} items instead of ${theirs.length}`
    for (const [at, item] of ours.entries()) {
      const found = difference(item, theirs[at], `${path}[${at}]`)
      if (found) return found
    }
    return undefined
  }
  if (isObject(ours) && isObject(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      if (!Object.hasOwn(ours, key)) return `${path}.${key} is missing: ${show(theirs[key])}`
      if (!Object.hasOwn(theirs, key)) return `${path}.${key} is too much: ${show(ours[key])}`
      const found = difference(ours[key], theirs[key], `${path}.${key}`)
      if (found) return found
    }
    return undefined
  }
  return ours === theirs ? undefined : `${path} is ${show(ours)} instead of ${show(theirs)}`
}

/** The difference of two lists whose order means nothing. */
export function listDifference(ours: unknown, theirs: unknown): string | undefined {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return difference(ours, theirs)
  return difference(unordered(ours), unordered(theirs))
}

/** Items in an order of their own, the lists in them that Atmos leaves to chance as well. */
function unordered(items: readonly unknown[]): unknown[] {
  return items
    .map((item) => {
      if (!isObject(item)) return item
      const { dependents } = item
      return Array.isArray(dependents) ? { ...item, dependents: unordered(dependents) } : item
    })
    .map((item): [string, unknown] => [sortedText(item), item])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
