import { civil, dayNames, monthNames } from './calendar.ts'
import type { Time } from './go-time.ts'
import type { Zone } from './go-zone.ts'

/** An element of a layout, or the text between two. */
export type Piece = { readonly kind: 'text' | 'element'; readonly text: string }

const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|2006|__2|_2(?!006)|PM|pm|[-Z]07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?![0-9])|[12345]/g

/** A layout in pieces, the elements as Go's time package finds them. */
export function layoutPieces(layout: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const match of layout.matchAll(element)) {
    if (match.index > at) found.push({ kind: 'text', text: layout.slice(at, match.index) })
    found.push({ kind: 'element', text: match[0] })
    at = match.index + match[0].length
  }
  if (at < layout.length) found.push({ kind: 'text', text: layout.slice(at) })
  return found
}

/** A moment by one of Go's layouts: `2006-01-02T15:04:05Z07:00`. */
export function formattedTime({ ns, zone }: Time, layout: string): string {
  const shown = momentIn(ns, zone)
  return layoutPieces(layout)
    .map(({ kind, text }) => (kind === 'text' ? text : formatted(text, shown)))
    .join('')
}

/** A moment's date and clock in a zone. */
export function momentIn(ns: bigint, zone: Zone) {
  const seconds = Number((ns - nanosOf(ns)) / 1_000_000_000n)
  const { offsetS, abbreviation } = zone.at(seconds)
  return { ...civil(seconds + offsetS), offsetS, abbreviation, nanos: Number(nanosOf(ns)) }
}

function nanosOf(ns: bigint): bigint {
  return ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
}

type Shown = ReturnType<typeof momentIn>

function formatted(text: string, shown: Shown): string {
  if (/^[.,]/.test(text)) return fraction(text, shown.nanos)
  if (/^[-Z]07/.test(text)) return offset(text, shown.offsetS)
  const half = shown.hour % 12 === 0 ? 12 : shown.hour % 12
  switch (text) {
    case 'January':
      return monthNames[shown.month - 1]!
    case 'Jan':
      return monthNames[shown.month - 1]!.slice(0, 3)
    case 'Monday':
      return dayNames[shown.weekday]!
    case 'Mon':
      return dayNames[shown.weekday]!.slice(0, 3)
    case 'MST':
      return shown.abbreviation === '' ? offset('-0700', shown.offsetS) : shown.abbreviation
    case '2006':
      return padded(shown.year, 4)
    case '06':
      return padded(Math.abs(shown.year) % 100, 2)
    case '01':
      return padded(shown.month, 2)
    case '1':
      return String(shown.month)
    case '02':
      return padded(shown.day, 2)
    case '_2':
      return String(shown.day).padStart(2, ' ')
    case '2':
      return String(shown.day)
    case '002':
      return padded(shown.yearDay, 3)
    case '__2':
      return String(shown.yearDay).padStart(3, ' ')
    case '15':
      return padded(shown.hour, 2)
    case '03':
      return padded(half, 2)
    case '3':
      return String(half)
    case '04':
      return padded(shown.minute, 2)
    case '4':
      return String(shown.minute)
    case '05':
      return padded(shown.second, 2)
    case '5':
      return String(shown.second)
    case 'PM':
      return shown.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return shown.hour >= 12 ? 'pm' : 'am'
    default:
      throw new Error(`no element of a layout: ${text}`)
  }
}

function padded(number: number, width: number): string {
  return `${number < 0 ? '-' : ''}${String(Math.abs(number)).padStart(width, '0')}`
}

function fraction(text: string, nanos: number): string {
  const digits = String(nanos)
    .padStart(9, '0')
    .slice(0, text.length - 1)
  if (text[1] === '0') return text[0] + digits.padEnd(Math.min(text.length - 1, 9), '0')
  const short = digits.replace(/0+$/, '')
  return short === '' ? '' : text[0] + short
}

function offset(text: string, offsetS: number): string {
  if (text.startsWith('Z') && offsetS === 0) return 'Z'
  const size = Math.abs(offsetS)
  const parts = [padded(Math.floor(size / 3600), 2)]
  if (text.length > 3) parts.push(padded(Math.floor(size / 60) % 60, 2))
  if (/:00:00$|0000$/.test(text)) parts.push(padded(size % 60, 2))
  return (offsetS < 0 ? '-' : '+') + parts.join(text.includes(':') ? ':' : '')
}
