// Prints "passed failed skipped" of a report of `vitest --reporter=json`. A file that could not even be loaded has no
// tests to count: it counts as one that failed, and so does a report that is missing.
import { readFileSync } from 'node:fs'

let report
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
} catch {
  report = undefined
}
if (report === undefined) console.log('0 1 0')
else {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((it) => it.status === 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  const unsaid = !report.success && failed === 0 ? 1 : 0
  console.log(report.numPassedTests, failed + unsaid, report.numPendingTests + (report.numTodoTests ?? 0))
}
