import type { Plain } from '../value.ts'

/** Types of JSON, as schemas name them. */
export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

/** What a value must be like: the part of JSON Schema that manifests need. `true` accepts all, `false` nothing. */
export type Schema = boolean | Rules

export interface Rules {
  readonly types?: readonly JsonType[]
  readonly properties?: ReadonlyMap<string, Schema>
  /** Schemas of the properties whose names match. */
  readonly patterns?: readonly { readonly name: RegExp; readonly schema: Schema }[]
  /** The schema of properties that neither list names. */
  readonly others?: Schema
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  /** The values there are: `enum` and `const`. */
  readonly values?: readonly Plain[]
  readonly pattern?: RegExp
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly above?: number
  readonly below?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly not?: Schema
  /** `if`: what else must hold where a value fits, and where it does not. */
  readonly when?: { readonly fits: Schema; readonly yes: Schema; readonly no: Schema }
  /** A schema that is known only once all are: how schemas refer to themselves. */
  readonly ref?: () => Schema
  /** The setting is deprecated; what replaces it. */
  readonly replacedBy?: string
}
