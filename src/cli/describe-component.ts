import { UserError } from '../error.ts'
import { describedComponent } from '../flows/describe.ts'
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
  name: 'describe component',
  summary: 'One component of a stack, as Atmos prints it',
  usage: 'airlock describe component COMPONENT -s STACK [-f json|yaml] [--file FILE]',
  description:
    'Resolves one component and prints its sections, merged. As in Atmos, only the sections that a manifest may write ' +
    'are printed; ATMOS_DESCRIBE_COMPONENT_FILTER=full prints all. Comments with the origin of each value are not there ' +
    'yet: airlock explain tells where a value comes from.',
  examples: [
    { command: 'airlock describe component vpc -s plat-ue2-prod', does: 'prints one component, as YAML' },
    { command: 'airlock describe component vpc -s plat-ue2-prod -f json', does: 'the same as JSON' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack: its name, or its file' },
    { name: 'provenance', type: 'boolean', help: 'Comments with the origin of each value: only =false for now' },
    { name: 'use-mocks', type: 'boolean', help: 'Take the mocks of components for their outputs' },
    ...evaluationFlags,
    ...describeFlags,
  ],
  positional: ['COMPONENT'],
  async run(args, terminal) {
    checkDescribeFlags(args)
    const stack = required(text(args.flags.stack), '--stack STACK', 'describe component')
    if (args.flags.provenance === true)
      throw new UserError({
        code: 'not-yet',
        message: '--provenance is not there yet',
        fix: `airlock explain ${args.positional[0]} -s ${stack} tells where each value comes from`,
        exit: 2,
      })
    const source = await openSource(terminal, ambientFlags(args))
    const value = await describedComponent(source, args.positional[0]!, stack, {
      ...evaluation(args),
      ...(args.flags.query !== undefined && { filter: 'full' as const }),
    })
    await answer(value, args, terminal, { otherwise: 'yaml' })
    return 0
  },
}
