import { expect, test } from 'vitest'
import { estate } from './processes/estate.ts'
import { reportLines, storm } from './processes/storm.ts'

test('real processes that are killed at random leave nothing lost, doubled, held or unsaid', {
  timeout: 900_000,
}, async () => {
  const weather = { seed: 7, seconds: 10, workers: 3, kills: 1 }
  const place = await estate()
  try {
    const report = await storm(place, weather)
    console.log(reportLines(weather, report).join('\n'))
    expect(report.broken).toEqual([])
    expect(report.history.applies.length).toBeGreaterThan(4)
  } finally {
    await place.close()
  }
})
