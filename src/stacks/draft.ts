import { type Deferred, mergeDeferred } from './deferred.ts'
import { type Bases, mergeAny } from './inherit.ts'
import { type ListStrategy, mergeLayers } from './merge.ts'
import type { Sections } from './sections.ts'
import { type MapValue, mapAt, type Value } from './value.ts'

/** The sections of one component while its layers are merged into them. */
export interface Draft {
  readonly sections: Map<string, Value>
  /** What functions yet have to say, by section. */
  readonly deferred: Map<string, readonly Deferred[]>
  readonly strategy: ListStrategy
  /** Adds a section; an empty map where there is nothing. */
  put(section: string, value: Value | undefined): void
  putIfAny(section: string, value: MapValue | undefined): void
  /** Adds values of any kind, merged, where there is one. */
  putAny(section: string, layers: readonly (Value | undefined)[]): void
  /** A section's layers merged, functions kept for later: what lies below, bases, body, overrides. */
  layered(section: string, below: MapValue | undefined): MapValue | undefined
  /** A section's layers merged as they are: what lies below, bases, body. */
  plainly(section: string, below?: MapValue): MapValue | undefined
}

export function newDraft(
  component: MapValue,
  body: Sections,
  overrides: Sections,
  bases: Bases,
  strategy: ListStrategy,
): Draft {
  const sections = new Map<string, Value>()
  const deferred = new Map<string, readonly Deferred[]>()
  return {
    sections,
    deferred,
    strategy,
    put: (section, value) => {
      sections.set(section, value ?? mapAt(component.at))
    },
    putIfAny: (section, value) => {
      if (value !== undefined && value.entries.size > 0) sections.set(section, value)
    },
    putAny: (section, layers) => {
      const value = layers.reduce((below, above) => mergeAny(below, above, strategy))
      if (value !== undefined) sections.set(section, value)
    },
    layered: (section, below) => {
      const result = mergeDeferred(
        [below, bases.maps.get(section), body.map(section), overrides.map(section)],
        strategy,
      )
      if (result.deferred.length > 0) deferred.set(section, result.deferred)
      return result.value
    },
    plainly: (section, below) => mergeLayers([below, bases.maps.get(section), body.map(section)], strategy),
  }
}
