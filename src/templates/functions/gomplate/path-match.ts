import { GoError } from '../../value.ts'

type Part = { kind: 'any' } | { kind: 'one'; fits: (character: string) => boolean }

/**
 * Whether a name matches a shell pattern, as Go's path.Match has it: `*` and `?` stop at slashes, `[^a-z]`, `\*`.
 * @throws GoError `syntax error in pattern`
 */
export function matchesPattern(pattern: string, name: string): boolean {
  return fits(parts([...pattern]), [...name])
}

/** Greedy with one way back, so that many stars cost no more than their product with the name. */
function fits(pattern: readonly Part[], name: readonly string[]): boolean {
  let [at, from] = [0, 0]
  let star = -1
  let resume = 0
  while (from < name.length) {
    const part = pattern[at]
    if (part?.kind === 'one' && part.fits(name[from]!)) {
      at++
      from++
    } else if (part?.kind === 'any') {
      star = at++
      resume = from
    } else if (star >= 0 && name[resume] !== '/') {
      at = star + 1
      from = ++resume
    } else return false
  }
  while (pattern[at]?.kind === 'any') at++
  return at === pattern.length
}

function parts(pattern: readonly string[]): Part[] {
  const found: Part[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '*') found.push({ kind: 'any' })
    else if (character === '?') found.push({ kind: 'one', fits: (it) => it !== '/' })
    else if (character === '[') {
      const { next, fits: within } = set(pattern, at + 1)
      found.push({ kind: 'one', fits: within })
      at = next
    } else {
      if (character === '\\') at++
      const literal = pattern[at] ?? malformed()
      found.push({ kind: 'one', fits: (it) => it === literal })
    }
  }
  return found
}

/** A set's members; `next` is where its `]` is. */
function set(pattern: readonly string[], start: number): { next: number; fits: (character: string) => boolean } {
  let at = start
  const negated = pattern[at] === '^'
  if (negated) at++
  const ranges: [number, number][] = []
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = member(pattern, at)
    at = low.next
    let high = low
    if (pattern[at] === '-') {
      high = member(pattern, at + 1)
      at = high.next
    }
    ranges.push([low.code, high.code])
  }
  const fits = (character: string): boolean => {
    const code = character.codePointAt(0)!
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated
  }
  return { next: at, fits }
}

function member(pattern: readonly string[], start: number): { code: number; next: number } {
  if (pattern[start] === '-' || pattern[start] === ']') malformed()
  const at = pattern[start] === '\\' ? start + 1 : start
  const character = pattern[at] ?? malformed()
  if (at + 1 >= pattern.length) malformed()
  return { code: character.codePointAt(0)!, next: at + 1 }
}

function malformed(): never {
  throw new GoError('syntax error in pattern')
}
