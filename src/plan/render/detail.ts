import type { Position } from '../../error.ts'
import type { RedactedPlan } from '../plan.ts'
import { hasEffect } from '../plan.ts'
import { countsText, isDangerous, planCounts } from '../summary.ts'
import { attributes } from './attributes.ts'
import { cell, changeBlocks, changeHeading, type Level, rowBlocks } from './change.ts'
import { code, cut, fenced, html, link, urlPath, words } from './escape.ts'
import type { CommentInstance, CommentOutcome, CommentRead, CommentReason, InstanceName } from './input.ts'
import { byDanger } from './phrases.ts'

/** Objects that are named at most where values are left out. */
const mostNames = 60

/** What one instance's part says below its summary line, as Markdown blocks. */
export function detailBlocks(
  instance: CommentInstance,
  blobUrl: string | undefined,
  level: Level,
  reasons = instance.reasons,
): string[] {
  return [...reasonLines(reasons, blobUrl), ...outcomeBlocks(instance, level)]
}

/** The same without why it is planned. */
export function outcomeBlocks(instance: CommentInstance, level: Level): string[] {
  const { outcome } = instance
  switch (outcome.kind) {
    case 'planned':
      return [...plannedWith(outcome, instance), ...planBlocks(outcome.plan, level), ...notHeld(outcome)]
    case 'may':
      return [
        `Reads ${outcome.reads
          .slice(0, 20)
          .map((it) => mayText(it, instance))
          .join(', ')}, which may change.`,
      ]
    case 'deferred':
      return [
        `Planned once ${outcome.waitsFor
          .slice(0, 20)
          .map((it) => nameText(it, instance))
          .join(', ')} has been applied for the first time.`,
      ]
    case 'failed':
      return [`\`${outcome.step}\` failed:`, fenced(tail(outcome.output, level))]
    case 'refused':
      return [fenced(`${outcome.message}\n\n${outcome.fix}`)]
    case 'absent':
      if (instance.removed) return [`${words(outcome.why)}.`]
      return [`${words(outcome.why)}. Nothing is destroyed: nobody removed its declaration.`]
    case 'unplanned':
      return []
  }
}

/** What was read for a plan, and what of that is known only later. */
export function plannedWith(outcome: Planned, instance: InstanceName): string[] {
  return [
    ...outcome.provisional.map(
      (upstream) =>
        `**Provisional**: what it reads of ${nameText(upstream, instance)} is known only after that is applied. Planned with the value of now, and planned again after it.`,
    ),
    ...(outcome.reads.length === 0
      ? []
      : [
          `Reads ${outcome.reads
            .slice(0, 20)
            .map((it) => readText(it, instance))
            .join(', ')}.`,
        ]),
  ]
}

/** Why a plan is made again before it is applied, where it is. */
export function notHeld(outcome: Planned): string[] {
  return [
    ...(outcome.uncertain.length === 0
      ? []
      : [
          `Not held by the fingerprint, so this plan is made again before it is applied: ${outcome.uncertain.slice(0, 10).map(words).join('; ')}.`,
        ]),
  ]
}

type Planned = Extract<CommentOutcome, { readonly kind: 'planned' }>

/** Why, as a list in one block, each text once with its places; no block where there is no reason. */
export function reasonLines(reasons: readonly CommentReason[], blobUrl: string | undefined): string[] {
  const places = new Map<string, string[]>()
  for (const { text, at } of reasons) {
    const known = places.get(text) ?? []
    places.set(text, at ? [...known, placeText(at, blobUrl)] : known)
  }
  const lines = [...places].slice(0, 20).map(([text, all]) => {
    const where = [...new Set(all)]
    const left = where.length - 6
    const shown = [...where.slice(0, 6), ...(left > 0 ? [`and ${left} more`] : [])]
    return `- ${[code(cut(text, 300)), ...shown].join(', ')}`
  })
  const left = places.size - lines.length
  return lines.length === 0 ? [] : [[...lines, ...(left > 0 ? [`- and ${left} more reasons`] : [])].join('\n')]
}

/** `⚠ <b>bastion</b> in plat-ue2-dev: 2 to destroy (its declaration was removed)`, for an HTML summary. */
export function summaryLine(instances: readonly CommentInstance[]): string {
  const first = instances[0]!
  const stacks = instances.map((it) => it.stack)
  const shown = stacks.slice(0, 6).map(html).join(', ') + (stacks.length > 6 ? ` and ${stacks.length - 6} more` : '')
  return `${isRiskyInstance(first) ? '⚠ ' : ''}<b>${html(first.component)}</b> in ${shown}: ${html(stateText(first))}`
}

/** `2 to destroy (its declaration was removed)`, `planning failed` */
export function stateText(instance: CommentInstance): string {
  const { outcome } = instance
  switch (outcome.kind) {
    case 'planned':
      return (
        countsText(planCounts(outcome.plan)) +
        (outcome.provisional.length > 0 ? ', provisional' : '') +
        (outcome.merged ? `, for ${outcome.merged.map((it) => `#${it}`).join(' and ')}` : '') +
        (instance.removed ? ' (its declaration was removed)' : '')
      )
    case 'may':
      return 'may change'
    case 'deferred':
      return 'deferred'
    case 'failed':
      return 'planning failed'
    case 'refused':
      return 'refused'
    case 'absent':
      return instance.removed ? 'nothing to destroy' : 'no longer there'
    case 'unplanned':
      return `${unplannedText[outcome.change]}, not planned`
  }
}

/** What its configuration alone tells of a change. */
export const unplannedText = {
  create: 'new',
  update: 'changed',
  move: 'has another name',
  destroy: 'to be removed',
  may: 'may change',
} as const

/** Whether something is destroyed or replaced. */
export function isRiskyInstance({ outcome }: CommentInstance): boolean {
  if (outcome.kind === 'unplanned') return outcome.change === 'destroy'
  return outcome.kind === 'planned' && isDangerous(outcome.plan)
}

/** `vpc`, or `vpc in plat-ue2-prod` where that is another stack; `span`: `cellCode` inside a table. */
export function nameText(name: InstanceName, from: InstanceName | undefined, span = code): string {
  return name.stack === from?.stack ? span(name.component) : `${span(name.component)} in ${words(name.stack)}`
}

function planBlocks(plan: RedactedPlan, level: Level): string[] {
  const changes = plan.changes.filter(hasEffect).toSorted(byDanger)
  const failed = plan.checks.filter((it) => it.status === 'fail' || it.status === 'error')
  const outputs = plan.outputs.filter((it) => it.action !== 'no-op')
  const many = level === 'full' ? 400 : mostNames
  return [
    ...(plan.errored ? ['⚠ Planning stopped half-way: this is not all that would change.'] : []),
    ...(plan.complete ? [] : ['This plan is not the whole: some changes are left to a later one.']),
    ...failed
      .slice(0, 20)
      .map(
        (it) =>
          `⚠ ${code(it.address)} ${it.status === 'fail' ? 'fails' : 'could not be checked'}: ${words(cut(it.problems.join('; '), 500))}`,
      ),
    ...limited(changes, many, 'objects', (it) => changeBlocks(it, level)),
    ...limited(plan.deferred, mostNames, 'deferred changes', (it) => [
      `Deferred (${words(it.reason.replaceAll('_', ' '))}): ${changeHeading(it.change)}`,
    ]),
    ...runs(plan),
    ...(outputs.length === 0
      ? []
      : [
          `Outputs: ${outputs
            .slice(0, level === 'full' ? 60 : 12)
            .map(outputText)
            .join(', ')}${more(outputs.length, level === 'full' ? 60 : 12)}.`,
        ]),
    ...driftBlocks(plan, level),
    ...(plan.shortSecrets > 0
      ? [
          `${plan.shortSecrets} secret ${plan.shortSecrets === 1 ? 'value is' : 'values are'} shorter than four characters and not looked for above.`,
        ]
      : []),
  ]
}

function runs(plan: RedactedPlan): string[] {
  const made = new Set(
    plan.changes.filter((it) => it.action !== 'no-op' && it.action !== 'update').map((it) => blockOf(it.address)),
  )
  const run = plan.provisioners.filter((it) => made.has(it.address))
  return [
    ...limited(run, 20, 'provisioners', (it) => [`Runs ${code(it.type)}, a provisioner of ${code(it.address)}.`]),
    ...limited(plan.invocations, 20, 'actions', (it) => [`Runs the action ${code(it.address)}.`]),
  ]
}

function driftBlocks(plan: RedactedPlan, level: Level): string[] {
  if (plan.drift.length === 0) return []
  const shown = limited(plan.drift, 20, 'objects', (it) => {
    const gone = it.action === 'delete'
    const rows = gone ? [] : attributes(it).rows
    return [
      `${code(it.address)} was ${gone ? 'deleted' : 'changed'} outside of Terraform.`,
      ...(level === 'full' || level === 'short' ? rowBlocks(rows, false, level) : []),
    ]
  })
  return ['**Met while planning**:', ...shown]
}

function outputText({ name, after, action }: RedactedPlan['outputs'][number]): string {
  if (action === 'delete' || after === undefined) return `${code(name)} removed`
  const value = cell(after, 80)
  return `${code(name)} ${value.replaceAll('\\|', '|')}`
}

function placeText(at: Position, blobUrl: string | undefined): string {
  const where = `${at.file}:${at.line}`
  return blobUrl ? link(where, `${blobUrl}/${urlPath(at.file)}#L${at.line}`) : code(where)
}

const sources = {
  plan: 'as planned in this run',
  state: 'as it is now',
  store: 'from a store',
  environment: 'from the environment',
} as const

function readText({ call, of, source }: CommentRead, from: InstanceName): string {
  const whose = of && of.stack !== from.stack ? ` of ${words(of.stack)}` : ''
  return `${code(cut(call, 200))}${whose} (${sources[source]})`
}

function mayText(read: InstanceName & { readonly output: string | undefined }, from: InstanceName): string {
  if (read.output === undefined) return nameText(read, from)
  const name = code(`${read.component}.${read.output}`)
  return read.stack === from.stack ? name : `${name} in ${words(read.stack)}`
}

/** The last lines hold the error; the first ones, what was asked. */
function tail(output: string, level: Level): string {
  const lines = output.trimEnd().split('\n')
  const most = { full: 120, short: 40, names: 15, none: 5 }[level]
  const shown = lines.slice(-most).map((line) => cut(line, 400))
  return (lines.length > most ? [`… ${lines.length - most} lines before this`, ...shown] : shown).join('\n')
}

function limited<T>(items: readonly T[], most: number, what: string, show: (item: T) => string[]): string[] {
  const left = items.length - most
  return [...items.slice(0, most).flatMap(show), ...(left > 0 ? [`${left} more ${what} are left out here.`] : [])]
}

function more(length: number, most: number): string {
  return length > most ? ` and ${length - most} more` : ''
}

/** `module.a["x"].t.n[0]` → `module.a.t.n` */
function blockOf(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')
}
