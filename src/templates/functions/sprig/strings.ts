import { bytesOf } from '../../bytes.ts'
import { quoted } from '../../quote.ts'
import { type GoFunctions, GoMap, GoPanic, type GoSlice, type GoValue, goFunction } from '../../value.ts'
import {
  byteCharacter,
  byteSlice,
  isSpace,
  lower,
  lowerLetter,
  title,
  titleLetter,
  upper,
  upperLetter,
} from '../letters.ts'
import { abbreviated, wrapped } from '../wrapping.ts'
import { camelCase, words } from './casing.ts'
import { repeated, replacedAll, split, stringSlice, textOf, textsOf } from './texts.ts'

type Texts = readonly GoValue[]

/** sprig's functions of text. */
export const stringFunctions: GoFunctions = {
  abbrev: goFunction('func(int, string) string', (width: bigint, text: string) =>
    width < 4n ? text : abbreviated(text, 0, Number(width)),
  ),
  abbrevboth: goFunction('func(int, int, string) string', (left: bigint, right: bigint, text: string) =>
    right < 4n || (left > 0n && right < 7n) ? text : abbreviated(text, Number(left), Number(right)),
  ),
  camelcase: goFunction('func(string) string', camelCase),
  cat: goFunction('func(...any) string', (...values: Texts) =>
    values
      .filter((value) => value !== null)
      .map(textOf)
      .join(' '),
  ),
  contains: goFunction('func(string, string) bool', (part: string, text: string) => text.includes(part)),
  hasPrefix: goFunction('func(string, string) bool', (part: string, text: string) => text.startsWith(part)),
  hasSuffix: goFunction('func(string, string) bool', (part: string, text: string) => text.endsWith(part)),
  hello: goFunction('func() string', () => 'Hello!'),
  indent: goFunction('func(int, string) string', indented),
  initials: goFunction('func(string) string', initials),
  join: goFunction('func(string, any) string', (separator: string, value: GoValue) => textsOf(value).join(separator)),
  kebabcase: goFunction('func(string) string', (text: string) => words(text, '-')),
  lower: goFunction('func(string) string', lower),
  nindent: goFunction('func(int, string) string', (width: bigint, text: string) => `\n${indented(width, text)}`),
  nospace: goFunction('func(string) string', withoutSpace),
  plural: goFunction('func(string, string, int) string', (one: string, many: string, count: bigint) =>
    count === 1n ? one : many,
  ),
  quote: goFunction('func(...any) string', (...values: Texts) => each(values, (text) => quoted(text))),
  repeat: goFunction('func(int, string) string', (count: bigint, text: string) => repeated(text, count)),
  replace: goFunction('func(string, string, string) string', (old: string, by: string, text: string) =>
    replacedAll(text, old, by),
  ),
  snakecase: goFunction('func(string) string', (text: string) => words(text, '_')),
  sortAlpha: goFunction('func(any) []string', sorted),
  split: goFunction('func(string, string) map[string]string', (separator: string, text: string) =>
    numbered(split(text, separator)),
  ),
  splitList: goFunction('func(string, string) []string', (separator: string, text: string) =>
    stringSlice(split(text, separator)),
  ),
  splitn: goFunction('func(string, int, string) map[string]string', (separator: string, limit: bigint, text: string) =>
    numbered(split(text, separator, Number(limit))),
  ),
  squote: goFunction('func(...any) string', (...values: Texts) => each(values, (text) => `'${text}'`)),
  substr: goFunction('func(int, int, string) string', substring),
  swapcase: goFunction('func(string) string', swapped),
  title: goFunction('func(string) string', title),
  toString: goFunction('func(any) string', textOf),
  toStrings: goFunction('func(any) []string', (value: GoValue) => stringSlice(textsOf(value))),
  trim: goFunction('func(string) string', (text: string) => trimmed(text, isSpace)),
  trimAll: goFunction('func(string, string) string', trimmedOf),
  trimPrefix: goFunction('func(string, string) string', (part: string, text: string) =>
    text.startsWith(part) ? text.slice(part.length) : text,
  ),
  trimSuffix: goFunction('func(string, string) string', (part: string, text: string) =>
    part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text,
  ),
  trimall: goFunction('func(string, string) string', trimmedOf),
  trunc: goFunction('func(int, string) string', truncated),
  untitle: goFunction('func(string) string', (text: string) => atWordStarts(text, lowerLetter)),
  upper: goFunction('func(string) string', upper),
  wrap: goFunction('func(int, string) string', (width: bigint, text: string) => wrapped(text, width, '\n', false)),
  wrapWith: goFunction('func(int, string, string) string', (width: bigint, newLine: string, text: string) =>
    wrapped(text, width, newLine === '' ? '\n' : newLine, true),
  ),
}

function each(values: Texts, write: (text: string) => string): string {
  return values
    .filter((value) => value !== null)
    .map((value) => write(textOf(value)))
    .join(' ')
}

function indented(width: bigint, text: string): string {
  const pad = repeated(' ', width)
  return pad + text.replaceAll('\n', `\n${pad}`)
}

/** A text without white space, each of its bytes taken for a character. */
function withoutSpace(text: string): string {
  const bytes = bytesOf(text)
  return Array.from(bytes, (_, at) => byteCharacter(bytes, at))
    .filter((character) => !isSpace(character))
    .join('')
}

/** The first byte of each word, each taken for a character. */
function initials(text: string): string {
  const bytes = bytesOf(text)
  let result = ''
  let gap = true
  for (let at = 0; at < bytes.length; at++) {
    const character = byteCharacter(bytes, at)
    if (isSpace(character)) gap = true
    else if (gap) {
      result += character
      gap = false
    }
  }
  return result
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, index) => [`_${index}`, part])), 'map[string]string')
}

function sorted(value: GoValue): GoSlice {
  if (!(typeof value === 'object' && value !== null && 'items' in value)) return stringSlice([textOf(value)])
  return stringSlice(textsOf(value).sort((one, other) => Buffer.compare(bytesOf(one), bytesOf(other))))
}

function substring(start: bigint, end: bigint, text: string): string {
  const bytes = bytesOf(text)
  const length = BigInt(bytes.length)
  const toEnd = start >= 0n && (end < 0n || end > length)
  const [from, to] = [start < 0n ? 0n : start, toEnd ? length : end]
  if (to < 0n) throw new GoPanic(`runtime error: slice bounds out of range [:${to}]`)
  if (to > length) throw new GoPanic(`runtime error: slice bounds out of range [:${to}] with length ${length}`)
  if (from > to) throw new GoPanic(`runtime error: slice bounds out of range [${from}:${toEnd ? length : to}]`)
  return byteSlice(bytes, Number(from), Number(to))
}

function truncated(count: bigint, text: string): string {
  const bytes = bytesOf(text)
  const length = BigInt(bytes.length)
  if (count < 0n) return length + count > 0n ? byteSlice(bytes, Number(length + count)) : text
  return length > count ? byteSlice(bytes, 0, Number(count)) : text
}

function swapped(text: string): string {
  let gap = true
  return Array.from(text, (character) => {
    const wordStart = gap
    gap = isSpace(character)
    if (/\p{Lu}|\p{Lt}/u.test(character)) return lowerLetter(character)
    if (!/\p{Ll}/u.test(character)) return character
    return wordStart ? titleLetter(character) : upperLetter(character)
  }).join('')
}

function atWordStarts(text: string, change: (character: string) => string): string {
  let gap = true
  return Array.from(text, (character) => {
    const wordStart = gap
    gap = isSpace(character)
    return wordStart && !gap ? change(character) : character
  }).join('')
}

function trimmed(text: string, trims: (character: string) => boolean): string {
  const characters = [...text]
  const from = characters.findIndex((it) => !trims(it))
  if (from < 0) return ''
  const to = characters.findLastIndex((it) => !trims(it))
  return characters.slice(from, to + 1).join('')
}

function trimmedOf(cut: string, text: string): string {
  const characters = new Set(cut)
  return trimmed(text, (it) => characters.has(it))
}
