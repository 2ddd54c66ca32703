import { shortDigest } from '../digest.ts'
import { nameText } from './detail.ts'
import { code, link, words } from './escape.ts'
import { fitted } from './fit.ts'
import { groupedInstances } from './groups.ts'
import { absentText, headlineText } from './headline.ts'
import type { CommentInput, CommentInstance, Progress } from './input.ts'
import { matrix } from './matrix.ts'
import { sentencesText, sentenceText } from './sentences.ts'
import { stateLine } from './state.ts'

/** GitHub takes this many characters, counted as UTF-16 units, in one comment, and refuses one more. */
export const maxCommentCharacters = 65_536

/**
 * The pull request's comment. Never longer than GitHub takes: instances with most to tell are told shorter first, and
 * the comment says so. Every block is whole: no table or fence is ever cut.
 * @param most characters (UTF-16 units), at least 6,000
 */
export function renderComment(input: CommentInput, most = maxCommentCharacters): string {
  const groups = groupedInstances(input)
  const twins = new Map(
    groups.flatMap(([first, ...others]) => others.map((it): [CommentInstance, CommentInstance] => [it, first!])),
  )
  const end = [footer(input), stateLine(digestsOf(input))]
  const length = (blocks: readonly string[]) => blocks.reduce((sum, it) => sum + it.length + 2, 0)
  const fixed = length([...end, shortened(input, 99_999, 99_999)])
  // However many rows and long the names: the details must have room.
  const most60 = Math.min(most * 0.6, most - fixed)
  const tops = [40, 20, 10, 5, 2].map((rows) => () => topBlocks(input, twins, rows))
  const top = firstThat(tops, (blocks) => length(blocks) <= most60) ?? [headline(input), leastTop(input)]
  const chosen = fitted(groups, input.blobUrl, most - fixed - length(top))
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

function firstThat<T>(makers: readonly (() => T)[], test: (made: T) => boolean): T | undefined {
  for (const make of makers) {
    const made = make()
    if (test(made)) return made
  }
  return undefined
}

/** What stands above the plans; `rows` bounds the table, and the lists with it. */
function topBlocks(input: CommentInput, twins: ReadonlyMap<CommentInstance, CommentInstance>, rows: number): string[] {
  const most = Math.min(10, rows)
  const { absent = [], notes = [] } = input
  return [
    headline(input),
    ...(input.instances.length === 0 ? [] : [matrix(input.instances, twins, rows)]),
    ...absent.slice(0, most).map((it) => `**${words(absentText(it))}** ${words(it.why)}. Nothing is destroyed.`),
    ...(absent.length > most ? [`And ${absent.length - most} more reasons for which instances are gone.`] : []),
    ...(input.unplanned ? [unplannedBlock(input.unplanned)] : []),
    ...progressBlocks(input.instances, rows),
    ...(input.beforeMerge.length === 0 ? [] : [`**Before merge**: ${sentencesText(input.beforeMerge, most)}`]),
    ...(input.blockedBy.length === 0 ? [] : [`**Blocked by**: ${sentencesText(input.blockedBy, most)}`]),
    ...(notes.length === 0 ? [] : [`**Not held back**: ${sentencesText(notes, most)}`]),
  ]
}

function leastTop({ beforeMerge, blockedBy }: CommentInput): string {
  const waits = beforeMerge.length + blockedBy.length
  return `The table is left out here${waits > 0 ? `, and ${waits} ${waits === 1 ? 'reason' : 'reasons'} why this waits: ${code('airlock gate')} names them` : ''}.`
}

function headline(input: CommentInput): string {
  const passive = input.passive === 0 || input.merged ? '' : `; ${input.passive} more affected in name only`
  return `### Airlock: ${headlineText(input)}${passive}`
}

function unplannedBlock({ why, head }: NonNullable<CommentInput['unplanned']>): string {
  const how = `comment ${code(`/airlock plan ${head}`)}`
  switch (why) {
    case 'fork':
      return `**Not planned**: it comes from a fork, and planning runs its code. The table is what its files alone tell. Somebody with write access who has read this commit can ${how}; a later commit asks again.`
    case 'dependabot':
      return `**Not planned**: Dependabot's runs get no credentials. The table is what the files alone tell. Somebody with write access can ${how}.`
    case 'on-demand':
      return `**Not planned**: more changed at once than is planned without being asked. Somebody with write access can ${how}.`
  }
}

const progressTitles: readonly (readonly [Progress['state'], string])[] = [
  ['failed', '⚠ **Failed**'],
  ['rejected', '**Rejected**'],
  ['running', '**Applying**'],
  ['waits', '**In flight**'],
  ['applied', '**Applied**'],
]

/** Where each instance of a merged change has come to; what is the same for several is said once. */
function progressBlocks(instances: readonly CommentInstance[], most: number): string[] {
  return progressTitles.flatMap(([state, title]) => {
    const alike = new Map<string, CommentInstance[]>()
    for (const it of instances) {
      if (it.progress?.state !== state) continue
      const text = sentenceText(it.progress.words)
      alike.set(text, [...(alike.get(text) ?? []), it])
    }
    const lines = [...alike].map(([text, its]) => {
      const left = its.length - 6
      const names = its.slice(0, 6).map((it) => nameText(it, undefined))
      return `- ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${text}`
    })
    if (lines.length === 0) return []
    const left = lines.length - most
    return [`${title}:`, [...lines.slice(0, most), ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')]
  })
}

function shortened(input: CommentInput, shorter: number, dropped: number): string {
  const what = [
    ...(shorter > 0 ? [`${shorter} ${shorter === 1 ? 'part is' : 'parts are'} told shorter`] : []),
    ...(dropped > 0 ? [`${dropped} ${dropped === 1 ? 'is' : 'are'} left out`] : []),
  ]
  const where = input.plansUrl ? link('The whole plans', input.plansUrl) : 'The whole plans: `airlock show`'
  return `**This comment would be too long**: ${what.join(', ')}. ${where}.`
}

function digestsOf({ instances }: CommentInput): string[] {
  return [...new Set(instances.flatMap((it) => (it.outcome.kind === 'planned' ? [it.outcome.digest] : [])))]
}

function footer(input: CommentInput): string {
  const digests = digestsOf(input).map((digest) => shortDigest(digest).replace(' ', ''))
  const left = digests.length - 8
  const on = input.base ? `, compared with ${words(`${input.base.branch}@${input.base.commit}`)}` : ''
  const isPlanned = input.instances.some((it) => it.outcome.kind !== 'unplanned')
  const pieces = [
    ...(input.merged ? [`Merged as ${words(input.merged.commit)}, ${words(input.merged.when)}`] : []),
    `${isPlanned ? 'Planned at' : 'Read at'} ${words(input.head)}${on}`,
    ...(digests.length === 0
      ? []
      : [
          `${digests.length === 1 ? 'digest' : 'digests'} ${digests.slice(0, 8).join(', ')}${left > 0 ? ` and ${left} more` : ''}`,
        ]),
    ...(input.plansUrl ? [link('whole plans', input.plansUrl)] : []),
    ...(input.blobUrl ? [code('/airlock help')] : []),
  ]
  return `<sub>${pieces.join(' · ')}</sub>`
}
