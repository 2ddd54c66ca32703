import { rejectPlans } from '../flows/reject.ts'
import { typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import { brief, rows } from './approve.ts'
import type { Command } from './command.ts'
import { required } from './required.ts'
import { paint } from './style.ts'

export const command: Command = {
  name: 'reject',
  summary: 'Say no to a plan, in your name',
  usage: 'airlock reject [COMPONENT -s STACK] [--digest DIGEST] --reason TEXT',
  description:
    'Records your no, as Git knows you, to what a plan would do: it is not applied, an approval of it ends, and others\n' +
    'do not wait for it any more. What frees it: another change, a revert, or an approval of the plan after all.',
  examples: [
    { command: 'airlock reject vpc -s plat-ue2-prod --reason "not before the freeze ends"', does: 'reject one plan' },
    { command: 'airlock reject --digest 7c0e51d2 --reason "wrong range"', does: 'the plan with this digest' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'digest', type: 'string', value: 'DIGEST', help: 'Reject only a plan whose digest begins so' },
    { name: 'reason', short: 'r', type: 'string', value: 'TEXT', help: 'Why; it is kept and shown' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, digest, reason } = flags as { stack?: string; digest?: string; reason?: string }
    const { by, rejected, waiting } = await rejectPlans(await openWorld(terminal), {
      ...(component && { component }),
      ...(stack && { stack }),
      ...(digest && { digest }),
      reason: required(reason, '--reason TEXT', 'reject'),
    })
    const look = paint(terminal.color)
    if (flags.json)
      terminal.print(JSON.stringify({ by, rejected: rejected.map(brief), waiting: waiting.map(brief) }, undefined, 2))
    else if (rejected.length > 0)
      terminal.print([`Rejected by ${by.name} <${by.email}>: ${reason}`, ...rows(rejected, look)].join('\n'))
    else
      terminal.print(
        [
          `${waiting.length} plans could be meant; say which:`,
          ...rows(waiting, look),
          '',
          ...waiting.slice(0, 1).map(({ id }) => `Next: airlock reject ${typed(id)} --reason "…"`),
        ].join('\n'),
      )
    return rejected.length > 0 ? 0 : 3
  },
}
