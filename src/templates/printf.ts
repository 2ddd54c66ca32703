import type { Format } from './format.ts'
import { formatted, printed } from './print.ts'
import { integerOf, typeOf } from './types.ts'
import type { GoValue } from './value.ts'

/** Wider and more precise than this nothing is printed, as in Go. */
const WIDEST = 1_000_000

const FLAGS: Readonly<Record<string, keyof Format>> = {
  '#': 'sharp',
  '0': 'zero',
  '+': 'plus',
  '-': 'minus',
  ' ': 'space',
}

/** Where a format is read, and what of its arguments is used up. */
interface Reading {
  readonly text: string
  readonly values: readonly GoValue[]
  at: number
  next: number
  /** Whether an index such as `[3]` was seen anywhere, just now, and whether all are right. */
  reordered: boolean
  afterIndex: boolean
  goodIndex: boolean
}

/** What `printf` makes of a format and its arguments; a mistake in either is written into the text, as in Go. */
export function sprintf(format: string, values: readonly GoValue[]): string {
  const it: Reading = {
    text: format,
    values,
    at: 0,
    next: 0,
    reordered: false,
    afterIndex: false,
    goodIndex: true,
  }
  let result = ''
  while (it.at < format.length) {
    const percent = format.indexOf('%', it.at)
    if (percent < 0) {
      result += format.slice(it.at)
      break
    }
    result += format.slice(it.at, percent)
    it.at = percent + 1
    result += directive(it)
  }
  return it.reordered || it.next >= values.length ? result : result + extra(values.slice(it.next))
}

function extra(values: readonly GoValue[]): string {
  const list = values.map((value) => (value === null ? '<nil>' : `${typeOf(value)}=${printed(value)}`))
  return `%!(EXTRA ${list.join(', ')})`
}

function directive(it: Reading): string {
  const { text, values } = it
  const format: { -readonly [key in keyof Format]: Format[key] } = {}
  it.goodIndex = true
  it.afterIndex = false
  for (let flag = FLAGS[text[it.at] ?? '']; flag; flag = FLAGS[text[++it.at] ?? ''])
    Object.assign(format, { [flag]: true })
  let before = ''
  index(it)
  if (text[it.at] === '*') {
    it.at++
    const width = takenInteger(it)
    if (width === undefined) before += '%!(BADWIDTH)'
    else if (width < 0) Object.assign(format, { width: -width, minus: true, zero: false })
    else format.width = width
    it.afterIndex = false
  } else {
    const width = digits(it)
    if (it.afterIndex && width !== undefined) it.goodIndex = false
    if (width !== undefined) format.width = width
  }
  if (it.at + 1 < text.length && text[it.at] === '.') {
    it.at++
    if (it.afterIndex) it.goodIndex = false
    index(it)
    if (text[it.at] === '*') {
      it.at++
      const precision = takenInteger(it)
      if (precision !== undefined && precision >= 0) format.precision = precision
      else before += '%!(BADPREC)'
      it.afterIndex = false
    } else format.precision = digits(it) ?? 0
  }
  if (!it.afterIndex) index(it)
  if (it.at >= text.length) return `${before}%!(NOVERB)`
  const verb = String.fromCodePoint(text.codePointAt(it.at)!)
  it.at += verb.length
  const shown = verb >= '\udc80' && verb <= '\udcff' ? '\ufffd' : verb
  if (verb === '%') return `${before}%`
  if (!it.goodIndex) return `${before}%!${shown}(BADINDEX)`
  if (it.next >= values.length) return `${before}%!${shown}(MISSING)`
  const value = values[it.next++]!
  return before + formatted(value, shown, verb === 'v' || verb === 'w' ? ofValue(format) : format)
}

/** For `%v` the sharp and the plus sign mean something of their own. */
function ofValue({ sharp, plus, ...rest }: Format): Format {
  return { ...rest, ...(sharp && { sharpV: true }), ...(plus && { plusV: true }) }
}

/** Reads an index such as `[3]`, which says which argument comes next. */
function index(it: Reading): void {
  it.afterIndex = false
  if (it.text[it.at] !== '[') return
  it.reordered = true
  const close = it.text.length - it.at < 3 ? -1 : it.text.indexOf(']', it.at + 1)
  const number = close < 0 ? undefined : /^[0-9]+$/.exec(it.text.slice(it.at + 1, close))?.[0]
  const value = number === undefined ? Number.NaN : Number(number)
  it.at = close < 0 ? it.at + 1 : close + 1
  const ok = value <= WIDEST
  it.afterIndex = ok
  if (ok && value >= 1 && value <= it.values.length) it.next = value - 1
  else it.goodIndex = false
}

function digits(it: Reading): number | undefined {
  const found = /^[0-9]+/.exec(it.text.slice(it.at, it.at + 400))?.[0]
  if (found === undefined) return undefined
  const value = Number(found)
  if (value > WIDEST) it.at = it.text.length
  else it.at += found.length
  return value > WIDEST ? undefined : value
}

function takenInteger(it: Reading): number | undefined {
  if (it.next >= it.values.length) return undefined
  const value = integerOf(it.values[it.next++]!)
  return value === undefined || value > WIDEST || value < -WIDEST ? undefined : Number(value)
}
