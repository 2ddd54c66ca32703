import type { Change } from '../affected/affected.ts'
import type {
  CommentInput,
  CommentInstance,
  CommentOutcome,
  CommentReason,
  InstanceName,
  Progress,
} from '../plan/render/input.ts'
import { reasonWords } from '../report/reasons.ts'
import type { InstanceId, Inventory } from '../stacks/instance.ts'
import { valueAt } from '../stacks/value.ts'
import type { PlanOutcome } from './plan.ts'
import type { ShownItem } from './planning.ts'
import type { Reader } from './removals.ts'

/** What of a plan run is shown. */
export type Shown = Pick<PlanOutcome, 'head' | 'base' | 'checkout' | 'passive' | 'order'> & {
  readonly items: readonly ShownItem[]
}

/** What is told besides plans: what the gate found, addresses on GitHub, and what became of it after the merge. */
export type CommentExtras = Partial<
  Pick<CommentInput, 'beforeMerge' | 'blockedBy' | 'notes' | 'blobUrl' | 'plansUrl' | 'merged' | 'unplanned'>
> & { readonly progress?: (id: InstanceId) => Progress | undefined }

/** What the pull request's comment says of a plan run. */
export function commentInput(
  { head, base, items, checkout, passive, order }: Shown,
  { progress, ...extras }: CommentExtras = {},
): CommentInput {
  const rank = new Map(order.map((id, index) => [id, index]))
  const groups = absentGroups(items)
  const told = new Set(groups.flatMap(({ instances }) => instances.map(({ id }) => id)))
  const sorted = items.filter(({ id }) => !told.has(id)).sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))
  return {
    instances: sorted.map((item) => ({
      ...commentInstance(item, checkout),
      ...progressed(progress?.(item.id)),
    })),
    ...(groups.length > 0 && { absent: groups }),
    passive,
    head: head.commit.slice(0, 7),
    base: base && { branch: base.name, commit: base.commit.slice(0, 7) },
    blobUrl: undefined,
    plansUrl: undefined,
    beforeMerge: [],
    blockedBy: [],
    ...extras,
  }
}

function progressed(progress: Progress | undefined): { readonly progress?: Progress } {
  return progress ? { progress } : {}
}

function unplannedOutcome({ kind, reasons }: Change, inventory: Inventory): CommentOutcome {
  if (kind === 'absent') {
    const why = reasons.find((it) => it.kind === 'missing')?.why ?? 'it is no longer there'
    return { kind: 'absent', why }
  }
  if (kind !== 'may') return { kind: 'unplanned', change: kind === 'passive' ? 'update' : kind }
  return {
    kind: 'may',
    reads: reasons.flatMap((it) => {
      if (it.kind !== 'reads') return []
      const { component, stack } = inventory.get(it.of) ?? named(it.of)
      return [{ component, stack, output: undefined }]
    }),
  }
}

/** As many absent instances as this with one reason are named each; more are told of together. */
const fewAlike = 2

function absentGroups(
  items: readonly ShownItem[],
): { readonly instances: readonly ShownItem[]; readonly why: string }[] {
  const byWhy = new Map<string, ShownItem[]>()
  for (const item of items)
    if (item.kind === 'not-planned' && item.change?.kind === 'absent')
      byWhy.set(item.why, [...(byWhy.get(item.why) ?? []), item])
  return [...byWhy].flatMap(([why, instances]) => (instances.length > fewAlike ? [{ why, instances }] : []))
}

function commentInstance(item: ShownItem, { inventory }: PlanOutcome['checkout']): CommentInstance {
  const sections = (inventory.get(item.id) ?? item.change?.before?.instance)?.sections
  return {
    component: item.component,
    stack: item.stack,
    environment: environmentOf(item.stack, sections),
    removed: item.change?.kind === 'destroy',
    reasons: [...(item.change?.reasons ?? []).flatMap(reasonWords), ...(item.readers ?? []).map(readerReason)],
    outcome: outcomeOf(item, inventory),
  }
}

/** Column of the comment's table: `prod · ue2`: the stage and the environment of an instance's variables, else the stack's name. */
export function environmentOf(stack: string, sections: Parameters<typeof valueAt>[0]): string {
  const text = (name: string) => {
    const value = valueAt(sections, ['vars', name])
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
  }
  const [stage, environment] = [text('stage'), text('environment')]
  return stage && environment ? `${stage} · ${environment}` : stack
}

function readerReason({ id, how, at }: Reader): CommentReason {
  return { text: `not destroyed while ${id.replace(/@([^@]*)$/, ' in $1')} ${how} it`, at }
}

function outcomeOf(item: ShownItem, inventory: Inventory): CommentOutcome {
  switch (item.kind) {
    case 'planned':
      return {
        kind: 'planned',
        plan: item.redacted,
        digest: item.digest,
        reads: item.record.reads.map(({ call, of, source }) => ({ call, of: of && named(of), source })),
        provisional: item.provisional.map(named),
        uncertain: item.record.uncertain,
        ...(item.record.merged && { merged: item.record.merged }),
      }
    case 'deferred':
      return { kind: 'deferred', waitsFor: item.waitsFor.map(named) }
    case 'failed':
      return { kind: 'failed', step: item.step, output: item.output }
    case 'blocked':
      return {
        kind: 'failed',
        step: 'plan',
        output: `Not planned: the plan of ${item.by}, which it comes after, failed.`,
      }
    case 'refused':
      return { kind: 'refused', message: item.message, fix: item.fix }
    case 'not-planned':
      return { kind: 'absent', why: item.why }
    case 'unplanned':
      return unplannedOutcome(item.change, inventory)
  }
}

function named(id: InstanceId): InstanceName {
  const cut = id.lastIndexOf('@')
  return { component: id.slice(0, cut), stack: id.slice(cut + 1) }
}
