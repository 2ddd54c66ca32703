import { expect, test } from 'vitest'
import { duration, durationText, parsedDuration } from './duration.ts'
import { formattedTime } from './go-layout.ts'
import { goTime, namedNumberText, unixSeconds } from './go-time.ts'
import { zoneNamed } from './go-zone.ts'
import { parsedTime } from './time-parsing.ts'

const time = parsedTime('2006-01-02T15:04:05Z07:00', '2024-07-09T13:04:05.123456789+02:00')

test('a time prints with its fraction and offset', () => {
  expect(goTime(time).print()).toBe('2024-07-09 13:04:05.123456789 +0200 +0200')
  expect(unixSeconds(time)).toBe(1720523045n)
})

test('a layout has an element for every part of a time', () => {
  const berlin = { ...time, zone: zoneNamed('Europe/Berlin')! }
  expect(formattedTime(berlin, 'Monday 002 .999 ,000000 MST __2 _2006')).toBe('Tuesday 191 .123 ,123456 CEST 191 _2024')
  expect(formattedTime(time, '1/2/06 3:4:5 pm PM Z07:00 -07')).toBe('7/9/24 1:4:5 pm PM +02:00 +02')
})

test('a time that does not fit its layout says where', () => {
  expect(() => parsedTime('2006-01-02', 'bad')).toThrow(
    'parsing time "bad" as "2006-01-02": cannot parse "bad" as "2006"',
  )
  expect(() => parsedTime('2006-01-02', '2024-13-01')).toThrow('parsing time "2024-13-01": month out of range')
  expect(() => parsedTime('2006-01-02', '2024-02-30')).toThrow('parsing time "2024-02-30": day out of range')
  expect(() => parsedTime('2006', '2024x')).toThrow('parsing time "2024x": extra text: "x"')
})

test('durations are read and print as Go has them', () => {
  expect(['1h15m30.918s', '-1.5h', '0', '1500ns'].map((text) => durationText(parsedDuration(text)))).toEqual([
    '1h15m30.918s',
    '-1h30m0s',
    '0s',
    '1.5µs',
  ])
  expect(() => parsedDuration('1d')).toThrow('time: unknown unit "d" in duration "1d"')
  expect(() => parsedDuration('5')).toThrow('time: missing unit in duration "5"')
  expect(namedNumberText(duration(90_000_000_000n))).toBe('1m30s')
})
