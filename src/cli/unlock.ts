import { unlockInstance } from '../flows/unlock.ts'
import { unlockState } from '../flows/unlock-state.ts'
import { clock, typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { required } from './required.ts'

export const command: Command = {
  name: 'unlock',
  summary: 'Release a claim whose process is gone',
  usage: 'airlock unlock COMPONENT -s STACK [--lock ID] --reason TEXT',
  description:
    'Takes back the claim on an instance from a process that is gone from this machine. While the process runs, or when it\n' +
    'belongs to another machine, this is refused: two applies of one state must never run at once. With --lock it\n' +
    "releases Terraform's own lock on the state, which you know to be left: it runs terraform force-unlock.",
  examples: [
    { command: 'airlock unlock vpc -s plat-ue2-prod --reason "my laptop ran out of power"', does: 'after a crash' },
  ],
  flags: [
    { name: 'lock', type: 'string', value: 'ID', help: "Release Terraform's own lock with this id instead" },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'reason', short: 'r', type: 'string', value: 'TEXT', help: 'Why; it is kept in the records' },
  ],
  positional: ['COMPONENT'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, reason, lock, terraform } = flags as Readonly<Record<string, string | undefined>>
    const world = await openWorld(terminal)
    const id = `${component}@${stack}`
    if (lock !== undefined) {
      await unlockState(world, {
        component: component!,
        stack: required(stack, '--stack STACK', 'unlock'),
        reason: required(reason, '--reason TEXT', 'unlock'),
        lock,
        ...(terraform && { terraform }),
      })
      if (flags.json) terminal.print(JSON.stringify({ id, lock }, undefined, 2))
      else terminal.print(`Released: Terraform's lock ${lock} on the state of ${typed(id)}.`)
      return 0
    }
    const claim = await unlockInstance(world, {
      component: component!,
      stack: required(stack, '--stack STACK', 'unlock'),
      reason: required(reason, '--reason TEXT', 'unlock'),
    })
    if (flags.json) terminal.print(JSON.stringify({ id, claim }, undefined, 2))
    else
      terminal.print(
        `Released: ${typed(id)} was claimed by ${claim.holder.by}, run ${claim.holder.run}, since ${clock(claim.sinceMs, await world.store.now())}.`,
      )
    return 0
  },
}
