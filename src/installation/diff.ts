/** Lines of context around a change. */
const context = 3

/**
 * A unified diff of one file, as `git diff` prints it; empty where nothing changes. `undefined` is a file that is not there.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string[] {
  if (before === after) return []
  const [a, b] = [linesOf(before), linesOf(after)]
  const lines = edits(a, b)
  return [
    `--- ${before === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === undefined ? '/dev/null' : `b/${path}`}`,
    ...hunks(lines),
  ]
}

type Edit = readonly ['+' | '-' | ' ', string]

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function edits(a: readonly string[], b: readonly string[]): Edit[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const equal = (line: string): Edit => [' ', line]
  return [
    ...a.slice(0, head).map(equal),
    ...between(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(equal),
  ]
}

/** The fewest edits, by the longest common subsequence; removals come before additions. */
function between(a: readonly string[], b: readonly string[]): Edit[] {
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
  const found: Edit[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length)
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push([' ', a[i]!])
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) found.push(['-', a[i++]!])
    else found.push(['+', b[j++]!])
  return found
}

function hunks(lines: readonly Edit[]): string[] {
  const changed = lines.flatMap(([sign], index) => (sign === ' ' ? [] : [index]))
  const ranges: [number, number][] = []
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)]
    const last = ranges.at(-1)
    if (last && from <= last[1]) last[1] = to
    else ranges.push([from, to])
  }
  return ranges.flatMap(([from, to]) => {
    const part = lines.slice(from, to)
    const count = (skip: '+' | '-', of: readonly Edit[]) => of.filter(([sign]) => sign !== skip).length
    const range = (skip: '+' | '-') => {
      const size = count(skip, part)
      return `${count(skip, lines.slice(0, from)) + (size === 0 ? 0 : 1)},${size}`
    }
    return [`@@ -${range('+')} +${range('-')} @@`, ...part.map(([sign, line]) => `${sign}${line}`)]
  })
}
