import type { DriftClass } from '../records/document.ts'

/** The classes, most serious first. */
export const driftClasses: readonly DriftClass[] = [
  'out-of-band',
  'external-data',
  'unapplied-commit',
  'provider-noise',
]

/** A class as people read it: `out of band`. */
export function className(it: DriftClass): string {
  return it.replace(/-/g, ' ').replace('out of band', 'out-of-band')
}

/** What a class says of an instance: `vpc in plat-ue2-prod …`. */
export const driftWords: Readonly<Record<DriftClass, string>> = {
  'out-of-band': 'was changed outside',
  'external-data': 'reads data that has changed outside',
  'unapplied-commit': 'differs by what is in flight',
  'provider-noise': 'differs by provider noise only',
}
