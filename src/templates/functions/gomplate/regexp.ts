import { GoError, type GoFunctions, GoPanic, type GoSlice, type GoValue, goFunction } from '../../value.ts'
import { expanded, isMatch, matches, pieces, quotedMeta, type Regex, regex, replaced } from '../regex.ts'
import { namespace } from './namespace.ts'
import { integerOf, textList, textOf } from './values.ts'

/** Pattern, limit and text of a function whose limit may be left out. */
function limited(args: readonly GoValue[]): { pattern: Regex; limit: number; text: string } {
  if (args.length < 2 || args.length > 3) throw new GoError(`wrong number of args: want 2 or 3, got ${args.length}`)
  const pattern = regex(textOf(args[0]!))
  return { pattern, limit: args.length === 3 ? Number(integerOf(args[1]!)) : -1, text: textOf(args.at(-1)!) }
}

/** A pattern that gomplate compiles with MustCompile. @throws GoPanic where Go panics */
function must(source: string): Regex {
  try {
    return regex(source)
  } catch (cause) {
    throw cause instanceof GoError ? new GoPanic(`regexp: Compile(\`${source}\`): ${cause.message}`) : cause
  }
}

/** The namespace `regexp`. */
export const regexpFunctions: GoFunctions = {
  regexp: namespace('ReFuncs', {
    Find: goFunction('func(any, any) (string, error)', (pattern: GoValue, value: GoValue) => {
      const text = textOf(value)
      return matches(regex(textOf(pattern)), text, 1).map(({ start, end }) => text.slice(start, end))[0] ?? ''
    }),
    FindAll: goFunction('func(...any) ([]string, error)', (...args: GoValue[]) => {
      const { pattern, limit, text } = limited(args)
      return textList(limit === 0 ? [] : matches(pattern, text, limit).map(({ start, end }) => text.slice(start, end)))
    }),
    Match: goFunction('func(any, any) bool', (pattern: GoValue, text: GoValue) =>
      isMatch(must(textOf(pattern)), textOf(text)),
    ),
    QuoteMeta: goFunction('func(any) string', (text: GoValue) => quotedMeta(textOf(text))),
    Replace: goFunction('func(any, any, any) string', (pattern: GoValue, replacement: GoValue, text: GoValue) =>
      expanded(must(textOf(pattern)), textOf(text), textOf(replacement)),
    ),
    ReplaceLiteral: goFunction(
      'func(any, any, any) (string, error)',
      (pattern: GoValue, replacement: GoValue, text: GoValue) =>
        replaced(regex(textOf(pattern)), textOf(text), () => textOf(replacement)),
    ),
    Split: goFunction('func(...any) ([]string, error)', (...args: GoValue[]): GoSlice => {
      const { pattern, limit, text } = limited(args)
      return textList(pieces(pattern, text, limit))
    }),
  }),
}
