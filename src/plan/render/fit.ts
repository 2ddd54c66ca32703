import { type Level, levels } from './change.ts'
import { detailBlocks, summaryLine } from './detail.ts'
import { mostTold, reasonsOf } from './groups.ts'
import type { CommentInstance } from './input.ts'

/** One part of the comment, and how much of it is told: 0 is all. */
export interface Fitted {
  readonly text: string
  readonly level: number
}

/**
 * The most that fits, one part for each group: as long as it is too much, the longest part is told one level shorter, all
 * at one level before any at the next; at last, parts go (undefined), those at the end first. Every part is whole.
 * @param room characters (UTF-16 units), a blank line after each part included
 */
export function fitted(
  groups: readonly (readonly CommentInstance[])[],
  blobUrl: string | undefined,
  room: number,
): (Fitted | undefined)[] {
  const count = groups.reduce((sum, group) => sum + group.length, 0)
  const first = Math.max(levels.indexOf(mostTold(count)), groups.length <= 150 ? 0 : groups.length <= 500 ? 1 : 2)
  const at = (group: readonly CommentInstance[], level: number) => ({
    text: part(group, blobUrl, levels[level]!),
    level,
  })
  const chosen: (Fitted | undefined)[] = groups.map((group) => at(group, first))
  const size = (it: Fitted | undefined) => (it === undefined ? 0 : it.text.length + 2)
  let total = chosen.reduce((sum, it) => sum + size(it), 0)
  const change = (index: number, to: Fitted | undefined) => {
    total += size(to) - size(chosen[index])
    chosen[index] = to
  }
  for (let level = first + 1; level < levels.length && total > room; level += 1) {
    const longestFirst = groups.map((_, index) => index).sort((a, b) => size(chosen[b]) - size(chosen[a]))
    for (const index of longestFirst) if (total > room) change(index, at(groups[index]!, level))
  }
  for (let index = groups.length - 1; index >= 0 && total > room; index -= 1) change(index, undefined)
  return chosen
}

/** What is told of a group of instances whose plans say the same, folded under one line. */
export function part(group: readonly CommentInstance[], blobUrl: string | undefined, level: Level): string {
  const summary = `<details><summary>${summaryLine(group)}</summary>`
  const blocks =
    level === 'none'
      ? ['Left out: this comment would be too long.']
      : detailBlocks(group[0]!, blobUrl, level, reasonsOf(group))
  return [summary, ...blocks, '</details>'].join('\n\n')
}
