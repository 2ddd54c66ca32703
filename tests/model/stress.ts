import { estate } from './processes/estate.ts'
import { reportLines, storm } from './processes/storm.ts'

/** `npx tsx tests/model/stress.ts [--seconds N] [--workers N] [--seed N] [--keep]`: real processes, killed at random. */
const argv = process.argv.slice(2)
const option = (name: string, otherwise: number) =>
  argv.includes(`--${name}`) ? Number(argv[argv.indexOf(`--${name}`) + 1]) : otherwise
const weather = {
  seconds: option('seconds', 60),
  workers: option('workers', 8),
  seed: option('seed', Date.now() % 100_000),
  kills: option('kills', 0),
}
console.log(`seed ${weather.seed}`)
const place = await estate()
try {
  const report = await storm(place, weather)
  console.log(reportLines(weather, report).join('\n'))
  if (argv.includes('--all'))
    for (const it of report.history.ran)
      console.log(it.words.join(' '), it.code, it.killed ?? '', it.toMs - it.fromMs, '\n', it.output)
  process.exitCode = report.broken.length === 0 ? 0 : 1
} finally {
  if (argv.includes('--keep')) console.log(place.folder)
  else await place.close()
}
