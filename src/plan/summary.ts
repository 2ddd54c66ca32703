import { destroys, type Plan, replaces } from './plan.ts'

/** How many objects a plan acts on, each counted once by what happens to it; moves and imports are counted besides. */
export interface PlanCounts {
  readonly create: number
  readonly change: number
  readonly replace: number
  readonly destroy: number
  readonly forget: number
  readonly import: number
  readonly move: number
  /** Data sources read during apply. */
  readonly read: number
  readonly outputs: number
  readonly deferred: number
  readonly invoke: number
}

export function planCounts(plan: Plan): PlanCounts {
  const count = (test: (change: Plan['changes'][number]) => boolean) => plan.changes.filter(test).length
  return {
    create: count((it) => it.action === 'create'),
    change: count((it) => it.action === 'update'),
    replace: count((it) => replaces(it.action)),
    destroy: count((it) => it.action === 'delete'),
    forget: count((it) => it.action === 'forget'),
    import: count((it) => it.importing !== undefined),
    move: count((it) => it.previousAddress !== undefined),
    read: count((it) => it.action === 'read'),
    outputs: plan.outputs.filter((it) => it.action !== 'no-op').length,
    deferred: plan.deferred.length,
    invoke: plan.invocations.length,
  }
}

/** Whether applying would do anything; reading data sources alone is nothing. */
export function changesAnything(counts: PlanCounts): boolean {
  const { read: _, ...acts } = counts
  return Object.values(acts).some((count) => count > 0)
}

/** Whether something leaves the cloud. */
export function isDangerous(plan: Plan): boolean {
  return [...plan.changes, ...plan.deferred.map((it) => it.change)].some((it) => destroys(it.action))
}

const words: readonly (readonly [keyof PlanCounts, (count: number) => string])[] = [
  ['destroy', (count) => `${count} to destroy`],
  ['replace', (count) => `${count} to replace`],
  ['change', (count) => `${count} to change`],
  ['create', (count) => `${count} to add`],
  ['import', (count) => `${count} to import`],
  ['move', (count) => `${count} to move`],
  ['forget', (count) => `${count} to forget`],
  ['invoke', (count) => `${count} ${count === 1 ? 'action' : 'actions'} to run`],
  ['deferred', (count) => `${count} deferred`],
]

/** `2 to destroy, 1 to change`, most dangerous first; `outputs only` or `no change` where no object is touched. */
export function countsText(counts: PlanCounts): string {
  const parts = words.flatMap(([key, say]) => (counts[key] > 0 ? [say(counts[key])] : []))
  if (parts.length > 0) return parts.join(', ')
  return counts.outputs > 0 ? 'outputs only' : 'no change'
}

/** The same with the sign for danger: `2 to destroy ⚠`. */
export function summaryText(plan: Plan): string {
  return countsText(planCounts(plan)) + (isDangerous(plan) ? ' ⚠' : '')
}

/** The sum of several plans. */
export function addCounts(all: readonly PlanCounts[]): PlanCounts {
  const sum = (key: keyof PlanCounts) => all.reduce((total, counts) => total + counts[key], 0)
  return {
    create: sum('create'),
    change: sum('change'),
    replace: sum('replace'),
    destroy: sum('destroy'),
    forget: sum('forget'),
    import: sum('import'),
    move: sum('move'),
    read: sum('read'),
    outputs: sum('outputs'),
    deferred: sum('deferred'),
    invoke: sum('invoke'),
  }
}
