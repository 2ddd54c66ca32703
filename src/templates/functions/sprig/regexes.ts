import { GoError, type GoFunctions, GoPanic, goFunction } from '../../value.ts'
import { expanded, isMatch, matches, pieces, quotedMeta, type Regex, regex, replaced } from '../regex.ts'
import { stringSlice } from './texts.ts'

/** sprig's regular expressions. A bad pattern is an error with `must`, a panic without, and for `regexMatch` no match. */
export const regexFunctions: GoFunctions = {
  mustRegexFind: goFunction('func(string, string) (string, error)', (pattern: string, text: string) =>
    found(regex(pattern), text),
  ),
  mustRegexFindAll: goFunction(
    'func(string, string, int) ([]string, error)',
    (pattern: string, text: string, limit: bigint) => allFound(regex(pattern), text, limit),
  ),
  mustRegexMatch: goFunction('func(string, string) (bool, error)', (pattern: string, text: string) =>
    isMatch(regex(pattern), text),
  ),
  mustRegexReplaceAll: goFunction(
    'func(string, string, string) (string, error)',
    (pattern: string, text: string, by: string) => expanded(regex(pattern), text, by),
  ),
  mustRegexReplaceAllLiteral: goFunction(
    'func(string, string, string) (string, error)',
    (pattern: string, text: string, by: string) => replaced(regex(pattern), text, () => by),
  ),
  mustRegexSplit: goFunction(
    'func(string, string, int) ([]string, error)',
    (pattern: string, text: string, limit: bigint) => cut(regex(pattern), text, limit),
  ),
  regexFind: goFunction('func(string, string) string', (pattern: string, text: string) => found(sure(pattern), text)),
  regexFindAll: goFunction('func(string, string, int) []string', (pattern: string, text: string, limit: bigint) =>
    allFound(sure(pattern), text, limit),
  ),
  regexMatch: goFunction('func(string, string) bool', (pattern: string, text: string) => {
    const compiled = regexOrNothing(pattern)
    return compiled !== undefined && isMatch(compiled, text)
  }),
  regexQuoteMeta: goFunction('func(string) string', quotedMeta),
  regexReplaceAll: goFunction('func(string, string, string) string', (pattern: string, text: string, by: string) =>
    expanded(sure(pattern), text, by),
  ),
  regexReplaceAllLiteral: goFunction(
    'func(string, string, string) string',
    (pattern: string, text: string, by: string) => replaced(sure(pattern), text, () => by),
  ),
  regexSplit: goFunction('func(string, string, int) []string', (pattern: string, text: string, limit: bigint) =>
    cut(sure(pattern), text, limit),
  ),
}

function sure(pattern: string): Regex {
  try {
    return regex(pattern)
  } catch (cause) {
    if (!(cause instanceof GoError)) throw cause
    const written = pattern.includes('`') ? JSON.stringify(pattern) : `\`${pattern}\``
    throw new GoPanic(`regexp: Compile(${written}): ${cause.message}`)
  }
}

function regexOrNothing(pattern: string): Regex | undefined {
  try {
    return regex(pattern)
  } catch (cause) {
    if (cause instanceof GoError) return undefined
    throw cause
  }
}

function found(pattern: Regex, text: string): string {
  return matches(pattern, text, 1)[0]?.groups[0] ?? ''
}

function allFound(pattern: Regex, text: string, limit: bigint) {
  const all = matches(pattern, text, Number(limit)).map(({ groups }) => groups[0] ?? '')
  return stringSlice(all, all.length === 0)
}

function cut(pattern: Regex, text: string, limit: bigint) {
  const parts = pieces(pattern, text, Number(limit))
  return stringSlice(parts, limit === 0n)
}
