/** Beyond this many lines a diff is not worth its time, nor its reader's. */
const maxLines = 400

/**
 * Lines of a unified diff with two lines of context, each with `+`, `-` or a blank before it; `…` stands for what is
 * equal. undefined when the texts are too long to compare.
 */
export function lineDiff(before: string, after: string): string[] | undefined {
  const [a, b] = [before.replace(/\n$/, '').split('\n'), after.replace(/\n$/, '').split('\n')]
  if (a.length > maxLines || b.length > maxLines) return undefined
  const common = commonLengths(a, b)
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i]}`)
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(`-${a[i]}`)
      i += 1
    } else {
      lines.push(`+${b[j]}`)
      j += 1
    }
  }
  return withContext(lines, 2)
}

/** Length of the longest common subsequence of what follows each pair of positions. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!)
  return table
}

function withContext(lines: readonly string[], context: number): string[] {
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some((line) => !line.startsWith(' ')),
  )
  return lines.flatMap((line, index) => (kept[index] ? [line] : index > 0 && !kept[index - 1] ? [] : ['…']))
}
