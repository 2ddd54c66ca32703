import { detailBlocks, isRiskyInstance } from './detail.ts'
import type { CommentInput, CommentInstance } from './input.ts'

/**
 * Instances of one component whose details say the same, so that they are told once. Failures first, then what destroys,
 * then in the order of the first of each group. Instances that only may change have no details.
 */
export function groupedInstances({ instances, blobUrl }: CommentInput): CommentInstance[][] {
  const told = instances.filter(hasDetails)
  const alike = new Map<string, number>()
  for (const it of told) alike.set(gist(it), (alike.get(gist(it)) ?? 0) + 1)
  const groups = new Map<string, CommentInstance[]>()
  told.forEach((instance, index) => {
    // Only what has a chance to be equal is compared in full.
    const key =
      alike.get(gist(instance)) === 1
        ? String(index)
        : JSON.stringify([gist(instance), detailBlocks(instance, blobUrl, 'full')])
    groups.set(key, [...(groups.get(key) ?? []), instance])
  })
  return [...groups.values()].sort((a, b) => rank(a[0]!) - rank(b[0]!))
}

function hasDetails({ outcome, reasons }: CommentInstance): boolean {
  if (outcome.kind === 'unplanned') return outcome.change !== 'may' && reasons.length > 0
  return outcome.kind !== 'may'
}

function rank(instance: CommentInstance): number {
  if (instance.outcome.kind === 'failed' || instance.outcome.kind === 'refused') return 0
  return isRiskyInstance(instance) ? 1 : 2
}

function gist({ component, removed, outcome }: CommentInstance): string {
  return JSON.stringify([component, removed, outcome.kind, outcome.kind === 'planned' ? outcome.digest : ''])
}
