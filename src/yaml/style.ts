import { isBlank, isBreak } from './cursor.ts'
import { isText } from './resolve.ts'
import type { ScalarStyle } from './token.ts'

interface Context {
  readonly simpleKey: boolean
  /** Single quotes must not be used. */
  readonly quote: boolean
  /** The text is long enough to be folded. */
  readonly fold: boolean
}

/** How a text is written, given where it stands. */
export function styleOf(text: string, context: Context): ScalarStyle {
  if (!context.fold && /^[A-Za-z_][\w./-]*$/.test(text)) return isPlain(text) ? 'plain' : 'double'
  const wanted = text.includes('\n') ? 'literal' : context.fold ? 'folded' : isPlain(text) ? 'plain' : 'double'
  const allowed = allowedStyles(text)
  if (context.quote && text.includes("'")) return 'double'
  if (context.simpleKey && allowed.multiline) return 'double'
  if (wanted === 'literal' || wanted === 'folded') return allowed.block && !context.simpleKey ? wanted : 'double'
  if (wanted === 'double' || allowed.plain) return wanted
  return allowed.single ? 'single' : 'double'
}

/** Whether a text stays a text when it is written without quotes, also for readers of YAML 1.1. */
function isPlain(text: string): boolean {
  if (!isText(text)) return false
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text)) return false
  return !/^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/.test(text)
}

interface Allowed {
  readonly plain: boolean
  readonly single: boolean
  readonly block: boolean
  readonly multiline: boolean
}

/** What libyaml's emitter allows for a text outside of flow collections. */
function allowedStyles(text: string): Allowed {
  if (text === '') return { plain: true, single: true, block: false, multiline: false }
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  const last = codes.length - 1
  let indicator = text.startsWith('---') || text.startsWith('...')
  let multiline = false
  let special = false
  let tab = false
  let breakSpace = false
  let spaceBreak = false
  codes.forEach((code, i) => {
    const before = i === 0 ? undefined : codes[i - 1]
    const after = codes[i + 1]
    if (isIndicator(code, before, after)) indicator = true
    if (code === 9) tab = true
    else if (!isPrintable(code)) special = true
    if (isBreak(code)) multiline = true
    if (code === 32 && before !== undefined && isBreak(before)) breakSpace = true
    if (before === 32 && isBreak(code)) spaceBreak = true
  })
  const edge = isSpaceOrBreak(codes[0] ?? 0) || isSpaceOrBreak(codes[last] ?? 0)
  const single = !breakSpace && !spaceBreak && !tab && !special
  return {
    plain: single && !edge && !multiline && !indicator,
    single,
    block: codes[last] !== 32 && !spaceBreak && !special,
    multiline,
  }
}

function isIndicator(code: number, before: number | undefined, after: number | undefined): boolean {
  const spaced = after === undefined || isBlank(after)
  if (before === undefined && '#,[]{}&*!|>\'"%@`'.includes(String.fromCodePoint(code))) return true
  if (code === 58) return spaced
  if (before === undefined) return (code === 63 || code === 45) && spaced
  return code === 35 && (isBlank(before) || isBreak(before) || before === 0)
}

function isSpaceOrBreak(code: number): boolean {
  return code === 32 || isBreak(code)
}

/** Whether a character is written as it is; those beyond the BMP are not. */
export function isPrintable(code: number): boolean {
  return (
    code === 10 ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  )
}
