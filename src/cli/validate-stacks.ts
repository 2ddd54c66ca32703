import { place } from '../error.ts'
import { validated } from '../flows/describe.ts'
import { openSource } from '../wire.ts'
import type { Command } from './command.ts'
import { ambientFlags, sourceFlags } from './describe.ts'
import { paint } from './style.ts'

export const command: Command = {
  name: 'validate stacks',
  summary: 'Check every manifest, as Atmos does',
  usage: 'airlock validate stacks [--json]',
  description:
    'Checks every manifest against the schema of Atmos 1.227, and that no component is defined twice for one stack. ' +
    'Exit code 1 when something is found.',
  examples: [
    { command: 'airlock validate stacks', does: 'lists what is wrong, each with file, line and column' },
    { command: 'airlock validate stacks --json', does: 'the same for programs' },
  ],
  flags: sourceFlags,
  positional: [],
  async run(args, terminal) {
    const findings = await validated(await openSource(terminal, ambientFlags(args)))
    const { bold, red, green } = paint(terminal.color)
    if (args.flags.json) terminal.print(JSON.stringify(findings, undefined, 2))
    else if (findings.length === 0) terminal.print(`${green('✓')} All stacks are valid`)
    else
      terminal.print(
        [
          bold(red(`${findings.length} ${findings.length === 1 ? 'mistake' : 'mistakes'} in the stacks`)),
          '',
          ...findings.map(({ at, message }) => `  ${place(at)}: ${message}`),
        ].join('\n'),
      )
    return findings.length === 0 ? 0 : 1
  },
}
