import { UserError } from '../../src/error.ts'

/** One recorded answer, compared with ours. Ids are `<folder>/<file>#<id or index>`. */
export interface Outcome {
  readonly id: string
  readonly pass: boolean
  readonly message?: string
}

/** What the real Atmos answered: JSON, or an error; a code of null for one that never ended. */
export interface Answer {
  readonly code: number | null
  readonly json?: unknown
}

/** The root of every recorded repository. */
export const ROOT = '<ROOT>'

/** Whether our answer is the recorded one; `"<VARIES>"` matches anything. */
export function difference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (expected === '<VARIES>' || Object.is(expected, actual)) return undefined
  if (
    typeof expected === 'number' &&
    typeof actual === 'bigint' &&
    BigInt(Math.trunc(expected)) === BigInt(Math.trunc(Number(actual)))
  )
    return undefined
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return `${path}: ${short(expected)} expected, ${short(actual)} found`
    for (const [index, item] of expected.entries()) {
      const found = difference(item, actual[index], `${path}[${index}]`)
      if (found) return found
    }
    return undefined
  }
  if (isMap(expected) && isMap(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!Object.hasOwn(expected, key)) return `${path}.${key}: ${short(actual[key])} found, nothing expected`
      if (!Object.hasOwn(actual, key)) return `${path}.${key}: ${short(expected[key])} expected, nothing found`
      const found = difference(expected[key], actual[key], `${path}.${key}`)
      if (found) return found
    }
    return undefined
  }
  return `${path}: ${short(expected)} expected, ${short(actual)} found`
}

/** Whether a value is a JSON object. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function short(value: unknown): string {
  const text =
    JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? 'undefined'
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

/** Compares an answer, or an error, with a recorded one. Bugs of ours are never a right error, nor is what is not there yet. */
export function judge(
  id: string,
  recorded: Answer,
  ours: () => unknown,
  differs: (expected: unknown, actual: unknown) => string | undefined = difference,
): Outcome {
  try {
    const actual = ours()
    if (recorded.code !== 0) return { id, pass: false, message: `an error expected, ${short(actual)} found` }
    const found = differs(recorded.json, actual)
    return found ? { id, pass: false, message: found } : { id, pass: true }
  } catch (error) {
    if (!(error instanceof UserError))
      return { id, pass: false, message: `bug: ${error instanceof Error ? error.stack?.slice(0, 400) : String(error)}` }
    const at = error.at ? `${error.at.file}:${error.at.line}:${error.at.column}: ` : ''
    const pass = recorded.code !== 0 && error.code !== 'not-yet'
    return { id, pass, message: `${pass ? 'an error, as it should be' : error.code}: ${at}${error.message}` }
  }
}

/** `judge` for an answer that takes a while. */
export async function judgeLater(
  id: string,
  recorded: Answer,
  ours: () => Promise<unknown>,
  differs?: (expected: unknown, actual: unknown) => string | undefined,
): Promise<Outcome> {
  const outcome = await ours().then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error
    },
  )
  return judge(id, recorded, outcome, differs)
}

/** The difference of two lists whose order means nothing. */
export function listDifference(expected: unknown, actual: unknown): string | undefined {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return difference(expected, actual)
  return difference(unordered(expected), unordered(actual))
}

/** Items in an order of their own, the lists in them that Atmos leaves to chance as well. */
function unordered(items: readonly unknown[]): unknown[] {
  return items
    .map((item) => {
      if (!isMap(item)) return item
      const { dependents } = item
      return Array.isArray(dependents) ? { ...item, dependents: unordered(dependents) } : item
    })
    .map((item): [string, unknown] => [sortedText(item), item])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'bigint'
      ? Number(item)
      : isMap(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
  )
}
