import type { Rules, Schema } from './schema.ts'

/** Words to describe manifests with: each gives a schema. */

export const text: Schema = { types: ['string'] }
export const flag: Schema = { types: ['boolean'] }
export const whole: Schema = { types: ['integer'] }
export const texts: Schema = list(text)

/** A text out of a few. */
export function one(...values: readonly string[]): Rules {
  return { types: ['string'], values }
}

/** A number in a range, both ends included. */
export function range(type: 'integer' | 'number', minimum: number, maximum?: number): Rules {
  return maximum === undefined ? { types: [type], minimum } : { types: [type], minimum, maximum }
}

export function list(items: Schema, rules: Rules = {}): Rules {
  return { types: ['array'], items, ...rules }
}

/** A map with these keys and no others; `name!` must be there. */
export function closed(properties: Readonly<Record<string, Schema>>, rules: Rules = {}): Rules {
  return { ...open(properties, rules), others: false }
}

/** A map with these keys and any others. */
export function open(properties: Readonly<Record<string, Schema>> = {}, rules: Rules = {}): Rules {
  const entries = Object.entries(properties)
  const required = entries.filter(([name]) => name.endsWith('!')).map(([name]) => name.slice(0, -1))
  const map = new Map(entries.map(([name, schema]) => [name.replace(/!$/, ''), schema]))
  return { types: ['object'], properties: map, ...(required.length > 0 ? { required } : {}), ...rules }
}

/** A map of things of one kind under names of the user's choice. */
export function mapOf(schema: Schema, name?: RegExp): Rules {
  if (name) return { types: ['object'], patterns: [{ name, schema }], others: false }
  return { types: ['object'], others: schema }
}

/** Component names, and others of the user's choice. */
export const namePattern = /^[/a-zA-Z0-9-_{}. ]+$/

export function either(...schemas: readonly Schema[]): Rules {
  return { oneOf: schemas }
}

/** Something that may be written as `!include file` too. */
export function included(schema: Schema): Rules {
  return { oneOf: [{ types: ['string'], pattern: /^!include/ }, schema] }
}

/** Exactly one of these keys. */
export function exactlyOne(...names: readonly string[]): Rules {
  return { oneOf: names.map((name) => ({ required: [name] })) }
}
