import { UserError } from '../error.ts'
import { recoverState } from '../flows/recover.ts'
import { typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { required } from './required.ts'

export const command: Command = {
  name: 'recover',
  summary: 'Push the state that an apply could not store, or do without it',
  usage: 'airlock recover COMPONENT -s STACK [--push | --out FILE | --drop --reason TEXT]',
  description:
    'When an apply cannot store its state, Airlock keeps the copy that Terraform saved, encrypted, and neither plans nor\n' +
    'applies the instance until a person has decided. --push makes it the state (terraform state push), --out writes it\n' +
    'decrypted to look at (it holds secrets), --drop says that it is not needed.',
  examples: [
    { command: 'airlock recover vpc -s plat-ue2-prod --push', does: 'make the copy the state' },
    { command: 'airlock recover vpc -s plat-ue2-prod --out kept.tfstate', does: 'look at it first' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'push', type: 'boolean', help: 'Make the copy the state' },
    { name: 'out', type: 'string', value: 'FILE', help: 'Write the copy, decrypted, and decide nothing' },
    { name: 'drop', type: 'boolean', help: 'Do without it' },
    { name: 'reason', short: 'r', type: 'string', value: 'TEXT', help: 'Why it is not needed' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['COMPONENT'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, out, reason, terraform } = flags as Readonly<Record<string, string | undefined>>
    const ways = [flags.push === true, out !== undefined, flags.drop === true].filter(Boolean).length
    if (ways !== 1)
      throw new UserError({
        code: 'flags-conflict',
        message: `airlock recover does one of three things: --push, --out FILE or --drop --reason TEXT; ${ways} were asked for`,
        fix: 'name one',
        exit: 2,
      })
    const { attempt, state } = await recoverState(await openWorld(terminal), {
      component: component!,
      stack: required(stack, '--stack STACK', 'recover'),
      how:
        out !== undefined
          ? { kind: 'look' }
          : flags.push === true
            ? { kind: 'push' }
            : { kind: 'drop', reason: required(reason, '--reason TEXT', 'recover --drop') },
      ...(terraform && { terraform }),
    })
    const name = typed(`${component}@${stack}`)
    if (out !== undefined) await terminal.write(out, new TextDecoder().decode(state))
    const done =
      out !== undefined ? 'Written, not pushed' : flags.push === true ? 'Pushed' : 'Dropped, and kept in the store'
    if (flags.json) terminal.print(JSON.stringify({ id: `${component}@${stack}`, attempt: attempt.id }, undefined, 2))
    else terminal.print(`${done}: the state that the apply of ${name} by ${attempt.by} could not store.`)
    return 0
  },
}
