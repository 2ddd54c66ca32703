import type { Change } from '../affected/affected.ts'
import type { Reason } from '../affected/reasons.ts'
import type { Annotation } from '../github/checks.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { cut, visible } from '../plan/render/escape.ts'
import { countsText, isDangerous, planCounts } from '../plan/summary.ts'
import type { OwnersProblem } from '../records/pull-request.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Finding } from '../stacks/validate.ts'
import { reasonWords } from './reasons.ts'

/** All that has a line in the head. */
export interface Annotated {
  readonly changes: readonly Change[]
  /** What is planned, by instance; one without a plan is told of by its change alone. */
  readonly plans: ReadonlyMap<InstanceId, RedactedPlan>
  /** What `validate stacks` found in the head. */
  readonly findings: readonly Finding[]
  /** Lines of CODEOWNERS that GitHub skips. */
  readonly owners: readonly OwnersProblem[]
}

/** More notes than this are more than anybody reads, and one request takes no more (`annotationsPerCall`). */
export const mostAnnotations = 50

/**
 * Notes at the lines of the head that something is to be said of, one a line: failures first, then what destroys, then in
 * order of files. Of more than `most` the last one says how many are missing.
 */
export function annotationsOf(
  { changes, plans, findings, owners }: Annotated,
  most = mostAnnotations,
): readonly Annotation[] {
  const all = [...findingNotes(findings), ...owners.map(ownersNote), ...changeNotes(changes, plans)].sort(inOrder)
  if (all.length <= most) return all
  const left = all.length - (most - 1)
  const first = all[most - 1]!
  return [
    ...all.slice(0, most - 1),
    {
      path: first.path,
      line: first.line,
      level: 'notice',
      title: `${left} more lines`,
      message: `${left} more lines have something to be said of them, this one first. The comment on the pull request lists every change.`,
    },
  ]
}

const ranks = { failure: 0, warning: 1, notice: 2 } as const

function inOrder(a: Annotation, b: Annotation): number {
  return (
    ranks[a.level] - ranks[b.level] ||
    compared(a.path, b.path) ||
    a.line - b.line ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compared(a.message, b.message)
  )
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function findingNotes(findings: readonly Finding[]): Annotation[] {
  return findings.map(({ severity, at, message }) => ({
    path: at.file,
    line: at.line,
    column: at.column,
    level: severity === 'error' ? 'failure' : 'warning',
    title: 'Airlock: the stacks',
    message: said(message),
  }))
}

function ownersNote({ file, line, column, problem }: OwnersProblem): Annotation {
  return {
    path: file,
    line,
    column,
    level: 'warning',
    title: 'Airlock: GitHub skips this line',
    message: said(`${problem}, so nobody can tell who owns what it should say`),
  }
}

interface Cause {
  readonly change: Change
  readonly path: string
  readonly line: number
  readonly words: string
}

function changeNotes(changes: readonly Change[], plans: Annotated['plans']): Annotation[] {
  const lines = new Map<string, Cause[]>()
  for (const change of changes) {
    if (change.kind === 'passive') continue
    for (const reason of change.reasons) {
      const cause = causeOf(change, reason)
      if (cause === undefined) continue
      const key = `${cause.path}\n${cause.line}`
      const known = lines.get(key)
      if (known) known.push(cause)
      else lines.set(key, [cause])
    }
  }
  return [...lines.values()].map((causes) => changeNote(causes, plans))
}

function causeOf(change: Change, reason: Reason): Cause | undefined {
  // A file has no line that is to blame; GitHub shows the note above its first.
  if (reason.kind === 'file')
    return reason.change === 'deleted'
      ? undefined
      : { change, path: reason.path, line: 1, words: `this file was ${reason.change}` }
  const [told] = reasonWords(reason)
  return told?.at && { change, path: told.at.file, line: told.at.line, words: told.text }
}

/** More instances than this are counted. */
const mostInstances = 12

/** What one line changes: instances for which it means the same are named together. */
function changeNote(causes: readonly Cause[], plans: Annotated['plans']): Annotation {
  const { path, line } = causes[0]!
  const ids = [...new Set(causes.map(({ change }) => change.id))].sort()
  const dangerous = ids.some((id) => {
    const plan = plans.get(id)
    return plan !== undefined && isDangerous(plan)
  })
  const what = new Map<InstanceId, string>()
  for (const { change } of causes) what.set(change.id, outcomeText(change, plans.get(change.id)))
  const why = [...new Set(causes.map(({ words }) => words))].sort()
  const left = ids.length - mostInstances
  return {
    path,
    line,
    level: dangerous ? 'warning' : 'notice',
    title:
      `Airlock: changes ${ids.length === 1 ? nameOf(ids[0]!) : `${ids.length} instances`}${dangerous ? ', and destroys' : ''}`.slice(
        0,
        250,
      ),
    message: said(
      [
        ...why.slice(0, 5),
        ...(why.length > 5 ? [`and ${why.length - 5} more`] : []),
        ...ids.slice(0, mostInstances).map((id) => `${nameOf(id)}: ${what.get(id)}`),
        ...(left > 0 ? [`and ${left} more instances`] : []),
      ].join('\n'),
    ),
  }
}

const kinds = {
  create: 'new',
  update: 'changed',
  move: 'has another name, and the same state',
  destroy: 'to be destroyed',
  absent: 'no longer there, nothing is destroyed',
  may: 'may change',
  passive: 'not planned',
} as const

function outcomeText(change: Change, plan: RedactedPlan | undefined): string {
  return plan ? `${countsText(planCounts(plan))}${isDangerous(plan) ? ' ⚠' : ''}` : kinds[change.kind]
}

function nameOf(id: InstanceId): string {
  return id.replace(/@([^@]*)$/, ' in $1')
}

/** GitHub takes 64 KB of a message; nobody reads so much beside a line. */
function said(text: string): string {
  return cut(visible(text), 4000)
}
