type Key = string | number | boolean | null

/**
 * Keys in the order in which yaml.v3 writes them: numbers and booleans, null, then texts, in which digits and symbols come
 * before letters and runs of digits count as numbers.
 */
export function sortedKeys(keys: readonly Key[]): Key[] {
  return [...keys].sort((a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return less(a, b) ? -1 : less(b, a) ? 1 : 0
    return rank(a) - rank(b) || Number(a) - Number(b)
  })
}

function rank(key: Key): number {
  return typeof key === 'string' ? 2 : key === null ? 1 : 0
}

function less(first: string, second: string): boolean {
  let at = 0
  while (at < first.length && first.charCodeAt(at) === second.charCodeAt(at)) at++
  const [x, y] = [first.charCodeAt(at), second.charCodeAt(at)]
  return isAsciiLetter(x) && isAsciiLetter(y) ? x < y : naturallyLess(first, second)
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

function naturallyLess(first: string, second: string): boolean {
  const [a, b] = [Array.from(first), Array.from(second)]
  let digits = false
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] ?? '', b[i] ?? '']
    if (x === y) {
      digits = isDigit(x)
      continue
    }
    const [letterX, letterY] = [isLetter(x), isLetter(y)]
    if (letterX && letterY) return codePoint(x) < codePoint(y)
    if (letterX || letterY) return digits ? letterX : letterY
    return lessNumber(a, b, i)
  }
  return a.length < b.length
}

/** Compares from a place where the texts differ and neither has a letter: runs of digits by their numbers. */
function lessNumber(a: readonly string[], b: readonly string[], from: number): boolean {
  const carry = (a[from] === '0' || b[from] === '0') && followsNonZeroDigit(a, from) ? 1 : 0
  const [x, y] = [digitRun(a, from, carry), digitRun(b, from, carry)]
  if (x.value !== y.value) return x.value < y.value
  if (x.end !== y.end) return x.end < y.end
  return codePoint(a[from] ?? '') < codePoint(b[from] ?? '')
}

function followsNonZeroDigit(text: readonly string[], from: number): boolean {
  for (let i = from - 1; i >= 0 && isDigit(text[i] ?? ''); i--) if (text[i] !== '0') return true
  return false
}

function digitRun(text: readonly string[], from: number, carry: number): { value: bigint; end: number } {
  let value = BigInt(carry)
  let end = from
  for (; end < text.length && isDigit(text[end] ?? ''); end++)
    value = BigInt.asIntN(64, value * 10n + BigInt(codePoint(text[end] ?? '') - 48))
  return { value, end }
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0
}

function isDigit(character: string): boolean {
  return (character >= '0' && character <= '9') || (character > '\x7f' && /^\p{Nd}$/u.test(character))
}

function isLetter(character: string): boolean {
  const code = codePoint(character) | 32
  return (code >= 97 && code <= 122 && character.length === 1) || (character > '\x7f' && /^\p{L}$/u.test(character))
}
