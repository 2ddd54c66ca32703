import { examine } from '../flows/doctor.ts'
import type { Finding } from '../installation/finding.ts'
import { openDoctor } from '../wire.ts'
import type { Command } from './command.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'doctor',
  summary: 'What is found on this machine, and what is missing',
  usage: 'airlock doctor [--live] [--json]',
  description:
    'Looks at the programs that Airlock uses, at the repository, its stacks and settings, at the store, and at GitHub ' +
    'where the repository has a remote there and a token is at hand: workflow file, environments, secrets, merge rules. ' +
    'Names each place in the stacks where the answer of Atmos is likely not what its writer meant, and what no fingerprint ' +
    'can hold. ' +
    'Each thing that is missing or wrong comes with its fix. Nothing is changed. Exit code 1 when something stands in the way.',
  examples: [
    { command: 'airlock doctor', does: 'looks at this machine and the repository around you' },
    { command: 'airlock doctor --json', does: 'the same for programs' },
    { command: 'airlock doctor --live', does: 'try what GitHub answers, too' },
  ],
  flags: [{ name: 'live', type: 'boolean', help: 'Also try on GitHub what can be tried without changing anything' }],
  positional: [],
  async run({ flags }, terminal) {
    const findings = await examine(openDoctor(terminal), { live: flags.live === true })
    if (flags.json) terminal.print(JSON.stringify(findings, undefined, 2))
    else terminal.print(findingsText(findings, paint(terminal.color)))
    return findings.some(({ state }) => state === 'wrong') ? 1 : 0
  },
}

/** The findings for people: what counts first, then a line a thing, the fix below it. */
export function findingsText(findings: readonly Finding[], look: Paint): string {
  const wrong = findings.filter(({ state }) => state === 'wrong').length
  const missing = findings.filter(({ state }) => state === 'missing').length
  const traps = findings.filter(({ state }) => state === 'trap').length
  const headline =
    wrong > 0
      ? `${wrong} of ${findings.length} things ${wrong === 1 ? 'stands' : 'stand'} in the way`
      : missing > 0
        ? 'Ready, but not for everything'
        : traps > 0
          ? `Ready; ${traps} ${traps === 1 ? 'place says' : 'places say'} something else to Atmos than to people`
          : 'Ready'
  const sign = { ok: look.green('✓'), missing: look.yellow('·'), wrong: look.red('✗'), trap: look.yellow('!') }
  return [
    look.bold(headline),
    '',
    ...table(
      findings.flatMap(({ name, state, found, fix }) => [
        [`${sign[state]} ${name}`, found],
        ...(fix === undefined ? [] : [['', `Fix: ${fix}`]]),
      ]),
    ),
  ].join('\n')
}
