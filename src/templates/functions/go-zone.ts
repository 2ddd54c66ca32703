import { zoneNames } from './zone-names.ts'

/** What a zone says of a moment. */
export interface ZoneAt {
  readonly offsetS: number
  /** `CET`, `UTC`; empty for an offset without a name. */
  readonly abbreviation: string
}

/** A time zone (time.Location): UTC, a fixed offset, or one of the IANA database. */
export interface Zone {
  /** As Go's Location prints: `UTC`, `Europe/Berlin`. */
  readonly name: string
  readonly at: (unixS: number) => ZoneAt
}

/** Coordinated Universal Time, also what `Local` is: a template's answer must not depend on the machine. */
export const utc: Zone = { name: 'UTC', at: () => ({ offsetS: 0, abbreviation: 'UTC' }) }

/** A zone that never changes: time.FixedZone. */
export function fixedZone(name: string, offsetS: number): Zone {
  return { name, at: () => ({ offsetS, abbreviation: name }) }
}

/** A zone of the IANA database, as time.LoadLocation finds it; undefined where there is none. */
export function zoneNamed(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return utc
  const format = formatOf(name, 'longOffset', 'en-US')
  const canonical = format?.resolvedOptions().timeZone
  // Go looks for a file of this name, JavaScript takes any case.
  if (!format || canonical === undefined) return undefined
  if (canonical !== name && canonical.toLowerCase() === name.toLowerCase()) return undefined
  const offsetAt = (unixS: number): number => offsetOf(zonePart(format, dateOf(unixS)))
  const names = zoneNames[name] ?? zoneNames[canonical]
  return {
    name,
    at: (unixS) => {
      const offsetS = offsetAt(unixS)
      if (names === undefined) return { offsetS, abbreviation: abbreviationOf(name, dateOf(unixS), offsetS) }
      const [standard, summer = standard] = names.split('/')
      const isSummer = [-halfYearS, halfYearS].some((away) => offsetAt(unixS + away) < offsetS)
      const letters = isSummer ? summer! : standard!
      return { offsetS, abbreviation: letters === '#' ? numericName(offsetS) : letters }
    },
  }
}

const halfYearS = 182 * 86_400

/** The moment nearest to a Unix time that JavaScript's calendar holds. */
function dateOf(unixS: number): Date {
  return new Date(Math.max(-8.64e15, Math.min(8.64e15, unixS * 1000)))
}

function formatOf(zone: string, style: 'longOffset' | 'short', locale: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: style })
  } catch {
    return undefined
  }
}

function zonePart(format: Intl.DateTimeFormat, date: Date): string {
  return format.formatToParts(date).find(({ type }) => type === 'timeZoneName')!.value
}

function offsetOf(text: string): number {
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)!
  const size = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -size : size
}

/** Locales in whose countries zones have English letters for a name; elsewhere they are `GMT+3`. */
const locales = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA']

function abbreviationOf(zone: string, date: Date, offsetS: number): string {
  return lettersAt(zone, date) ?? lettersLately(zone, offsetS) ?? numericName(offsetS)
}

function lettersAt(zone: string, date: Date): string | undefined {
  return locales
    .map((locale) => zonePart(formatOf(zone, 'short', locale)!, date))
    .find((text) => !/^(GMT|UTC)[+-]/.test(text))
}

/** A winter's and a summer's day of a year whose names JavaScript knows; it knows few of long ago. */
const lately = [new Date('2026-01-15T12:00:00Z'), new Date('2026-07-15T12:00:00Z')] as const

function lettersLately(zone: string, offsetS: number): string | undefined {
  const format = formatOf(zone, 'longOffset', 'en-US')!
  const alike = lately.find((date) => offsetOf(zonePart(format, date)) === offsetS)
  return alike && lettersAt(zone, alike)
}

/** How the database names a zone that has no letters: `+03`, `-0330`. */
function numericName(offsetS: number): string {
  const minutes = Math.floor(Math.abs(offsetS) / 60)
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0')
  return `${offsetS < 0 ? '-' : '+'}${hours}${minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0')}`
}
