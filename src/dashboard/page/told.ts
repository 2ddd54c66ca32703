import type { Dashboard, InstanceView } from '../dashboard.ts'

/** Instances told in full on one page; of the others there is a line: where they stand, and what was applied last. */
const mostTold = 200

/**
 * The instances that are told in full: those that need a person, then those that are not clean, then those applied last.
 * So the page of an estate of thousands is still one that opens at once, and what matters of it is all there.
 */
export function toldInFull({ instances }: Pick<Dashboard, 'instances'>): ReadonlySet<string> {
  const rank = (it: InstanceView) => (it.next.length > 0 ? 0 : it.standing !== 'clean' ? 1 : 2)
  const at = (it: InstanceView) => it.ledger?.atMs ?? 0
  const sorted = instances.toSorted((a, b) => rank(a) - rank(b) || at(b) - at(a))
  return new Set(sorted.slice(0, mostTold).map(({ id }) => id))
}
