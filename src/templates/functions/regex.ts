import { RE2JS } from 're2js'
import { GoError } from '../value.ts'

/** A regular expression as Go's regexp compiled it, and what it was written as. */
export interface Regex {
  readonly source: string
  readonly compiled: RE2JS
}

/** Where one match lies in a text (UTF-16), and its groups; a group that took no part is undefined. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

/**
 * A regular expression in RE2's syntax.
 * @throws GoError `error parsing regexp: …`
 */
export function regex(source: string): Regex {
  const refused = notGo(source)
  if (refused) throw new GoError(`error parsing regexp: ${refused}`)
  try {
    return { source, compiled: RE2JS.compile(namesOnce(source)) }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new GoError(`error parsing regexp: ${said.replace(/^error parsing regexp: /, '')}`)
  }
}

/** A pattern in which a name that comes again is left away: Go takes the first group of a name, the port refuses. */
function namesOnce(source: string): string {
  const seen = new Set<string>()
  return source.replace(/(?<!\\)\(\?P?<(\w+)>/g, (all, name: string) => {
    if (seen.has(name)) return '('
    seen.add(name)
    return all
  })
}

/** What the port understands and Go does not: lookaround, `\C`, `\Z`. */
function notGo(source: string): string | undefined {
  let inClass = false
  for (let at = 0; at < source.length; at++) {
    const two = source.slice(at, at + 2)
    if (two === '\\Q') {
      const end = source.indexOf('\\E', at)
      if (end < 0) return undefined
      at = end + 1
    } else if (two[0] === '\\') {
      if (two === '\\C' || two === '\\Z') return `invalid escape sequence: \`${two}\``
      at++
    } else if (inClass) {
      if (source.startsWith('[:', at) && source.includes(':]', at + 2)) at = source.indexOf(':]', at + 2) + 1
      else if (two[0] === ']') inClass = false
    } else if (two[0] === '[') {
      inClass = true
      at += /^\[\^?\]/.test(source.slice(at, at + 3)) ? source.slice(at).indexOf(']') : two === '[^' ? 1 : 0
    } else {
      const lookaround = /^\(\?(?:<?[=!])/.exec(source.slice(at, at + 4))
      if (lookaround) return `invalid or unsupported Perl syntax: \`${lookaround[0]}\``
    }
  }
  return undefined
}

/**
 * The matches, leftmost first, as Go's FindAll finds them: an empty match right after another does not count.
 * @param limit at most so many; below 0: all
 */
export function matches({ compiled }: Regex, text: string, limit = -1): Match[] {
  const found: Match[] = []
  const matcher = compiled.matcher(text)
  let previousEnd = -1
  for (let at = 0; at <= text.length && (limit < 0 || found.length < limit); ) {
    if (!matcher.find(at)) break
    const [start, end] = [matcher.start(), matcher.end()]
    if (end > start || start !== previousEnd) {
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined)
      found.push({ start, end, groups })
    }
    previousEnd = end
    at = end > at ? end : at + width(text, at)
  }
  return found
}

/** How long the character at a place is, in UTF-16. */
function width(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

/** Whether a text has a match anywhere. */
export function isMatch({ compiled }: Regex, text: string): boolean {
  return compiled.matcher(text).find()
}

/** Every match replaced by what `replacement` says of it. */
export function replaced(pattern: Regex, text: string, replacement: (match: Match) => string): string {
  let result = ''
  let at = 0
  for (const match of matches(pattern, text)) {
    result += text.slice(at, match.start) + replacement(match)
    at = match.end
  }
  return result + text.slice(at)
}

/** Every match replaced, `$1`, `${1}` and `${name}` in the replacement standing for groups, `$$` for a dollar. */
export function expanded(pattern: Regex, text: string, template: string): string {
  const names = pattern.compiled.namedGroups() as Readonly<Record<string, number>>
  return replaced(pattern, text, ({ groups }) =>
    template.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (all, bare?: string, braced?: string) => {
      const name = bare ?? braced
      if (name === undefined) return '$'
      if (/^[0-9]+$/.test(name) && !/^0[0-9]/.test(name)) return groups[Number(name)] ?? ''
      return Object.hasOwn(names, name) ? (groups[names[name]!] ?? '') : all === '$' ? '$' : ''
    }),
  )
}

/**
 * The text between matches, as Go's Split cuts it.
 * @param limit below 0: all pieces; 0: none; else at most so many, the last with the rest
 */
export function pieces(pattern: Regex, text: string, limit: number): string[] {
  if (limit === 0) return []
  if (pattern.source !== '' && text === '') return ['']
  const found: string[] = []
  let start = 0
  let end = 0
  for (const match of matches(pattern, text, limit)) {
    if (limit > 0 && found.length === limit - 1) break
    end = match.start
    if (match.end !== 0) found.push(text.slice(start, end))
    start = match.end
  }
  if (end !== text.length) found.push(text.slice(start))
  return found
}

/** A pattern that matches just this text. */
export function quotedMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}
