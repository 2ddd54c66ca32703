import { describedDependents } from '../flows/describe.ts'
import { openSource } from '../wire.ts'
import type { Command } from './command.ts'
import {
  ambientFlags,
  answer,
  checkDescribeFlags,
  describeFlags,
  evaluation,
  evaluationFlags,
  text,
} from './describe.ts'
import { required } from './required.ts'

export const command: Command = {
  name: 'describe dependents',
  summary: 'What depends on a component, as Atmos prints it',
  usage: 'airlock describe dependents COMPONENT -s STACK [-f json|yaml] [--file FILE]',
  description:
    'Lists the components that name this one in dependencies.components or settings.depends_on, by the rules and in the ' +
    'form of Atmos 1.227.',
  examples: [
    { command: 'airlock describe dependents vpc -s plat-ue2-prod', does: 'lists what depends on it, as JSON' },
    { command: 'airlock describe dependents vpc -s plat-ue2-prod --include-settings', does: 'adds their settings' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' },
    { name: 'include-settings', type: 'boolean', help: 'Add the settings of each dependent' },
    ...evaluationFlags,
    ...describeFlags,
  ],
  positional: ['COMPONENT'],
  async run(args, terminal) {
    checkDescribeFlags(args)
    const stack = required(text(args.flags.stack), '--stack STACK', 'describe dependents')
    const source = await openSource(terminal, ambientFlags(args))
    const value = await describedDependents(
      source,
      { component: args.positional[0]!, stack },
      {
        processTemplates: true,
        processFunctions: true,
        skip: [],
        ...evaluation(args),
        includeSettings: args.flags['include-settings'] === true,
      },
    )
    await answer(value, args, terminal, { otherwise: 'json', order: 'items' })
    return 0
  },
}
