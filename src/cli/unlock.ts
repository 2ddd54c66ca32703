import { unlockInstance } from '../flows/unlock.ts'
import { clock, typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { required } from './required.ts'

export const command: Command = {
  name: 'unlock',
  summary: 'Release a claim whose process is gone',
  usage: 'airlock unlock COMPONENT -s STACK --reason TEXT',
  description:
    'Takes back the claim on an instance from a process that is gone from this machine. While the process runs, or when it\n' +
    'belongs to another machine, this is refused: two applies of one state must never run at once.',
  examples: [
    { command: 'airlock unlock vpc -s plat-ue2-prod --reason "my laptop ran out of power"', does: 'after a crash' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'reason', short: 'r', type: 'string', value: 'TEXT', help: 'Why; it is kept in the records' },
  ],
  positional: ['COMPONENT'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, reason } = flags as { stack?: string; reason?: string }
    const world = await openWorld(terminal)
    const claim = await unlockInstance(world, {
      component: component!,
      stack: required(stack, '--stack STACK', 'unlock'),
      reason: required(reason, '--reason TEXT', 'unlock'),
    })
    const id = `${component}@${stack}`
    if (flags.json) terminal.print(JSON.stringify({ id, claim }, undefined, 2))
    else
      terminal.print(
        `Released: ${typed(id)} was claimed by ${claim.holder.by}, run ${claim.holder.run}, since ${clock(claim.sinceMs, await world.store.now())}.`,
      )
    return 0
  },
}
