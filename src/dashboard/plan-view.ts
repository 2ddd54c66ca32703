import { hasEffect, type RedactedPlan, type ResourceChange } from '../plan/plan.ts'
import { type AttributeRow, attributes } from '../plan/render/attributes.ts'
import { cut } from '../plan/render/escape.ts'
import { lineDiff } from '../plan/render/line-diff.ts'
import { actionPhrase, byDanger, clauses, isRisky } from '../plan/render/phrases.ts'
import { countsText, isDangerous, planCounts } from '../plan/summary.ts'
import { type PlanValue, valueAt, valueText } from '../plan/value.ts'

/** What of a plan its reviewers saw: what changes, attribute by attribute; nothing that the comment would not show. */
export interface PlanView {
  /** `1 to change` */
  readonly does: string
  readonly dangerous: boolean
  /** What is to be known of the plan as a whole, one a sentence. */
  readonly remarks: readonly string[]
  /** Most dangerous first. */
  readonly objects: readonly ObjectView[]
  /** What was met to have changed outside while planning. */
  readonly drift: readonly ObjectView[]
  readonly outputs: readonly { readonly name: string; readonly value: Cell }[]
  /** Lists are cut to what a page can hold; this many objects are left out. */
  readonly left: number
}

/** One object and what happens to it. */
export interface ObjectView {
  readonly address: string
  /** `will be changed in place` */
  readonly phrase: string
  readonly risky: boolean
  /** `replaced because of cidr` */
  readonly because: readonly string[]
  /** It is new, so that there is no before. */
  readonly made: boolean
  readonly rows: readonly RowView[]
  readonly left: number
  /** Attributes of which only is known that apply will tell. */
  readonly unknown: readonly string[]
}

/** One attribute; a long text is told by the lines that differ. */
export interface RowView {
  readonly name: string
  readonly before: Cell
  readonly after: Cell
  readonly forces: boolean
  readonly diff?: readonly string[]
}

/** A value as people see it: `code` is a value, `words` say what stands in its place. */
export type Cell = { readonly code: string } | { readonly words: string }

const most = { objects: 120, rows: 80, chars: 300, names: 60, outputs: 60, lines: 120 } as const

/** What reviewers saw of a plan. */
export function planView(plan: RedactedPlan): PlanView {
  const changes = plan.changes.filter(hasEffect).toSorted(byDanger)
  const deferred = plan.deferred.map(({ reason, change }) => ({
    ...heading(change),
    because: [`deferred: ${reason.replaceAll('_', ' ')}`],
  }))
  const objects = [...changes.map((it) => objectView(it)), ...deferred]
  return {
    does: countsText(planCounts(plan)),
    dangerous: isDangerous(plan),
    remarks: remarks(plan),
    objects: objects.slice(0, most.objects),
    drift: plan.drift.slice(0, 20).map((it) => ({
      ...objectView(it),
      phrase: `was ${it.action === 'delete' ? 'deleted' : 'changed'} outside of Terraform`,
      risky: false,
    })),
    outputs: plan.outputs
      .filter(({ action }) => action !== 'no-op')
      .slice(0, most.outputs)
      .map(({ name, action, after }) => ({
        name: cut(name, 200),
        value: action === 'delete' || after === undefined ? { words: 'removed' } : cell(after, 80),
      })),
    left: Math.max(0, objects.length - most.objects),
  }
}

/** How large a view is about, in characters: for keeping a page small. */
export function viewSize(view: PlanView): number {
  return JSON.stringify(view).length
}

function remarks(plan: RedactedPlan): string[] {
  const failing = plan.checks.filter(({ status }) => status === 'fail' || status === 'error')
  return [
    ...(plan.errored ? ['Planning stopped half-way: this is not all that would change.'] : []),
    ...(plan.complete ? [] : ['This plan is not the whole: some changes are left to a later one.']),
    ...failing.slice(0, 20).map(({ address, status, problems }) => {
      const what = status === 'fail' ? 'fails' : 'could not be checked'
      return `${address} ${what}: ${cut(problems.join('; '), 500)}`
    }),
    ...plan.invocations.slice(0, 20).map(({ address }) => `Runs the action ${address}.`),
    ...(plan.shortSecrets > 0
      ? [`Secret values shorter than four characters are not looked for in it: ${plan.shortSecrets}.`]
      : []),
  ]
}

function heading(change: ResourceChange): ObjectView {
  return {
    address: cut(change.address, 400),
    phrase: `will be ${actionPhrase(change)}`,
    risky: isRisky(change),
    because: clauses(change).map(({ text, names }) => [text, names.slice(0, 8).join(', ')].join(' ').trim()),
    made: change.before === undefined,
    rows: [],
    left: 0,
    unknown: [],
  }
}

function objectView(change: ResourceChange): ObjectView {
  const head = heading(change)
  if (change.action === 'forget' || change.action === 'read') return head
  if (change.action === 'delete') return { ...head, because: [...head.because, ...identity(change.before)] }
  const { rows, unknown } = attributes(change)
  return {
    ...head,
    rows: rows.slice(0, most.rows).map(rowView),
    left: Math.max(0, rows.length - most.rows),
    unknown: unknown.slice(0, most.names),
  }
}

function rowView(row: AttributeRow): RowView {
  const diff = longText(row)
  return {
    name: cut(row.name, 200),
    before: diff ? { words: 'text' } : cell(row.before, most.chars),
    after: diff ? { words: 'changed, below' } : cell(row.after, most.chars),
    forces: row.forcesReplacement,
    ...(diff && { diff }),
  }
}

/** A value as the comment's tables have it. */
function cell(value: PlanValue | undefined, chars: number): Cell {
  switch (value?.kind) {
    case undefined:
      return { words: '–' }
    case 'unknown':
      return { words: 'known after apply' }
    case 'sensitive':
      return { words: value.changed ? 'sensitive, changed' : 'sensitive' }
    case 'known':
    case 'list':
    case 'map':
      return { code: cut(valueText(value), chars) }
  }
}

/** Which object it is, beyond its address. */
function identity(before: PlanValue | undefined): string[] {
  for (const name of ['arn', 'id', 'name']) {
    const value = valueAt(before, [name])
    if (value?.kind === 'known' && typeof value.value === 'string') return [`${name} ${cut(value.value, 200)}`]
  }
  return []
}

function longText({ before, after }: AttributeRow): string[] | undefined {
  const [a, b] = [textOf(before), textOf(after)]
  if (a === undefined || b === undefined || !(a + b).trim().includes('\n')) return undefined
  return lineDiff(a, b)
    ?.slice(0, most.lines)
    .map((line) => cut(line, most.chars))
}

function textOf(value: PlanValue | undefined): string | undefined {
  if (value === undefined) return ''
  return value.kind === 'known' && typeof value.value === 'string' ? value.value : undefined
}
