import { bytesOf } from '../bytes.ts'
import { GoError, type GoFunction, GoNumber, type GoObject, GoSlice, type GoValue, goFunction } from '../value.ts'
import { dayNames, daysSince1970, monthNames } from './calendar.ts'
import { duration, durationMethods, durationText, roundedTo, truncatedTo } from './duration.ts'
import { formattedTime, momentIn } from './go-layout.ts'
import { utc, type Zone } from './go-zone.ts'
import { offsetOfWall } from './time-parsing.ts'

/** A moment and the zone it is shown in: what a time.Time holds. */
export interface Time {
  /** Nanoseconds since 1970, at any distance. */
  readonly ns: bigint
  readonly zone: Zone
}

const billion = 1_000_000_000n
const maxDuration = 2n ** 63n - 1n

/** When Go's zero time.Time is: the first of January of year 1. */
export const zeroNs = -62_135_596_800n * billion

/** A time.Time for templates. */
export function goTime({ ns, zone }: Time): GoObject {
  return new TimeObject({ ns, zone })
}

/** The moment that a value is, where it is a time.Time. */
export function timeOf(value: GoValue): Time | undefined {
  return value instanceof TimeObject ? value.data : undefined
}

class TimeObject implements GoObject {
  readonly type = 'time.Time'
  readonly data: Time

  constructor(data: Time) {
    this.data = data
  }

  get methods(): Readonly<Record<string, GoFunction>> {
    return methodsOf(this)
  }

  print(): string {
    return formattedTime(this.data, '2006-01-02 15:04:05.999999999 -0700 MST')
  }
}

function methodsOf(self: TimeObject): Readonly<Record<string, GoFunction>> {
  const { ns, zone } = self.data
  const shown = momentIn(ns, zone)
  const seconds = floored(ns, billion)
  const other = (value: GoValue): bigint => timeOf(value)!.ns
  const moved = (to: bigint): GoObject => goTime({ ns: to, zone })
  const int = (value: number): GoFunction => goFunction('func() int', () => BigInt(value))
  const int64 = (value: bigint): GoFunction =>
    goFunction('func() int64', () => new GoNumber('int64', BigInt.asIntN(64, value)))
  const compare = (name: (one: bigint, two: bigint) => boolean): GoFunction =>
    goFunction('func(time.Time) bool', (it: GoValue) => name(ns, other(it)))
  return {
    Add: goFunction('func(time.Duration) time.Time', (by: GoNumber) => moved(ns + BigInt(by.value))),
    AddDate: goFunction('func(int, int, int) time.Time', (years: bigint, months: bigint, days: bigint) => {
      const [year, month, day] = [shown.year + Number(years), shown.month + Number(months), shown.day + Number(days)]
      const wall = daysSince1970(year, month, day) * 86_400 + shown.hour * 3600 + shown.minute * 60 + shown.second
      return moved(BigInt(wall - offsetOfWall(zone, wall)) * billion + BigInt(shown.nanos))
    }),
    After: compare((one, two) => one > two),
    Before: compare((one, two) => one < two),
    Compare: goFunction('func(time.Time) int', (it: GoValue) => (ns < other(it) ? -1n : ns > other(it) ? 1n : 0n)),
    Day: int(shown.day),
    Equal: compare((one, two) => one === two),
    Format: goFunction('func(string) string', (layout: string) => formattedTime(self.data, layout)),
    Hour: int(shown.hour),
    IsZero: goFunction('func() bool', () => ns === zeroNs),
    Local: goFunction('func() time.Time', () => goTime({ ns, zone: utc })),
    MarshalJSON: goFunction('func() ([]uint8, error)', () => goBytes(`"${rfc3339(self.data, shown.year)}"`)),
    MarshalText: goFunction('func() ([]uint8, error)', () => goBytes(rfc3339(self.data, shown.year))),
    Minute: int(shown.minute),
    Month: goFunction('func() time.Month', () => new GoNumber('time.Month', BigInt(shown.month))),
    Nanosecond: int(shown.nanos),
    Round: goFunction('func(time.Duration) time.Time', (by: GoNumber) =>
      moved(zeroNs + roundedTo(ns - zeroNs, BigInt(by.value))),
    ),
    Second: int(shown.second),
    String: goFunction('func() string', () => self.print()),
    Sub: goFunction('func(time.Time) time.Duration', (it: GoValue) => duration(saturated(ns - other(it)))),
    Truncate: goFunction('func(time.Duration) time.Time', (by: GoNumber) =>
      moved(zeroNs + truncatedTo(ns - zeroNs, BigInt(by.value))),
    ),
    UTC: goFunction('func() time.Time', () => goTime({ ns, zone: utc })),
    Unix: int64(seconds),
    UnixMicro: int64(floored(ns, 1000n)),
    UnixMilli: int64(floored(ns, 1_000_000n)),
    UnixNano: int64(ns),
    Weekday: goFunction('func() time.Weekday', () => new GoNumber('time.Weekday', BigInt(shown.weekday))),
    Year: int(shown.year),
    YearDay: int(shown.yearDay),
  }
}

function rfc3339(time: Time, year: number): string {
  if (year < 0 || year > 9999) throw new GoError('year outside of range [0,9999]')
  return formattedTime(time, '2006-01-02T15:04:05.999999999Z07:00')
}

function goBytes(text: string): GoSlice {
  return new GoSlice(
    Array.from(bytesOf(text), (byte) => new GoNumber('uint8', BigInt(byte))),
    '[]uint8',
  )
}

function saturated(ns: bigint): bigint {
  return ns > maxDuration ? maxDuration : ns < -maxDuration - 1n ? -maxDuration - 1n : ns
}

function floored(value: bigint, by: bigint): bigint {
  const rest = value % by
  return (value - rest) / by - (rest < 0n ? 1n : 0n)
}

/** Seconds since 1970, whole ones. */
export function unixSeconds({ ns }: Time): bigint {
  return floored(ns, billion)
}

/** How a number with a name of its own prints: time.Duration, time.Month, time.Weekday; undefined for plain ones. */
export function namedNumberText({ type, value }: GoNumber): string | undefined {
  if (type === 'time.Duration') return durationText(BigInt(value))
  if (type === 'time.Month') return monthNames[Number(value) - 1] ?? `%!Month(${value})`
  if (type === 'time.Weekday') return dayNames[Number(value)] ?? `%!Weekday(${value})`
  return undefined
}

/** The methods of a number whose type has some: time.Duration, time.Month, time.Weekday. */
export function numberMethods(value: GoNumber): Readonly<Record<string, GoFunction>> {
  if (value.type === 'time.Duration') return durationMethods(value)
  const text = namedNumberText(value)
  return text === undefined ? {} : { String: goFunction('func() string', () => text) }
}
