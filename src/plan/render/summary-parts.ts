/**
 * GitHub takes 1 MiB of Markdown from one step, and shows nothing of the step's summary beyond; a little room is left for
 * what else the step says.
 */
export const maxSummaryBytes = 1024 * 1024 - 4096

/** GitHub shows the summaries of this many steps of a job. */
export const mostSummaries = 20

/**
 * Blocks of Markdown as summaries of steps, each short enough for GitHub; no block is ever cut. What does not fit is
 * counted at the end, with the command that shows it.
 * @param mostParts how many steps there are to carry a part each
 */
export function summaryParts(
  blocks: readonly string[],
  maxBytes = maxSummaryBytes,
  mostParts = mostSummaries,
): string[] {
  const reserved = bytes(leftOutText(blocks.length)) + 2
  const parts: string[][] = [[]]
  let size = 0
  let left = 0
  for (const block of blocks) {
    const cost = bytes(block) + 2
    if (cost > maxBytes - reserved || (left > 0 && parts.length === mostParts)) {
      left += 1
      continue
    }
    if (size + cost > maxBytes - reserved) {
      if (parts.length === mostParts) {
        left += 1
        continue
      }
      parts.push([])
      size = 0
    }
    parts.at(-1)!.push(block)
    size += cost
  }
  if (left > 0) parts.at(-1)!.push(leftOutText(left))
  return parts.filter((part) => part.length > 0).map((part) => part.join('\n\n'))
}

/** Bytes of a text in UTF-8, as GitHub counts summaries. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}

function leftOutText(count: number): string {
  return `**${count} ${count === 1 ? 'part is' : 'parts are'} left out here**: GitHub takes no more of one job. Any plan in whole: \`airlock show COMPONENT -s STACK\`.`
}
