import { GoError } from '../value.ts'
import { dayNames, daysIn, daysSince1970, monthNames } from './calendar.ts'
import { layoutPieces } from './go-layout.ts'
import type { Time } from './go-time.ts'
import { fixedZone, utc, type Zone } from './go-zone.ts'

/** What has been read of a time. */
interface Read {
  year: number
  month: number
  day: number
  yearDay: number
  hour: number
  minute: number
  second: number
  nanos: number
  afternoon: boolean | undefined
  zone: Zone | undefined
  offsetS: number | undefined
  zoneName: string
}

/** What an element may throw at its own text; the caller knows the rest. */
class OutOfRange extends Error {}
class Unreadable extends Error {}

/**
 * What time.ParseInLocation reads by a layout; without a zone of its own the time is in `zone`.
 * @throws GoError `parsing time "bad" as "2006-01-02": cannot parse "bad" as "2006"`, `parsing time "…": day out of range`
 */
export function parsedTime(layout: string, text: string, zone: Zone = utc): Time {
  const read: Read = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    afternoon: undefined,
    zone: undefined,
    offsetS: undefined,
    zoneName: '',
  }
  const pieces = layoutPieces(layout)
  let rest = text
  for (const [index, piece] of pieces.entries()) {
    const before = rest
    try {
      rest = piece.kind === 'text' ? withoutText(rest, piece.text) : withoutElement(rest, piece.text, read)
    } catch (cause) {
      if (cause instanceof OutOfRange)
        throw new GoError(`parsing time ${JSON.stringify(text)}: ${cause.message} out of range`)
      if (!(cause instanceof Unreadable)) throw cause
      throw new GoError(
        `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(piece.kind === 'text' ? cause.message : before)} as ${JSON.stringify(piece.text)}`,
      )
    }
    const isSecond = piece.kind === 'element' && /^0?5$/.test(piece.text)
    const next = pieces[index + 1]
    const fraction = /^[.,]\d+/.exec(rest)
    if (isSecond && fraction && !(next?.kind === 'element' && /^[.,]/.test(next.text))) {
      read.nanos = nanosOf(fraction[0])
      rest = rest.slice(fraction[0].length)
    }
  }
  if (rest !== '') throw new GoError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`)
  return momentOf(read, text, zone)
}

function withoutText(rest: string, text: string): string {
  let left = rest
  for (const [index, character] of [...text].entries()) {
    if (character === ' ') {
      if (left !== '' && !left.startsWith(' ')) throw new Unreadable(left)
      left = [...text][index + 1] === ' ' ? left.replace(/^ /, '') : left.replace(/^ +/, '')
      continue
    }
    if (!left.startsWith(character)) throw new Unreadable(left)
    left = left.slice(character.length)
  }
  return left
}

/** Takes an element off the text and notes what it says. */
function withoutElement(rest: string, text: string, read: Read): string {
  if (/^[.,]/.test(text)) return fraction(rest, text, read)
  if (/^[-Z]07/.test(text)) return offset(rest, text, read)
  const take = (pattern: RegExp): string => {
    const match = pattern.exec(rest)
    if (!match) throw new Unreadable(rest)
    return match[0]
  }
  let taken: string
  switch (text) {
    case '2006':
      taken = take(/^\d{4}/)
      read.year = Number(taken)
      break
    case '06':
      taken = take(/^\d{2}/)
      read.year = Number(taken) + (Number(taken) >= 69 ? 1900 : 2000)
      break
    case 'January':
    case 'Jan':
      taken = named(rest, text === 'Jan' ? monthNames.map((name) => name.slice(0, 3)) : monthNames)
      read.month = monthNames.findIndex((name) => name.toLowerCase().startsWith(taken.toLowerCase())) + 1
      break
    case 'Monday':
    case 'Mon':
      taken = named(rest, text === 'Mon' ? dayNames.map((name) => name.slice(0, 3)) : dayNames)
      break
    case '01':
    case '1':
      taken = take(text === '01' ? /^\d{2}/ : /^\d{1,2}/)
      read.month = Number(taken)
      if (read.month < 1 || read.month > 12) throw new OutOfRange('month')
      break
    case '02':
    case '_2':
    case '2':
      taken = take(text === '02' ? /^\d{2}/ : text === '2' ? /^\d{1,2}/ : /^ ?\d{1,2}/)
      read.day = Number(taken)
      break
    case '002':
    case '__2':
      taken = take(text === '002' ? /^\d{3}/ : /^ {0,2}\d{1,3}/)
      read.yearDay = Number(taken)
      break
    case '15':
      taken = take(/^\d{1,2}/)
      read.hour = Number(taken)
      if (read.hour > 23) throw new OutOfRange('hour')
      break
    case '03':
    case '3':
      taken = take(text === '03' ? /^\d{2}/ : /^\d{1,2}/)
      read.hour = Number(taken)
      if (read.hour > 12) throw new OutOfRange('hour')
      break
    case '04':
    case '4':
      taken = take(text === '04' ? /^\d{2}/ : /^\d{1,2}/)
      read.minute = Number(taken)
      if (read.minute > 59) throw new OutOfRange('minute')
      break
    case '05':
    case '5':
      taken = take(text === '05' ? /^\d{2}/ : /^\d{1,2}/)
      read.second = Number(taken)
      if (read.second > 59) throw new OutOfRange('second')
      break
    case 'PM':
    case 'pm':
      taken = take(text === 'PM' ? /^[AP]M/ : /^[ap]m/)
      read.afternoon = /p/i.test(taken)
      break
    default:
      taken = take(/^(?:UTC|GMT[+-]\d{1,2}|[+-]\d\d(?:\d\d)?(?!\d)|ChST|MeST|[A-Z]{5}(?![A-Z])|[A-Z]{3,4}(?![A-Z]))/)
      if (/^[A-Z]{5}$/.test(taken) && !taken.endsWith('T')) throw new Unreadable(rest)
      if (/^[A-Z]{4}$/.test(taken) && !taken.endsWith('T') && taken !== 'WITA') throw new Unreadable(rest)
      if (taken === 'UTC') read.zone = utc
      else read.zoneName = taken
  }
  return rest.slice(taken.length)
}

function named(rest: string, names: readonly string[]): string {
  const found = names.find((name) => rest.slice(0, name.length).toLowerCase() === name.toLowerCase())
  if (found === undefined) throw new Unreadable(rest)
  return rest.slice(0, found.length)
}

function fraction(rest: string, text: string, read: Read): string {
  if (text[1] === '0') {
    const taken = rest.slice(0, text.length)
    if (!/^[.,]\d+$/.test(taken) || taken.length < text.length) throw new Unreadable(rest)
    read.nanos = nanosOf(taken)
    return rest.slice(taken.length)
  }
  const taken = /^[.,]\d+/.exec(rest)?.[0] ?? ''
  if (taken !== '') read.nanos = nanosOf(taken.slice(0, 10))
  return rest.slice(taken.length)
}

function nanosOf(text: string): number {
  return Number(text.slice(1, 10).padEnd(9, '0'))
}

function offset(rest: string, text: string, read: Read): string {
  if (text.startsWith('Z') && rest.startsWith('Z')) {
    read.zone = utc
    return rest.slice(1)
  }
  const colon = text.includes(':') ? ':' : ''
  const parts = text.replace(/[-Z:]/g, '').length / 2
  const pattern = new RegExp(`^([+-])(\\d\\d)${`${colon}(\\d\\d)`.repeat(parts - 1)}`)
  const match = pattern.exec(rest)
  if (!match) throw new Unreadable(rest)
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)]
  if (hours > 24) throw new OutOfRange('time zone offset hour')
  if (minutes > 60) throw new OutOfRange('time zone offset minute')
  if (seconds > 60) throw new OutOfRange('time zone offset second')
  read.offsetS = (hours * 3600 + minutes * 60 + seconds) * (match[1] === '-' ? -1 : 1)
  return rest.slice(match[0].length)
}

function momentOf(read: Read, text: string, zone: Zone): Time {
  let { hour, month, day } = read
  if (read.afternoon === true && hour < 12) hour += 12
  else if (read.afternoon === false && hour === 12) hour = 0
  const outOfRange = (what: string): GoError => new GoError(`parsing time ${JSON.stringify(text)}: ${what}`)
  if (read.yearDay >= 0) {
    const length = daysIn(read.year, 2) === 29 ? 366 : 365
    if (read.yearDay < 1 || read.yearDay > length) throw outOfRange('day-of-year out of range')
    const [ofYearDay, ofDay] = monthAndDay(read.year, read.yearDay)
    if (month >= 0 && month !== ofYearDay) throw outOfRange('day-of-year does not match month')
    if (day >= 0 && day !== ofDay) throw outOfRange('day-of-year does not match day')
    ;[month, day] = [ofYearDay, ofDay]
  }
  month = month < 0 ? 1 : month
  day = day < 0 ? 1 : day
  if (day < 1 || day > daysIn(read.year, month)) throw outOfRange('day out of range')
  const wall = daysSince1970(read.year, month, day) * 86_400 + hour * 3600 + read.minute * 60 + read.second
  const ns = (seconds: number): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(read.nanos)
  if (read.zone) return { ns: ns(wall), zone: read.zone }
  if (read.offsetS !== undefined) {
    const at = zone.at(wall - read.offsetS)
    const same = at.offsetS === read.offsetS && (read.zoneName === '' || at.abbreviation === read.zoneName)
    return { ns: ns(wall - read.offsetS), zone: same ? zone : fixedZone(read.zoneName, read.offsetS) }
  }
  if (read.zoneName !== '') return inNamedZone(read.zoneName, wall, ns, zone)
  return { ns: ns(wall - offsetOfWall(zone, wall)), zone }
}

/** A zone's letters alone say no offset, but where they are the default zone's own, or `GMT+3`. */
function inNamedZone(name: string, wall: number, ns: (seconds: number) => bigint, zone: Zone): Time {
  for (const guess of [offsetOfWall(zone, wall), offsetOfWall(zone, wall - 3600), offsetOfWall(zone, wall + 3600)])
    if (zone.at(wall - guess).abbreviation === name) return { ns: ns(wall - guess), zone }
  const offsetS = name.length > 3 && name.startsWith('GMT') ? Number(name.slice(3)) * 3600 : 0
  return { ns: ns(wall - offsetS), zone: fixedZone(name, offsetS) }
}

/** A zone's offset when its clocks show a time; where they show it twice or never, as time.Date chooses. */
export function offsetOfWall(zone: Zone, wall: number): number {
  const first = zone.at(wall).offsetS
  if (first === 0) return first
  const second = zone.at(wall - first).offsetS
  return second === first ? first : zone.at(wall - second).offsetS === second ? second : first
}

function monthAndDay(year: number, yearDay: number): [number, number] {
  let left = yearDay
  for (let month = 1; month <= 12; month++) {
    const length = daysIn(year, month)
    if (left <= length) return [month, left]
    left -= length
  }
  return [12, 31]
}
