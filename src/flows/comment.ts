import type { Reason } from '../affected/reasons.ts'
import { place } from '../error.ts'
import type {
  CommentInput,
  CommentInstance,
  CommentOutcome,
  CommentReason,
  InstanceName,
} from '../plan/render/input.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { type Plain, valueAt } from '../stacks/value.ts'
import type { PlanOutcome } from './plan.ts'
import type { ShownItem } from './planning.ts'
import type { Reader } from './removals.ts'

/** What of a plan run is shown. */
export type Shown = Pick<PlanOutcome, 'head' | 'base' | 'checkout' | 'passive' | 'order'> & {
  readonly items: readonly ShownItem[]
}

/** What the pull request's comment says of a plan run, and of what the gate found, where that was asked. */
export function commentInput(
  { head, base, items, checkout, passive, order }: Shown,
  gate?: Pick<CommentInput, 'beforeMerge' | 'blockedBy'>,
): CommentInput {
  const rank = new Map(order.map((id, index) => [id, index]))
  const groups = absentGroups(items)
  const told = new Set(groups.flatMap(({ instances }) => instances.map(({ id }) => id)))
  const sorted = items.filter(({ id }) => !told.has(id)).sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))
  return {
    instances: sorted.map((item) => commentInstance(item, checkout)),
    ...(groups.length > 0 && { absent: groups }),
    passive,
    head: head.commit.slice(0, 7),
    base: base && { branch: base.name, commit: base.commit.slice(0, 7) },
    blobUrl: undefined,
    plansUrl: undefined,
    beforeMerge: gate?.beforeMerge ?? [],
    blockedBy: gate?.blockedBy ?? [],
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
    reasons: [...(item.change?.reasons ?? []).flatMap(reasonOf), ...(item.readers ?? []).map(readerReason)],
    outcome: outcomeOf(item),
  }
}

/** `prod · ue2`: the stage and the environment of an instance's variables, else the stack's name. */
function environmentOf(stack: string, sections: Parameters<typeof valueAt>[0]): string {
  const text = (name: string) => {
    const value = valueAt(sections, ['vars', name])
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
  }
  const [stage, environment] = [text('stage'), text('environment')]
  return stage && environment ? `${stage} · ${environment}` : stack
}

function reasonOf(reason: Reason): CommentReason[] {
  switch (reason.kind) {
    case 'declared':
      return [{ text: 'it is new', at: reason.at }]
    case 'removed':
      return [{ text: `it stood in ${place(reason.was)} until then`, at: undefined }]
    case 'moved':
      return [{ text: `moved from ${reason.from}: it has the same state, nothing is destroyed`, at: reason.at }]
    case 'missing':
      return []
    case 'value':
      return [{ text: `${reason.path.join('.')} ${short(reason.before)} → ${short(reason.after)}`, at: reason.at }]
    case 'file':
      return [{ text: `${reason.path} ${reason.change}`, at: undefined }]
    case 'workspace':
      return [{ text: `workspace ${reason.before} → ${reason.after}`, at: undefined }]
    case 'reads':
      return [{ text: `${reason.call.path.join('.')} reads ${reason.call.args}`, at: reason.call.at }]
  }
}

function readerReason({ id, how, at }: Reader): CommentReason {
  return { text: `not destroyed while ${id.replace(/@([^@]*)$/, ' in $1')} ${how} it`, at }
}

function short(value: Plain | undefined): string {
  if (value === undefined) return '(none)'
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? String(it) : it))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function outcomeOf(item: ShownItem): CommentOutcome {
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
  }
}

function named(id: InstanceId): InstanceName {
  const cut = id.lastIndexOf('@')
  return { component: id.slice(0, cut), stack: id.slice(cut + 1) }
}
