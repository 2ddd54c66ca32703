import type { Level } from './change.ts'
import { isRiskyInstance, outcomeBlocks, stateText } from './detail.ts'
import { byEnvironment } from './environments.ts'
import type { CommentInput, CommentInstance, CommentReason } from './input.ts'

/** With more instances than this, plans of one digest are compared by their objects only, and no more is told of any. */
const mostCompared = 1500

/** How much is told of so many instances at most. */
export function mostTold(count: number): Level {
  return count > mostCompared ? 'names' : count > 500 ? 'short' : 'full'
}

/**
 * Instances of one component of which the same is told, so that it is told once; each group in order of environments.
 * Failures first, then what destroys, then in the order of the first of each group. Instances that only may change have
 * no details.
 */
export function groupedInstances({ instances }: Pick<CommentInput, 'instances'>): CommentInstance[][] {
  const told = instances.filter(hasDetails)
  const level = mostTold(told.length) === 'names' ? 'names' : 'full'
  const gists = told.map((it) => gist(it, level))
  const alike = new Map<string, number>()
  for (const it of gists) alike.set(it, (alike.get(it) ?? 0) + 1)
  const groups = new Map<string, CommentInstance[]>()
  told.forEach((instance, index) => {
    // Only what has a chance to be equal is compared in full.
    const key =
      alike.get(gists[index]!) === 1 ? String(index) : gists[index] + outcomeBlocks(instance, level).join('\n\n')
    const group = groups.get(key)
    if (group) group.push(instance)
    else groups.set(key, [instance])
  })
  return [...groups.values()]
    .map((group) => group.sort((a, b) => byEnvironment(a.environment, b.environment)))
    .sort((a, b) => rank(a[0]!) - rank(b[0]!))
}

/** The reasons of all of a group: each text once, with every place where it is written. */
export function reasonsOf(group: readonly CommentInstance[]): readonly CommentReason[] {
  const found = new Map<string, CommentReason>()
  for (const { reasons } of group)
    for (const it of reasons) found.set(JSON.stringify([it.text, it.at?.file, it.at?.line]), it)
  return [...found.values()]
}

function hasDetails({ outcome, reasons }: CommentInstance): boolean {
  if (outcome.kind === 'unplanned') return outcome.change !== 'may' && reasons.length > 0
  return outcome.kind !== 'may'
}

function rank(instance: CommentInstance): number {
  if (instance.outcome.kind === 'failed' || instance.outcome.kind === 'refused') return 0
  return isRiskyInstance(instance) ? 1 : 2
}

function gist(instance: CommentInstance, level: Level): string {
  const { component, removed, outcome, reasons } = instance
  const exact = level !== 'full' && outcome.kind === 'planned' ? outcome.digest : ''
  const why = reasons.map(({ text }) => text)
  return JSON.stringify([component, removed, outcome.kind, stateText(instance), why, exact])
}
