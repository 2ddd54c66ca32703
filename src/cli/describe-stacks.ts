import { describedStacks } from '../flows/describe.ts'
import { keptText } from '../flows/kept.ts'
import { openKept, openSource } from '../wire.ts'
import type { Command } from './command.ts'
import {
  ambientFlags,
  answer,
  answerText,
  checkDescribeFlags,
  describeFlags,
  evaluation,
  evaluationFlags,
  text,
  texts,
} from './describe.ts'

export const command: Command = {
  name: 'describe stacks',
  summary: 'All stacks and their components, as Atmos prints them',
  usage: 'airlock describe stacks [-s STACK] [--components A,B] [--sections A,B] [-f json|yaml] [--file FILE]',
  description:
    'Resolves all stacks and prints their components with every section, merged. The stacks are validated first, as ' +
    'Atmos does. Works in any folder of the repository, and outside of Git too.',
  examples: [
    { command: 'airlock describe stacks', does: 'prints everything, as YAML' },
    { command: 'airlock describe stacks -s plat-ue2-prod --sections vars', does: 'prints the variables of one stack' },
    { command: 'airlock describe stacks --components vpc -f json', does: 'prints vpc of every stack, as JSON' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack: its name, or its file' },
    { name: 'components', type: 'list', value: 'NAME', help: 'Only these components' },
    {
      name: 'component-types',
      type: 'list',
      value: 'TYPE',
      help: 'Only components of these types: terraform, helmfile, …',
    },
    { name: 'sections', type: 'list', value: 'NAME', help: 'Only these sections of each component' },
    { name: 'include-empty-stacks', type: 'boolean', help: 'Accepted, as by Atmos' },
    ...evaluationFlags,
    ...describeFlags,
  ],
  positional: [],
  async run(args, terminal) {
    checkDescribeFlags(args)
    const { flags } = args
    const source = await openSource(terminal, ambientFlags(args))
    const [stack, components, componentTypes, sections] = [
      text(flags.stack),
      texts(flags.components),
      texts(flags['component-types']),
      texts(flags.sections),
    ]
    const options = {
      ...evaluation(args),
      ...(stack !== undefined && { stack }),
      ...(components && { components }),
      ...(componentTypes && { componentTypes }),
      ...(sections && { sections }),
      ...(flags['include-empty-stacks'] === true && { includeEmptyStacks: true }),
    }
    const kept = openKept(terminal, import.meta.url)
    if (text(flags.file) !== undefined)
      await answer(await describedStacks(source, options), args, terminal, { otherwise: 'yaml' })
    else
      await keptText(
        source,
        kept,
        [options, flags.format, flags.json, flags.query, flags['error-mode']],
        async (it) => answerText(await describedStacks(it, options), args, terminal, { otherwise: 'yaml' }),
        terminal.print,
      )
    return 0
  },
}
