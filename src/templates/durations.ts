import type { GoNumber } from './value.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** What the String method of a number's type says: of a duration, a month, a day of the week; undefined for the others. */
export function namedNumber({ type, value }: GoNumber): string | undefined {
  switch (type) {
    case 'time.Duration':
      return durationText(BigInt(value))
    case 'time.Month':
      return MONTHS[Number(value) - 1] ?? `%!Month(${value})`
    case 'time.Weekday':
      return DAYS[Number(value)] ?? `%!Weekday(${value})`
    default:
      return undefined
  }
}

/** Nanoseconds as Go writes a duration: `1h0m0s`, `1.5s`, `250ms`. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (size < 1000n) return `${sign}${size}ns`
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`
  const minutes = size / 60_000_000_000n
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + seconds
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

function decimal(value: bigint, places: number): string {
  const text = String(value).padStart(places + 1, '0')
  const fraction = text.slice(-places).replace(/0+$/, '')
  return text.slice(0, -places) + (fraction && `.${fraction}`)
}
