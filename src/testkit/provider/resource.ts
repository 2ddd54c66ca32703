import { createHash } from 'node:crypto'
import { type Attributes, same, type Type, unknown } from './cty.ts'

/** One attribute of a resource: who sets it, and how it is shown. */
export interface Attribute {
  readonly type: Type
  /** `computed` ones are the provider's answer; the others are the user's. */
  readonly set: 'required' | 'optional' | 'computed'
  readonly sensitive?: true
  /** A change cannot be made in place: the object is deleted and made anew. */
  readonly replaces?: true
  readonly description: string
}

/** A kind of object in the folder cloud. Both functions see and give only the attributes that the kind declares. */
export interface Resource {
  readonly attributes: Readonly<Record<string, Attribute>>
  /** Computed attributes as far as a plan can tell them; `unknown` where only apply can. */
  foresee(wanted: Attributes, prior: Attributes | undefined): Attributes
  /** All computed attributes once the object is made or changed; what `foresee` told must come out the same. */
  settle(wanted: Attributes, prior: Attributes | undefined): Attributes
}

/** A plan for one object. */
export interface Planned {
  readonly planned: Attributes
  /** Names of the attributes whose change needs a new object. */
  readonly replaces: readonly string[]
}

/** What Terraform is to be told when it asks for a plan: nothing new where the user's own attributes stay the same. */
export function plan({ attributes, foresee }: Resource, prior: Attributes | undefined, wanted: Attributes): Planned {
  const own = Object.entries(attributes).filter(([, it]) => it.set !== 'computed')
  const changed = own.filter(([name]) => !prior || !same(prior[name] ?? null, wanted[name] ?? null))
  if (changed.length === 0) return { planned: wanted, replaces: [] }
  const replaces = prior ? changed.filter(([, it]) => it.replaces).map(([name]) => name) : []
  return { planned: { ...wanted, ...foresee(wanted, replaces.length > 0 ? undefined : prior) }, replaces }
}

/** An id as clouds give them, the same for the same object in every run: `net-4f1c09ab`. */
export function objectId(prefix: string, ...identity: readonly (string | null)[]): string {
  return `${prefix}-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8)}`
}

/** Keeps the id of an object that stays, and foresees none for one that is to be made. */
export function foreseeId(prior: Attributes | undefined): Attributes {
  return { id: prior ? (prior.id ?? null) : unknown }
}
