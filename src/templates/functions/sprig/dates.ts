import {
  GoError,
  type GoFunctions,
  GoNumber,
  type GoObject,
  type GoValue,
  goFunction,
  NeedsWorld,
  type TemplateWorld,
  worldFunction,
} from '../../value.ts'
import { limits, parsedInteger } from '../cast.ts'
import { durationText, parsedDuration, roundedTo } from '../duration.ts'
import { formattedTime } from '../go-layout.ts'
import { goTime, type Time, timeOf, unixSeconds, zeroNs } from '../go-time.ts'
import { utc, type Zone, zoneNamed } from '../go-zone.ts'
import { parsedTime } from '../time-parsing.ts'

const second = 1_000_000_000n
const htmlLayout = '2006-01-02'

/** sprig's dates and durations. The local zone is UTC. */
export const dateFunctions: GoFunctions = {
  ago: worldFunction('func(any) string', (world: TemplateWorld, value: GoValue) => {
    const then = timeOrNumber(value)
    return durationText(then === undefined ? 0n : roundedTo(nowNs(world, 'ago') - then.ns, second))
  }),
  date: worldFunction('func(string, any) string', (world: TemplateWorld, layout: string, value: GoValue) =>
    shown(world, 'date', layout, value, utc),
  ),
  dateInZone: worldFunction('func(string, any, string) string', inZone('dateInZone')),
  dateModify: goFunction('func(string, time.Time) time.Time', modified),
  date_in_zone: worldFunction('func(string, any, string) string', inZone('date_in_zone')),
  date_modify: goFunction('func(string, time.Time) time.Time', modified),
  duration: goFunction('func(any) string', (value: GoValue) =>
    durationText(BigInt.asIntN(64, seconds(value) * second)),
  ),
  durationRound: worldFunction('func(any) string', (world: TemplateWorld, value: GoValue) => roughly(world, value)),
  htmlDate: worldFunction('func(any) string', (world: TemplateWorld, value: GoValue) =>
    shown(world, 'htmlDate', htmlLayout, value, utc),
  ),
  htmlDateInZone: worldFunction('func(any, string) string', (world: TemplateWorld, value: GoValue, zone: string) =>
    shown(world, 'htmlDateInZone', htmlLayout, value, zoneNamed(zone) ?? utc),
  ),
  mustDateModify: goFunction('func(string, time.Time) (time.Time, error)', mustModify),
  mustToDate: goFunction('func(string, string) (time.Time, error)', (layout: string, text: string) =>
    goTime(parsedTime(layout, text)),
  ),
  must_date_modify: goFunction('func(string, time.Time) (time.Time, error)', mustModify),
  now: worldFunction('func() time.Time', (world: TemplateWorld) => goTime({ ns: nowNs(world, 'now'), zone: utc })),
  toDate: goFunction('func(string, string) time.Time', (layout: string, text: string) => {
    try {
      return goTime(parsedTime(layout, text))
    } catch (cause) {
      if (cause instanceof GoError) return goTime({ ns: zeroNs, zone: utc })
      throw cause
    }
  }),
  unixEpoch: goFunction('func(time.Time) string', (time: GoObject) => String(unixSeconds(timeOf(time)!))),
}

function nowNs({ nowMs }: TemplateWorld, what: string): bigint {
  if (nowMs === undefined) throw new NeedsWorld(what)
  return BigInt(Math.trunc(nowMs)) * 1_000_000n
}

/** A time, or seconds since 1970 of the integer types that sprig looks for; undefined for all else. */
function timeOrNumber(value: GoValue): Time | undefined {
  const time = timeOf(value)
  if (time) return time
  if (typeof value === 'bigint') return { ns: value * second, zone: utc }
  if (value instanceof GoNumber && value.type === 'int64') return { ns: BigInt(value.value) * second, zone: utc }
  return undefined
}

function shown(world: TemplateWorld, name: string, layout: string, value: GoValue, zone: Zone): string {
  const isInt32 = value instanceof GoNumber && value.type === 'int32'
  const time = isInt32 ? { ns: BigInt(value.value) * second } : timeOrNumber(value)
  return formattedTime({ ns: time?.ns ?? nowNs(world, name), zone }, layout)
}

function inZone(name: string) {
  return (world: TemplateWorld, layout: string, value: GoValue, zone: string) =>
    shown(world, name, layout, value, zoneNamed(zone) ?? utc)
}

function mustModify(by: string, date: GoObject): GoObject {
  const { ns, zone } = timeOf(date)!
  return goTime({ ns: ns + parsedDuration(by), zone })
}

function modified(by: string, date: GoObject): GoObject {
  try {
    return mustModify(by, date)
  } catch (cause) {
    if (cause instanceof GoError) return date
    throw cause
  }
}

/** Seconds of an int64 or of text; every other number counts as none. */
function seconds(value: GoValue): bigint {
  if (value instanceof GoNumber && value.type === 'int64') return BigInt(value.value)
  if (typeof value !== 'string') return 0n
  const read = parsedInteger(value)
  if (typeof read === 'bigint') return read
  if (read === 'invalid syntax') return 0n
  return value.startsWith('-') ? limits.int64.min : limits.int64.max
}

const minute = 60n * second
const hour = 60n * minute
const day = 24n * hour

/** Units of a rough duration, from the largest down; a month has 30 days, a year 365. */
const units = [
  ['y', 365n * day],
  ['mo', 30n * day],
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
] as const

function roughly(world: TemplateWorld, value: GoValue): string {
  const ns = durationOf(world, value)
  const size = ns < 0n ? -ns : ns
  const unit = units.find(([, length]) => size > length)
  return unit === undefined ? '0s' : `${size / unit[1]}${unit[0]}`
}

function durationOf(world: TemplateWorld, value: GoValue): bigint {
  const time = timeOf(value)
  if (time) return nowNs(world, 'durationRound') - time.ns
  if (value instanceof GoNumber && value.type === 'int64') return BigInt(value.value)
  if (typeof value !== 'string') return 0n
  try {
    return parsedDuration(value)
  } catch (cause) {
    if (cause instanceof GoError) return 0n
    throw cause
  }
}
