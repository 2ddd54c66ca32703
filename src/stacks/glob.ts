import { RE2JS } from 're2js'

/**
 * Whether a path matches a pattern as Atmos matches stack files (doublestar): `**` spans folders, `*` and `?` stay in one,
 * `[a-z]`, `[!a]`, `{a,b}` and `\` as usual. Hidden files match. A pattern that does not parse matches nothing.
 */
export function matches(pattern: string, path: string): boolean {
  return compiled(pattern)?.test(path) ?? false
}

/** Whether the text has any character that makes it a pattern. */
export function isPattern(text: string): boolean {
  return /[*?[{\\]/.test(text)
}

/** The paths that a pattern matches, a folder's own files before its subfolders, each in byte order. */
export function glob(pattern: string, paths: Iterable<string>): string[] {
  const test = compiled(pattern)
  if (test === undefined) return []
  const fixed = fixedPrefix(pattern)
  return [...paths].filter((path) => path.startsWith(fixed) && test.test(path)).sort(walkOrder)
}

/** Whether a pattern parses at all. */
export function isValidPattern(pattern: string): boolean {
  return compiled(pattern) !== undefined
}

interface Compiled {
  test(path: string): boolean
}

const cache = new Map<string, Compiled | undefined>()

/** More stars than this, and a regular expression that backtracks may try for ever. */
const FEW_STARS = 6

function compiled(pattern: string): Compiled | undefined {
  if (cache.has(pattern)) return cache.get(pattern)
  const source = translate(pattern)
  const stars = pattern.match(/\*+/g)?.length ?? 0
  const result = source === undefined ? undefined : stars > FEW_STARS ? linear(source) : new RegExp(`^${source}$`, 's')
  cache.set(pattern, result)
  return result
}

/** Matches in time that grows with the path alone; a class of characters there may match a slash. */
function linear(source: string): Compiled {
  const classes = source.replaceAll('(?!/)[^', '[^/').replaceAll('(?!/)[', '[').replaceAll('\\/', '/')
  const pattern = RE2JS.compile(classes, RE2JS.DOTALL)
  return { test: (path) => pattern.matches(path) }
}

function fixedPrefix(pattern: string): string {
  const special = pattern.search(/[*?[{\\]/)
  if (special < 0) return pattern
  return pattern.slice(0, pattern.lastIndexOf('/', special) + 1)
}

function walkOrder(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  let depth = 0
  while (left[depth] === right[depth] && depth < left.length - 1 && depth < right.length - 1) depth++
  const leftIsFile = depth === left.length - 1
  const rightIsFile = depth === right.length - 1
  if (leftIsFile !== rightIsFile) return leftIsFile ? -1 : 1
  return left[depth]! < right[depth]! ? -1 : left[depth]! > right[depth]! ? 1 : 0
}

/** A regular expression's source for a pattern; undefined where brackets or braces do not close. */
function translate(pattern: string): string | undefined {
  let source = ''
  let braces = 0
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!
    if (char === '*') {
      let end = at
      while (pattern[end] === '*') end++
      const wholeSegment =
        (at === 0 || '/{,'.includes(pattern[at - 1]!)) && (end === pattern.length || '/},'.includes(pattern[end]!))
      if (end - at >= 2 && wholeSegment) {
        if (pattern[end] === '/') {
          source += '(?:[^/]+/)*'
          at = end + 1
        } else {
          source = source.endsWith('\\/') ? `${source.slice(0, -2)}(?:/.*)?` : `${source}.*`
          at = end
        }
      } else {
        source += '[^/]*'
        at = end
      }
      continue
    }
    if (char === '[') {
      const end = pattern.indexOf(']', at + 2)
      if (end < 0) return undefined
      source += charClass(pattern.slice(at + 1, end))
      at = end + 1
      continue
    }
    if (char === '\\') {
      const next = pattern[at + 1]
      if (next === undefined) return undefined
      source += escaped(next)
      at += 2
      continue
    }
    if (char === '?') source += '[^/]'
    else if (char === '{') {
      braces++
      source += '(?:'
    } else if (char === '}' && braces > 0) {
      braces--
      source += ')'
    } else if (char === ',' && braces > 0) source += '|'
    else source += escaped(char)
    at++
  }
  return braces === 0 ? source : undefined
}

function charClass(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^')
  const rest = (negated ? body.slice(1) : body).replace(/[\\\]^]/g, '\\$&')
  return negated ? `(?!/)[^${rest}]` : `(?!/)[${rest}]`
}

function escaped(char: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char
}
