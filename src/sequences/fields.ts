import { type Position, UserError } from '../error.ts'
import { kindOf, type MapValue, type Value } from '../stacks/value.ts'
import { closest } from '../words.ts'
import type { KeySet } from './keys.ts'
import type { Text, Variables } from './workflow.ts'

/** Reads the fields of one map of a workflow file, each error with its place. */
export interface Fields {
  readonly at: Position
  value(key: string): Value | undefined
  text(key: string): Text | undefined
  variables(key: string): Variables
  list(key: string): readonly Value[]
  map(key: string): MapValue | undefined
}

/** @param what the map is, for errors: `step deploy of workflow all` @throws UserError `workflow-invalid`, `workflow-key-unknown`, `workflow-key-unsupported` */
export function fields(value: Value, what: string, keys: KeySet): Fields {
  if (value.kind !== 'map') throw invalid(`${what} is a ${kindOf(value)}, not a map`, value.at)
  for (const [key, item] of value.entries) mustBeHonoured(key, item, what, keys)
  const at = value.key ?? value.at
  const field = (key: string) => {
    const item = value.entries.get(key)
    return item?.kind === 'scalar' && item.value === null ? undefined : item
  }
  return {
    at,
    value: field,
    text(key) {
      const item = field(key)
      return item && textIn(item, `${key} of ${what}`)
    },
    variables(key) {
      const item = field(key)
      if (item === undefined) return new Map()
      if (item.kind !== 'map') throw invalid(`${key} of ${what} is a ${kindOf(item)}, not a map`, item.at)
      return new Map([...item.entries].map(([name, it]) => [name, textIn(it, `${key}.${name} of ${what}`)]))
    },
    list(key) {
      const item = field(key)
      if (item === undefined) return []
      if (item.kind !== 'list') throw invalid(`${key} of ${what} is a ${kindOf(item)}, not a list`, item.at)
      return item.items
    },
    map(key) {
      const item = field(key)
      if (item === undefined) return undefined
      if (item.kind !== 'map') throw invalid(`${key} of ${what} is a ${kindOf(item)}, not a map`, item.at)
      return item
    },
  }
}

/** The text of a scalar; a number or truth is its text. @throws UserError `workflow-invalid` */
export function textIn(value: Value, what: string): Text {
  if (value.kind !== 'scalar' || value.value === null)
    throw invalid(`${what} is a ${kindOf(value)}, not a text`, value.at)
  return { text: String(value.value), at: value.at }
}

/** A whole number of at least `least`. @throws UserError `workflow-invalid` */
export function countIn(value: Value, what: string, least: number): number {
  const count = value.kind === 'scalar' ? value.value : undefined
  if (typeof count === 'number' && Number.isInteger(count) && count >= least) return count
  throw invalid(`${what} must be a whole number of at least ${least}`, value.at)
}

/** Milliseconds of `10ms`, `1.5s`, `2m30s`, `1h`. @throws UserError `workflow-invalid` */
export function durationIn(value: Value, what: string): number {
  const { text, at } = textIn(value, what)
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw invalid(`${what} is no duration: ${text}`, at, 'write for example 500ms, 30s, 2m30s')
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0)
}

/** The error for a workflow file that does not say what it must. */
export function invalid(message: string, at: Position, fix = 'mend the workflow file (docs/workflows.md)'): UserError {
  return new UserError({ code: 'workflow-invalid', message, fix, at, exit: 2 })
}

function mustBeHonoured(key: string, item: Value, what: string, { honoured, idle, known }: KeySet): void {
  if (honoured.includes(key) || idle.includes(key)) return
  const at = item.key ?? item.at
  // What is switched off asks for nothing.
  if (known.includes(key) && item.kind === 'scalar' && (item.value === false || item.value === null)) return
  if (known.includes(key))
    throw new UserError({
      code: 'workflow-key-unsupported',
      message: `${what} sets ${key}, which Airlock does not honour`,
      fix: `remove ${key}, or run this workflow with Atmos`,
      at,
      exit: 2,
    })
  const near = closest(key, honoured) ?? closest(key, [...idle, ...known])
  throw new UserError({
    code: 'workflow-key-unknown',
    message: `${what} has the key ${key}, which workflows do not know`,
    fix: near ? `did you mean ${near}?` : `there are ${honoured.join(', ')}`,
    at,
    exit: 2,
  })
}
