/** A file that is on one side only. */
export interface Lone {
  readonly path: string
  readonly hash: string
  readonly text: string
}

/** A file that left one path and came up at another. */
export interface Rename {
  readonly from: string
  readonly to: string
}

/** At least this much must be alike, in percent. */
const THRESHOLD = 60

/**
 * Which deleted files are added ones under another name, as Git's rename detection finds them: equal content first,
 * then the best pairs of at least 60 % alike, the name counting for a hundredth.
 */
export function renames(deleted: readonly Lone[], added: readonly Lone[]): Rename[] {
  const found: Rename[] = []
  const from = new Set(deleted)
  const to = new Set(added)
  const pair = (source: Lone, target: Lone) => {
    from.delete(source)
    to.delete(target)
    found.push({ from: source.path, to: target.path })
  }
  for (const source of deleted) {
    const same = [...to].filter((it) => it.hash === source.hash)
    const best = same.sort((a, b) => nameScore(source.path, b.path) - nameScore(source.path, a.path))[0]
    if (best) pair(source, best)
  }
  const scored = [...from].flatMap((source) =>
    [...to].map((target) => ({ source, target, score: similarity(source, target) })),
  )
  scored.sort((a, b) => b.score - a.score)
  for (const { source, target, score } of scored)
    if (score >= THRESHOLD && from.has(source) && to.has(target)) pair(source, target)
  return found
}

function similarity(a: Lone, b: Lone): number {
  const sizes = [Buffer.byteLength(a.text) + 1, Buffer.byteLength(b.text) + 1]
  if (Math.floor((Math.min(...sizes) * 100) / Math.max(...sizes)) < THRESHOLD) return 0
  const left = lineBytes(a.text)
  const right = lineBytes(b.text)
  let common = 0
  for (const [line, bytes] of left.counts) common += Math.min(bytes, right.counts.get(line) ?? 0)
  const most = Math.max(left.total, right.total)
  const content = most === 0 ? 10_000 : Math.floor((common * 10_000) / most)
  return Math.floor((content * 99 + nameScore(a.path, b.path) * 100) / 10_000)
}

/**
 * How many bytes each line has, all its repetitions together; a line ends after 64 bytes at the latest. Its end counts
 * as a byte and does not tell lines apart, and a CR before it does not count at all.
 */
function lineBytes(text: string): { counts: Map<string, number>; total: number } {
  const counts = new Map<string, number>()
  const bytes = Buffer.from(text)
  let total = 0
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at)
    const end = Math.min(newline < 0 ? bytes.length : newline + 1, at + 64)
    const block = bytes.toString('latin1', at, end)
    const line = block.replace(/\r?\n$/, '')
    const size = block.endsWith('\n') ? line.length + 1 : line.length
    counts.set(line, (counts.get(line) ?? 0) + size)
    total += size
    at = end
  }
  return { counts, total }
}

/** 0 to 100: how alike two paths are, folders from both ends and file names from their end. */
function nameScore(a: string, b: string): number {
  const folderA = a.slice(0, a.lastIndexOf('/') + 1)
  const folderB = b.slice(0, b.lastIndexOf('/') + 1)
  const fileA = a.slice(folderA.length)
  const fileB = b.slice(folderB.length)
  const longest = Math.max(folderA.length, folderB.length)
  const share = (alike: number, of: number) => (of === 0 ? 100 : Math.floor((alike * 100) / of))
  const ltr = share(alike(folderA, folderB), longest)
  const rtl = ltr === 100 ? 100 : share(alike(reversed(folderA), reversed(folderB)), longest)
  const file = share(alike(reversed(fileA), reversed(fileB)), Math.max(fileA.length, fileB.length))
  return Math.floor(((ltr + rtl) * 25 + file * 50) / 100)
}

function alike(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}
