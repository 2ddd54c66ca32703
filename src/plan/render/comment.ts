import { shortDigest } from '../digest.ts'
import { addCounts, changesAnything, type PlanCounts, planCounts } from '../summary.ts'
import { type Level, levels } from './change.ts'
import { detailBlocks, summaryLine } from './detail.ts'
import { code, link, words } from './escape.ts'
import { groupedInstances } from './groups.ts'
import type { AbsentGroup, CommentInput, CommentInstance, Sentence } from './input.ts'
import { matrix } from './matrix.ts'

/** Tells our comment from any other on a pull request. */
export const commentMarker = '<!-- airlock -->'

/** GitHub takes 65,536 characters; bytes of UTF-8 are never fewer, and a little room is left. */
export const maxCommentBytes = 65_000

/**
 * The pull request's comment. Never longer than GitHub takes: instances with most to tell are told shorter first, and
 * the comment says so. Every block is whole: no table or fence is ever cut.
 */
export function renderComment(input: CommentInput, maxBytes = maxCommentBytes): string {
  const groups = groupedInstances(input)
  const twins = new Map(
    groups.flatMap(([first, ...others]) => others.map((it): [CommentInstance, CommentInstance] => [it, first!])),
  )
  // However many rows and long the names: the details must have room.
  const tops = [40, 20, 10, 5, 0].map((rows) => topBlocks(input, twins, rows))
  const top = tops.find((blocks) => bytes(blocks.join('\n\n')) < maxBytes * 0.6) ?? tops.at(-1)!
  const end = footer(input)
  const room = maxBytes - bytes([...top, ...end, shortened(input, 9999, 9999)].join('\n\n')) - 2
  const chosen = fitting(groups, input.blobUrl, room)
  const details = chosen.filter((it) => it !== undefined)
  const shorter = details.filter((it) => it.level > 0).length
  const dropped = chosen.length - details.length
  return [
    ...top,
    ...details.map((it) => it.text),
    ...(shorter + dropped > 0 ? [shortened(input, shorter, dropped)] : []),
    ...end,
  ].join('\n\n')
}

function topBlocks(input: CommentInput, twins: ReadonlyMap<CommentInstance, CommentInstance>, rows: number): string[] {
  return [
    headline(input),
    ...(input.instances.length === 0 ? [] : [matrix(input.instances, twins, rows)]),
    ...(input.absent ?? []).map((it) => `**${words(absentText(it))}** ${words(it.why)}. Nothing is destroyed.`),
    ...(input.beforeMerge.length === 0 ? [] : [`**Before merge**: ${sentences(input.beforeMerge)}`]),
    ...(input.blockedBy.length === 0 ? [] : [`**Blocked by**: ${sentences(input.blockedBy)}`]),
  ]
}

/** `3 planned, 1 to change, ⚠ 2 to destroy` */
export function headlineText({ instances, absent = [] }: Pick<CommentInput, 'instances' | 'absent'>): string {
  const of = (kind: CommentInstance['outcome']['kind']) => instances.filter((it) => it.outcome.kind === kind)
  const planned = of('planned')
  const counts = addCounts(
    planned.flatMap((it) => (it.outcome.kind === 'planned' ? [planCounts(it.outcome.plan)] : [])),
  )
  const failed = of('failed').length
  const say = (count: number, text: string) => (count === 0 ? [] : [`${count} ${text}`])
  const parts = [
    ...(failed > 0 ? [`⚠ ${failed} of ${failed + planned.length} plans failed`] : say(planned.length, 'planned')),
    ...(planned.length > 0 ? dangerFirst(counts) : []),
    ...say(of('may').length, 'may change'),
    ...say(of('deferred').length, 'deferred'),
    ...say(of('refused').length, 'refused').map((it) => `⚠ ${it}`),
    ...say(
      absent.reduce((sum, { instances: those }) => sum + those.length, of('absent').length),
      'no longer there',
    ),
  ]
  return parts.length === 0 ? 'nothing to plan' : parts.join(', ')
}

/** `12 instances are no longer there (app, cluster, vpc in 4 stacks):` */
export function absentText({ instances }: AbsentGroup): string {
  const components = [...new Set(instances.map(({ component }) => component))].sort()
  const stacks = [...new Set(instances.map(({ stack }) => stack))]
  const shown = components.slice(0, 5).join(', ') + (components.length > 5 ? ` and ${components.length - 5} more` : '')
  const where = stacks.length === 1 ? stacks[0] : `${stacks.length} stacks`
  return `${instances.length} instances are no longer there (${shown} in ${where}):`
}

function dangerFirst(counts: PlanCounts): string[] {
  if (!changesAnything(counts)) return ['no change']
  const say = (count: number, text: string) => (count === 0 ? [] : [`${count} ${text}`])
  const found = [
    ...say(counts.destroy, 'to destroy').map((it) => `⚠ ${it}`),
    ...say(counts.replace, 'to replace').map((it) => `⚠ ${it}`),
    ...say(counts.change, 'to change'),
    ...say(counts.create, 'to add'),
    ...say(counts.import, 'to import'),
    ...say(counts.move, 'to move'),
    ...say(counts.forget, 'to forget'),
    ...say(counts.invoke, counts.invoke === 1 ? 'action to run' : 'actions to run'),
  ]
  return found.length > 0 ? found : [counts.outputs > 0 ? 'outputs only' : 'changes deferred']
}

function headline(input: CommentInput): string {
  const passive = input.passive === 0 ? '' : `, ${input.passive} more affected in name only`
  return `### Airlock: ${headlineText(input)}${passive}`
}

function part(group: readonly CommentInstance[], blobUrl: string | undefined, level: Level): string {
  const summary = `<details><summary>${summaryLine(group)}</summary>`
  const blocks =
    level === 'none' ? ['Left out: this comment would be too long.'] : detailBlocks(group[0]!, blobUrl, level)
  return [summary, ...blocks, '</details>'].join('\n\n')
}

interface Chosen {
  readonly text: string
  readonly level: number
}

/**
 * The most that fits, one for each group: as long as it is too much, the longest part is told one level shorter, all
 * at one level before any at the next; at last, parts go (undefined), those at the end first.
 */
function fitting(
  groups: readonly (readonly CommentInstance[])[],
  blobUrl: string | undefined,
  room: number,
): (Chosen | undefined)[] {
  const first = groups.length <= 150 ? 0 : groups.length <= 500 ? 1 : 2
  const at = (group: readonly CommentInstance[], level: number) => ({
    text: part(group, blobUrl, levels[level]!),
    level,
  })
  const chosen: (Chosen | undefined)[] = groups.map((group) => at(group, first))
  const size = (it: Chosen | undefined) => (it === undefined ? 0 : bytes(it.text) + 2)
  let total = chosen.reduce((sum, it) => sum + size(it), 0)
  const change = (index: number, to: Chosen | undefined) => {
    total += size(to) - size(chosen[index])
    chosen[index] = to
  }
  for (let level = first + 1; level < levels.length; level += 1) {
    const longestFirst = groups.map((_, index) => index).sort((a, b) => size(chosen[b]) - size(chosen[a]))
    for (const index of longestFirst) if (total > room) change(index, at(groups[index]!, level))
  }
  for (let index = groups.length - 1; index >= 0 && total > room; index -= 1) change(index, undefined)
  return chosen
}

function shortened(input: CommentInput, shorter: number, dropped: number): string {
  const what = [
    ...(shorter > 0 ? [`${shorter} ${shorter === 1 ? 'part is' : 'parts are'} told shorter`] : []),
    ...(dropped > 0 ? [`${dropped} ${dropped === 1 ? 'is' : 'are'} left out`] : []),
  ]
  const where = input.plansUrl ? link('The whole plans', input.plansUrl) : 'The whole plans: `airlock show`'
  return `**This comment would be too long**: ${what.join(', ')}. ${where}.`
}

function footer(input: CommentInput): string[] {
  const planned = input.instances.flatMap((it) => (it.outcome.kind === 'planned' ? [it.outcome.digest] : []))
  const digests = [...new Set(planned)].map((digest) => shortDigest(digest).replace(' ', ''))
  const left = digests.length - 8
  const on = input.base ? `, compared with ${words(`${input.base.branch}@${input.base.commit}`)}` : ''
  const pieces = [
    `Planned at ${words(input.head)}${on}`,
    ...(digests.length === 0
      ? []
      : [
          `${digests.length === 1 ? 'digest' : 'digests'} ${digests.slice(0, 8).join(', ')}${left > 0 ? ` and ${left} more` : ''}`,
        ]),
    ...(input.plansUrl ? [link('whole plans', input.plansUrl)] : []),
  ]
  return [`<sub>${pieces.join(' · ')}</sub>`, commentMarker]
}

const mostSentences = 10

function sentences(all: readonly Sentence[]): string {
  const left = all.length - mostSentences
  const told = all.slice(0, mostSentences).map((sentence) => sentence.slice(0, 40).map(partText).join(''))
  return [...told, ...(left > 0 ? [`And ${left} more.`] : [])].join(' ')
}

function partText(part: Sentence[number]): string {
  if (typeof part === 'string') return words(part)
  if ('code' in part) return code(part.code)
  if ('bold' in part) return `**${words(part.bold)}**`
  if ('link' in part) return link(part.text, part.link)
  return /^@[\w-]+(\/[\w.-]+)?$/.test(part.owner) ? part.owner : code(part.owner)
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}
