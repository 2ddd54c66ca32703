import type { PlainMap } from '../affected/atmos/described.ts'
import { matrixOf } from '../affected/atmos/print.ts'
import { UserError } from '../error.ts'
import { type Base, describedAffected } from '../flows/describe.ts'
import { openRepo, openSource } from '../wire.ts'
import type { Args, Command, Flag, Terminal } from './command.ts'
import { ambientFlags, answer, describeFlags, evaluation, evaluationFlags, text } from './describe.ts'

/** Flags of Atmos that need what is not there: they are known, so that they are refused and not misread. */
const notYet: readonly Flag[] = [
  { name: 'clone-target-ref', type: 'boolean', help: 'Not there yet: fetch the ref, and name it with --base' },
  { name: 'upload', type: 'boolean', help: 'Not there: Airlock has no server' },
]

export const command: Command = {
  name: 'describe affected',
  summary: 'What a change affects, as Atmos prints it',
  usage: 'airlock describe affected [--base REV] [--include-dependents] [-f json|yaml|matrix] [--file FILE]',
  description:
    "Compares the work tree with a base commit (origin's HEAD unless named) and lists affected components by the rules " +
    'and in the form of Atmos 1.227. For all reasons with their places, and for what Airlock itself would plan, ask ' +
    'airlock affected.',
  examples: [
    { command: 'airlock describe affected --base main', does: 'lists what differs from main, as JSON' },
    { command: 'airlock describe affected --base main -f matrix', does: 'the same as a matrix for GitHub Actions' },
    { command: 'airlock describe affected --repo-path ../base', does: 'compares with another clone as it is on disk' },
  ],
  flags: [
    { name: 'base', type: 'string', value: 'REV', help: 'Compare with this commit, branch or tag' },
    { name: 'ref', type: 'string', value: 'REF', help: 'Older form of --base' },
    { name: 'sha', type: 'string', value: 'SHA', help: 'Older form of --base' },
    { name: 'repo-path', type: 'string', value: 'DIR', help: 'Compare with this clone as it is on disk' },
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' },
    { name: 'include-dependents', type: 'boolean', help: 'Add what depends on affected components' },
    { name: 'include-settings', type: 'boolean', help: 'Add the settings of each component' },
    { name: 'include-spacelift-admin-stacks', type: 'boolean', help: 'Add Spacelift admin stacks' },
    { name: 'exclude-locked', type: 'boolean', help: 'Leave out locked components' },
    { name: 'output-file', type: 'string', value: 'FILE', help: 'Append matrix= and count= lines to this file' },
    ...evaluationFlags,
    ...describeFlags.map((flag) => (flag.name === 'format' ? { ...flag, help: 'json, yaml or matrix' } : flag)),
    ...notYet,
  ],
  positional: [],
  async run(args, terminal) {
    refuseNotYet(args)
    const { flags } = args
    const source = await openSource(terminal, ambientFlags(args))
    const items = await describedAffected(source, await baseOf(args, terminal), {
      processTemplates: true,
      processFunctions: true,
      skip: [],
      ...evaluation(args),
      includeSettings: flags['include-settings'] === true,
      includeDependents: flags['include-dependents'] === true,
      includeSpaceliftAdminStacks: flags['include-spacelift-admin-stacks'] === true,
      excludeLocked: flags['exclude-locked'] === true,
      stack: text(flags.stack),
    })
    if (flags.format === 'matrix') await matrix(items.value as readonly PlainMap[], args, terminal)
    else await answer(items, args, terminal, { otherwise: 'json', order: 'items' })
    return 0
  },
}

/** The items as a matrix for GitHub Actions, in one line. */
async function matrix(items: readonly PlainMap[], { flags }: Args, terminal: Terminal): Promise<void> {
  const { include } = matrixOf(items)
  const line = JSON.stringify({ include })
  const file = text(flags['output-file'])
  if (file === undefined) terminal.print(line)
  else await terminal.append(file, `matrix=${line}\ncount=${include.length}\n`)
}

async function baseOf({ flags }: Args, terminal: Terminal): Promise<Base> {
  const path = text(flags['repo-path'])
  const revision = text(flags.base) ?? text(flags.sha) ?? text(flags.ref)
  if (path === undefined) return { kind: 'revision', revision }
  if (revision !== undefined)
    throw new UserError({
      code: 'flags-conflict',
      message: '--repo-path names the base, and so does --base (--ref, --sha)',
      fix: 'give one of them',
      exit: 2,
    })
  return { kind: 'clone', repo: (await openRepo({ ...terminal, cwd: terminal.resolve(path) })).repo }
}

function refuseNotYet({ flags }: Args): void {
  const given = notYet.find(({ name }) => flags[name] === true)
  if (given)
    throw new UserError({ code: 'not-yet', message: `--${given.name} is not there yet`, fix: given.help, exit: 2 })
}
