import { UserError } from '../error.ts'

/** A JSON object whose fields were not looked at yet. */
export type RawObject = Readonly<Record<string, unknown>>

/** The object in a field; an empty one where the field is missing. @throws UserError `plan-unreadable` */
export function object(from: RawObject, field: string): RawObject {
  const value = own(from, field)
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw mistyped(field, 'an object')
  return value as RawObject
}

/** The objects (or lists) in a field; none where the field is missing. @throws UserError `plan-unreadable` */
export function array(from: RawObject, field: string): RawObject[] {
  const value = own(from, field)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'object' || item === null))
    throw mistyped(field, 'a list of objects')
  return value as RawObject[]
}

/** The strings in a field; none where the field is missing. @throws UserError `plan-unreadable` */
export function strings(from: RawObject, field: string): string[] {
  const value = own(from, field) ?? []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw mistyped(field, 'a list of strings')
  return value as string[]
}

/** The string in a field, or undefined where it is missing. @throws UserError `plan-unreadable` */
export function textOrNone(from: RawObject, field: string): string | undefined {
  const value = own(from, field)
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw mistyped(field, 'a string')
  return value
}

/** The string in a field. @throws UserError `plan-unreadable` */
export function text(from: RawObject, field: string): string {
  const value = textOrNone(from, field)
  if (value === undefined) throw mistyped(field, 'a string')
  return value
}

function own(from: RawObject, field: string): unknown {
  return Object.hasOwn(from, field) ? from[field] : undefined
}

function mistyped(field: string, expected: string): UserError {
  return new UserError({
    code: 'plan-unreadable',
    message: `the plan that Terraform made cannot be read: ${JSON.stringify(field)} is not ${expected}`,
  })
}
