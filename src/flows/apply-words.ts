import { countsText, isDangerous } from '../plan/summary.ts'
import { GONE } from '../records/document.ts'
import type { ApplyItem } from './apply.ts'

const againWords = {
  no: '',
  same: ', planned again: as approved',
  filled: ', planned again: unknown values filled in',
  residual: ', what was left of the approved plan',
  unasked: ', planned with the values of now',
} as const

/** How one instance came out, in a few words. */
export function resultWords(item: ApplyItem): string {
  switch (item.kind) {
    case 'applied':
      if (item.plan.fingerprint === GONE) return destroyedText(item.plan.changes.destroy)
      return `applied: ${countsText(item.plan.changes)}${isDangerous(item.model) ? ' ⚠' : ''}${againWords[item.replanned]}`
    case 'advanced':
      return item.plan.fingerprint === GONE ? 'nothing of it is left: gone' : 'no change: nothing to apply'
    case 'waits':
      if (item.for === 'plan') return 'waits for a plan'
      if (item.for === 'upstream') return `waits for ${(item.upstreams ?? []).join(', ')}`
      return item.differences ? 'planned again: another plan than approved, waits' : 'waits for approval'
    case 'blocked':
      return `waits for ${item.by}`
    case 'refused':
      return 'refused'
    case 'failed':
      if (item.outcome === 'unrecorded') return 'applied, but that could not be recorded'
      return `failed${item.outcome === 'partial' ? ' half-way' : ''}`
  }
}

function destroyedText(objects: number): string {
  return `destroyed: ${objects} ${objects === 1 ? 'object' : 'objects'} ⚠`
}
