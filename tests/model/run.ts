import { bugs } from './bugs.ts'
import { explore } from './explore.ts'
import { bugLine, scopeLine } from './report.ts'
import { theRules } from './rules.ts'
import { scopes, start } from './scopes.ts'

/** `npx tsx tests/model/run.ts [--deep] [--bugs] [--states N]`: explores the model, or looks for the planted bugs, and prints what it met. */
const argv = process.argv.slice(2)
const most = Number(argv[argv.indexOf('--states') + 1])
let failed = false
if (argv.includes('--bugs')) {
  for (const bug of bugs) {
    const found = explore(bug.rules, start(bug.offers, bug.left ?? {}, bug.runs), { depth: 99, states: 300_000 })
    failed ||= found.broken === undefined
    console.log(bugLine(bug, found), found.broken ? `\n${steps(found.broken.trace)}` : '')
  }
} else {
  for (const { name, first, bound } of scopes(argv.includes('--deep') ? 'deep' : 'test')) {
    const found = explore(theRules, first, most > 0 ? { ...bound, states: most } : bound)
    failed ||= found.broken !== undefined
    console.log(scopeLine(name, found), found.broken ? `\n${steps(found.broken.trace)}` : '')
  }
}
const { user, system } = process.cpuUsage()
console.log(`${Math.round((user + system) / 1e6)} s of processor time`)
process.exitCode = failed ? 1 : 0

function steps(trace: readonly string[]): string {
  return trace.map((words, i) => `  ${i + 1}. ${words}`).join('\n')
}
