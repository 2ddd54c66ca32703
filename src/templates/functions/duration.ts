import { GoError, type GoFunction, GoNumber, goFunction } from '../value.ts'

const unitNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

const second = unitNs.s!
const longest = 2n ** 63n

/** A time.Duration of so many nanoseconds. */
export function duration(ns: bigint): GoNumber {
  return new GoNumber('time.Duration', BigInt.asIntN(64, ns))
}

/**
 * What time.ParseDuration reads, in nanoseconds: `1h30m`, `-1.5h`, `0`.
 * @throws GoError `time: invalid duration "x"`, `time: unknown unit "d" in duration "1d"`
 */
export function parsedDuration(text: string): bigint {
  const invalid = new GoError(`time: invalid duration ${JSON.stringify(text)}`)
  const negative = text.startsWith('-')
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return 0n
  if (rest === '') throw invalid
  let total = 0n
  while (rest !== '') {
    const number = /^(\d*)(\.(\d*))?/.exec(rest)!
    const [all, whole, dot, fraction = ''] = number
    if (whole === '' && fraction === '') throw invalid
    rest = rest.slice(all.length)
    const unit = /^[^.0-9]*/.exec(rest)![0]
    if (unit === '') throw new GoError(`time: missing unit in duration ${JSON.stringify(text)}`)
    const ns = Object.hasOwn(unitNs, unit) ? unitNs[unit]! : undefined
    if (ns === undefined)
      throw new GoError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`)
    rest = rest.slice(unit.length)
    total += BigInt(whole || '0') * ns
    if (dot && fraction !== '') total += (BigInt(fraction) * ns) / 10n ** BigInt(fraction.length)
    if (total > longest) throw invalid
  }
  if (!negative && total >= longest) throw invalid
  return negative ? -total : total
}

/** How a time.Duration prints: `1h15m30.918s`, `1.5ms`, `0s`. */
export function durationText(ns: bigint): string {
  if (ns === 0n) return '0s'
  const sign = ns < 0n ? '-' : ''
  const size = ns < 0n ? -ns : ns
  if (size < 1000n) return `${sign}${size}ns`
  if (size < unitNs.ms!) return `${sign}${decimal(size, 1000n)}µs`
  if (size < second) return `${sign}${decimal(size, unitNs.ms!)}ms`
  const minutes = size / unitNs.m!
  const seconds = `${decimal(size % unitNs.m!, second)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

function decimal(size: bigint, unit: bigint): string {
  const width = unit.toString().length - 1
  const fraction = (size % unit).toString().padStart(width, '0').replace(/0+$/, '')
  return `${size / unit}${fraction === '' ? '' : `.${fraction}`}`
}

/** Rounded towards zero to a multiple; a multiple of nothing changes nothing. */
export function truncatedTo(ns: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? ns : ns - (ns % multiple)
}

/** Rounded to the nearest multiple, halves away from zero. */
export function roundedTo(ns: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return ns
  const size = ns < 0n ? -ns : ns
  const down = size - (size % multiple)
  const rounded = (size % multiple) * 2n < multiple ? down : down + multiple
  return ns < 0n ? -rounded : rounded
}

/** The methods of a time.Duration. */
export function durationMethods({ value }: GoNumber): Readonly<Record<string, GoFunction>> {
  const ns = BigInt(value)
  const float = (unit: bigint) => () => Number(ns / unit) + Number(ns % unit) / Number(unit)
  const int64 = (result: bigint) => () => new GoNumber('int64', result)
  return {
    Abs: goFunction('func() time.Duration', () => duration(ns < 0n ? -ns : ns)),
    Hours: goFunction('func() float64', float(unitNs.h!)),
    Microseconds: goFunction('func() int64', int64(ns / 1000n)),
    Milliseconds: goFunction('func() int64', int64(ns / unitNs.ms!)),
    Minutes: goFunction('func() float64', float(unitNs.m!)),
    Nanoseconds: goFunction('func() int64', int64(ns)),
    Round: goFunction('func(time.Duration) time.Duration', (by: GoNumber) => duration(roundedTo(ns, BigInt(by.value)))),
    Seconds: goFunction('func() float64', float(second)),
    String: goFunction('func() string', () => durationText(ns)),
    Truncate: goFunction('func(time.Duration) time.Duration', (by: GoNumber) =>
      duration(truncatedTo(ns, BigInt(by.value))),
    ),
  }
}
