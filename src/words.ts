/** Edits that turn one word into the other: insert, delete, replace, and swap of two neighbours, each counted once. */
export function editDistance(a: string, b: string): number {
  const from = [...a]
  const to = [...b]
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      let least = Math.min(last[column]! + 1, current[column - 1]! + 1, replaced)
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        least = Math.min(least, beforeLast[column - 2]! + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}

/**
 * The candidate that a person most likely meant by `word`, for "did you mean"; undefined when none is near: more than a
 * third of the word would have to change. Upper and lower case count as equal; of equals, the first wins.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  const length = [...wanted].length
  const allowed = Math.max(1, Math.floor(length / 3))
  let best: string | undefined
  let least = allowed + 1
  for (const candidate of candidates) {
    if (candidate === word || Math.abs([...candidate].length - length) >= least) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance >= least || (length <= 1 && distance > 0)) continue
    best = candidate
    least = distance
  }
  return best
}
