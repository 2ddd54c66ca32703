import { shortDigest } from '../digest.ts'
import type { RedactedPlan } from '../plan.ts'
import { detailBlocks, isRiskyInstance, notHeld, plannedWith, reasonLines, stateText } from './detail.ts'
import { byEnvironment } from './environments.ts'
import { cellCode, fenced, html, words } from './escape.ts'
import { headlineText } from './headline.ts'
import type { CommentInput, CommentInstance } from './input.ts'
import { bytes, maxSummaryBytes, summaryParts } from './summary-parts.ts'
import { type Paint, renderTerminal } from './terminal.ts'

/**
 * The summary of a step that planned: a table, then every plan in whole, by environment. Never more than GitHub takes from
 * one step: then the longest plans are told shorter, and it says so.
 */
export function renderSummary(input: CommentInput, maxBytes = maxSummaryBytes): string {
  const environments = [...inEnvironments(input.instances)].sort(([a], [b]) => byEnvironment(a, b))
  const links = environments.map(([name]) => `[${words(name)}](#user-content-${anchor(name)})`)
  const top = [
    `### Airlock: ${headlineText(input)}`,
    ...(environments.length > 1 && environments.length <= 60 ? [links.join(' · ')] : []),
    ...overview(input.instances),
  ]
  const sections = environments.flatMap(([name, instances]): Section[] =>
    instances.map((instance, index) => ({
      title: index === 0 ? `<a id="${anchor(name)}"></a>\n\n#### ${words(name)}\n\n` : '',
      instance,
      level: input.instances.length > 1000 ? 1 : 0,
    })),
  )
  const blobUrl = input.blobUrl
  const texts = shrunk(sections, blobUrl, maxBytes - bytes(top.join('\n\n')) - 1000)
  return summaryParts([...top, ...texts, `<sub>At ${words(input.head)}</sub>`], maxBytes, 1).join('')
}

interface Section {
  readonly title: string
  readonly instance: CommentInstance
  /** 0: in whole, 1: shorter, 2: what it comes to. */
  readonly level: number
}

/** The sections as text: the longest are told shorter, until they fit. */
function shrunk(sections: readonly Section[], blobUrl: string | undefined, room: number): string[] {
  const isOnly = sections.length === 1
  const texts = sections.map((it) => sectionText(it, blobUrl, it.level, isOnly))
  const sizes = texts.map(bytes)
  let total = sizes.reduce((sum, it) => sum + it + 2, 0)
  for (const level of [1, 2]) {
    const longestFirst = sections.map((_, index) => index).sort((a, b) => sizes[b]! - sizes[a]!)
    for (const index of longestFirst) {
      if (total <= room) return texts
      const text = sectionText(sections[index]!, blobUrl, level, isOnly)
      total += bytes(text) - sizes[index]!
      texts[index] = text
      sizes[index] = bytes(text)
    }
  }
  return texts
}

function sectionText(
  { title, instance, level: first }: Section,
  blobUrl: string | undefined,
  level: number,
  open: boolean,
): string {
  const risk = isRiskyInstance(instance) ? '⚠ ' : ''
  const line = `${risk}<b>${html(instance.component)}</b> in ${html(instance.stack)}: ${html(stateText(instance))}`
  const blocks = bodyOf(instance, blobUrl, Math.max(first, level))
  return [`${title}<details${open ? ' open' : ''}><summary>${line}</summary>`, ...blocks, '</details>'].join('\n\n')
}

function bodyOf(instance: CommentInstance, blobUrl: string | undefined, level: number): string[] {
  const { outcome } = instance
  if (level === 2) return ['Told shorter: GitHub takes no more of one step. The plan in whole: `airlock show`.']
  if (outcome.kind !== 'planned') return detailBlocks(instance, blobUrl, level === 0 ? 'full' : 'short')
  return [
    ...reasonLines(instance.reasons, blobUrl),
    ...plannedWith(outcome, instance),
    fenced(planText(outcome.plan, level === 0), 'diff'),
    ...notHeld(outcome),
    `Digest ${shortDigest(outcome.digest)}.`,
  ]
}

const plain: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  green: (text) => text,
  yellow: (text) => text,
}

/** Lines longer than this are data, not text to read. */
const longestLine = 2000

/** A plan as text, much as Terraform prints it. */
function planText(plan: RedactedPlan, whole: boolean): string {
  return renderTerminal(plan, { width: whole ? longestLine : 200, paint: plain, whole })
}

/** More lines than this are no overview. */
const mostLines = 300

function overview(instances: readonly CommentInstance[]): string[] {
  if (instances.length < 2) return []
  const rows = instances.slice(0, mostLines).map((it) => {
    const digest = it.outcome.kind === 'planned' ? shortDigest(it.outcome.digest) : '–'
    const state = html(stateText(it))
    return `| ${cellCode(it.component)} | ${cellCode(it.stack)} | ${isRiskyInstance(it) ? `⚠ **${state}**` : state} | ${digest} |`
  })
  const left = instances.length - rows.length
  return [
    ['| component | stack | plan | digest |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...(left > 0 ? [`${left} more rows are left out here.`] : []),
  ]
}

function inEnvironments(instances: readonly CommentInstance[]): Map<string, CommentInstance[]> {
  const found = new Map<string, CommentInstance[]>()
  for (const it of instances) {
    const group = found.get(it.environment)
    if (group) group.push(it)
    else found.set(it.environment, [it])
  }
  return found
}

/** A name that may stand in an address; GitHub puts `user-content-` before it. */
function anchor(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
    .slice(0, 80)
}
