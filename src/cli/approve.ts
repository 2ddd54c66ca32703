import { type Approved, approvePlans } from '../flows/approve.ts'
import { shortDigest } from '../plan/digest.ts'
import { countsText, isDangerous } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'approve',
  summary: 'Say yes to plans, in your name',
  usage: 'airlock approve [COMPONENT -s STACK | --all] [--digest DIGEST] [--destroy N] [--json]',
  description:
    'Records your yes, as Git knows you, to what a plan would do: it is bound to the plan and ends when the plan changes.\n' +
    'Without arguments a single waiting plan is approved; several are listed for you to choose.',
  examples: [
    { command: 'airlock approve vpc -s plat-ue2-prod', does: 'approve one plan' },
    { command: 'airlock approve --all', does: 'approve all that waits' },
    { command: 'airlock approve vpc -s plat-ue2-prod --digest 7c0e51d2', does: 'only if it is still the plan you saw' },
    { command: 'airlock approve --all --destroy 5', does: 'approve all that waits, five removals among it' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'all', short: 'a', type: 'boolean', help: 'Approve every plan that waits' },
    { name: 'destroy', type: 'number', value: 'N', help: 'Agree to N removals, where they are more than destroy.max' },
    { name: 'digest', type: 'string', value: 'DIGEST', help: 'Approve only a plan whose digest begins so' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, digest, destroy } = flags as { stack?: string; digest?: string; destroy?: number }
    const outcome = await approvePlans(await openWorld(terminal), {
      ...(component && { component }),
      ...(stack && { stack }),
      ...(digest && { digest }),
      ...(destroy !== undefined && { destroy }),
      all: flags.all === true,
    })
    const look = paint(terminal.color)
    const { approved, waiting, by } = outcome
    if (flags.json)
      terminal.print(JSON.stringify({ by, approved: approved.map(brief), waiting: waiting.map(brief) }, undefined, 2))
    else if (approved.length > 0)
      terminal.print([`Approved by ${by.name} <${by.email}>:`, ...rows(approved, look)].join('\n'))
    else if (waiting.length > 0)
      terminal.print(
        [
          `${waiting.length} plans wait; say which, or --all:`,
          ...rows(waiting, look),
          '',
          ...waiting.slice(0, 1).map(({ id }) => `Next: airlock approve ${typed(id)}`),
        ].join('\n'),
      )
    else terminal.print('Nothing waits for an approval.')
    return waiting.length > 0 ? 3 : 0
  },
}

/** An answered plan for programs. */
export function brief({ id, plan: { digest, fingerprint, changes } }: Approved) {
  return { id, digest, fingerprint, changes }
}

/** A line a plan: what it would do, and its digest. */
export function rows(plans: readonly Approved[], look: Paint): string[] {
  return table(
    plans.map(({ id, plan, model }) => {
      const [component, stack] = typed(id).split(' -s ')
      const danger = model && isDangerous(model) ? ' ⚠' : ''
      return [
        look.bold(component!),
        `-s ${stack}`,
        `${countsText(plan.changes)}${danger}`,
        look.dim(`digest ${shortDigest(plan.digest)}`),
      ]
    }),
  )
}
