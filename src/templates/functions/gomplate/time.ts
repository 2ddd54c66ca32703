import {
  GoError,
  type GoFunction,
  type GoFunctions,
  GoNumber,
  type GoValue,
  goFunction,
  NeedsWorld,
  type TemplateWorld,
  worldFunction,
} from '../../value.ts'
import { parsedInteger } from '../cast.ts'
import { duration, parsedDuration } from '../duration.ts'
import { goTime, timeOf } from '../go-time.ts'
import { utc, zoneNamed } from '../go-zone.ts'
import { parsedTime } from '../time-parsing.ts'
import { namespace } from './namespace.ts'
import { integerOf, textOf } from './values.ts'

/** Go's layouts by their names, in the order in which Go's struct has them. */
const layouts = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
  Kitchen: '3:04PM',
  Stamp: 'Jan _2 15:04:05',
  StampMilli: 'Jan _2 15:04:05.000',
  StampMicro: 'Jan _2 15:04:05.000000',
  StampNano: 'Jan _2 15:04:05.000000000',
} as const

const million = 1_000_000n
const billion = 1_000_000_000n

/** So many of a unit. */
function units(ns: bigint): GoFunction {
  return goFunction('func(any) time.Duration', (count: GoValue) => duration(BigInt.asIntN(64, integerOf(count) * ns)))
}

/** A moment by its seconds since 1970; a fraction only as text, since floats are not exact. */
function unix(value: GoValue): GoValue {
  const float =
    typeof value === 'number'
      ? value
      : value instanceof GoNumber && typeof value.value === 'number'
        ? value.value
        : undefined
  if (float !== undefined)
    throw new GoError(`can not parse floating point number (${float.toFixed(6)}) - use a string instead`)
  const text = value === null ? '0' : textOf(value)
  const [whole = '', fraction = ''] = text.split('.')
  const seconds = parsed(whole)
  const part = fraction === '' ? 0n : parsed(fraction.slice(0, 9).padEnd(9, '0'))
  return goTime({ ns: seconds * billion + part, zone: utc })
}

function parsed(text: string): bigint {
  const read = parsedInteger(text, 10)
  if (typeof read === 'bigint') return read
  throw new GoError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${read}`)
}

function nowNs({ nowMs }: TemplateWorld, name: string): bigint {
  if (nowMs === undefined) throw new NeedsWorld(name)
  return BigInt(nowMs) * million
}

function parseIn(layout: string, name: string, value: GoValue): GoValue {
  const zone = zoneNamed(name)
  if (!zone) throw new GoError(`unknown time zone ${name}`)
  return goTime(parsedTime(layout, textOf(value), zone))
}

function parse(layout: string, value: GoValue): GoValue {
  return goTime(parsedTime(layout, textOf(value)))
}

const methods: GoFunctions = {
  Hour: units(3600n * billion),
  Microsecond: units(1000n),
  Millisecond: units(million),
  Minute: units(60n * billion),
  Nanosecond: units(1n),
  Now: worldFunction('func() time.Time', (world: TemplateWorld) => goTime({ ns: nowNs(world, 'time.Now'), zone: utc })),
  Parse: goFunction('func(string, any) (time.Time, error)', parse),
  ParseDuration: goFunction('func(any) (time.Duration, error)', (value: GoValue) =>
    duration(parsedDuration(textOf(value))),
  ),
  ParseInLocation: goFunction('func(string, string, any) (time.Time, error)', parseIn),
  ParseLocal: goFunction('func(string, any) (time.Time, error)', parse),
  Second: units(billion),
  Since: worldFunction('func(time.Time) time.Duration', (world: TemplateWorld, time: GoValue) =>
    duration(nowNs(world, 'time.Since') - timeOf(time)!.ns),
  ),
  Unix: goFunction('func(any) (time.Time, error)', unix),
  Until: worldFunction('func(time.Time) time.Duration', (world: TemplateWorld, time: GoValue) =>
    duration(timeOf(time)!.ns - nowNs(world, 'time.Until')),
  ),
  ZoneName: goFunction('func() string', () => 'UTC'),
  ZoneOffset: goFunction('func() int', () => 0n),
}

/** The namespace `time`; local time is UTC, so that answers do not depend on the machine. */
export const timeFunctions: GoFunctions = {
  time: namespace('TimeFuncs', methods, {
    fields: layouts,
    print: () => `{{{}} ${Object.values(layouts).join(' ')}}`,
  }),
}
