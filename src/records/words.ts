const dayMs = 86_400_000

/** An instance as people type it: `vpc -s plat-ue2-prod`. */
export function typed(name: string): string {
  const at = name.lastIndexOf('@')
  return at < 0 ? name : `${name.slice(0, at)} -s ${name.slice(at + 1)}`
}

/** A moment: `10:04 UTC`, with the date in front when that is not today. */
export function clock(thenMs: number, nowMs: number): string {
  const iso = new Date(thenMs).toISOString()
  const time = `${iso.slice(11, 16)} UTC`
  return Math.floor(thenMs / dayMs) === Math.floor(nowMs / dayMs) ? time : `${iso.slice(0, 10)} ${time}`
}

/** The pull requests that a plan brings to reality: `#41`; `#41 and #42, one plan`. */
export function mergedWords(numbers: readonly number[]): string {
  const names = numbers.map((it) => `#${it}`)
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}, one plan`
}
