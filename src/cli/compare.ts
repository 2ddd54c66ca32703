import { place, type UserError } from '../error.ts'
import { type Comparison, compared, type ShownDifference } from '../flows/compare.ts'
import { openAtmos, openSource } from '../wire.ts'
import type { Args, Command } from './command.ts'
import { ambientFlags, sourceFlags, text } from './describe.ts'
import { errorText } from './errors.ts'
import { short } from './explain.ts'
import { atmosJson } from './json.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'compare',
  summary: 'Ask your own Atmos the same, and show every difference',
  usage: 'airlock compare [-s STACK] [--atmos PATH] [--json]',
  description:
    'Runs "atmos describe stacks" of your own Atmos beside Airlock, on the files as they lie here, and prints every value ' +
    'that the two do not agree on, with both values and the place that Airlock has its own from. Functions are left as they ' +
    'are written, so nothing needs credentials. Exit code 1 when anything differs.',
  examples: [
    { command: 'airlock compare', does: 'compares all stacks' },
    { command: 'airlock compare -s plat-ue2-prod', does: 'compares one stack' },
    { command: 'airlock compare --atmos ./bin/atmos', does: 'with this Atmos instead of the one on the PATH' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' },
    { name: 'atmos', type: 'string', value: 'PATH', help: 'The Atmos to ask; the one on the PATH where left out' },
    ...sourceFlags,
  ],
  positional: [],
  async run(args, terminal) {
    const stack = text(args.flags.stack)
    const source = await openSource(terminal, ambientFlags(args))
    const atmos = openAtmos(terminal, text(args.flags.atmos) ?? 'atmos')
    const found = await compared(
      { source, atmos },
      { sourceArgs: sourceArgs(args), ...(stack !== undefined && { stack }) },
    )
    if (args.flags.json) terminal.print(atmosJson(asPlain(found), { order: 'items' }))
    else terminal.print(comparisonText(found, paint(terminal.color)))
    return exitOf(found)
  },
}

function exitOf(found: Comparison): 0 | 1 | 2 {
  if (found.kind === 'compared') return found.differences.length === 0 ? 0 : 1
  return found.kind === 'both-failed' ? 0 : found.kind === 'atmos-failed' ? 2 : 1
}

/** The configuration flags as they were given, for Atmos. */
function sourceArgs({ flags }: Args): string[] {
  return sourceFlags.flatMap(({ name }) => [flags[name] ?? []].flat().map((value) => `--${name}=${String(value)}`))
}

/** The comparison for people: what it came to, then each component with what differs. */
export function comparisonText(found: Comparison, look: Paint): string {
  const atmos = `Atmos ${found.atmos.version ?? `at ${found.atmos.path}`}`
  const indented = (said: string) => said.split('\n').map((line) => `  ${line}`.trimEnd())
  switch (found.kind) {
    case 'both-failed':
      return [
        `${look.green('✓')} ${atmos} and Airlock both fail`,
        ...['', look.bold('Atmos'), ...indented(found.theirs)],
        ...['', look.bold('Airlock'), ...indented(errorText(found.ours, look))],
      ].join('\n')
    case 'atmos-failed':
      return [
        look.bold(look.red(`${atmos} fails where Airlock does not`)),
        ...['', look.bold('Atmos'), ...indented(found.theirs)],
        ...['', look.bold('Airlock'), '  answers without an error'],
      ].join('\n')
    case 'airlock-failed':
      return [
        look.bold(look.red(`Airlock fails where ${atmos} does not`)),
        ...['', look.bold('Atmos'), '  answers without an error'],
        ...['', look.bold('Airlock'), ...indented(errorText(found.ours, look))],
      ].join('\n')
    case 'compared': {
      const { components, stacks, differences, late } = found
      const all = `${number(components, 'component')} in ${number(stacks, 'stack')}`
      const headline =
        differences.length === 0
          ? `${look.green('✓')} The same as ${atmos}: ${all}`
          : look.bold(
              `${number(differences.length, 'value')} of ${number(byName(differences).size, 'component')} ${differences.length === 1 ? 'differs' : 'differ'} from ${atmos}, of ${all}`,
            )
      const waiting = `${number(late.length, 'template')} more, which Airlock leaves to the run and Atmos answered now`
      return [
        headline,
        ...grouped(differences, look),
        ...(late.length === 0 ? [] : ['', waiting, ...grouped(late, look)]),
      ].join('\n')
    }
  }
}

function grouped(differences: readonly ShownDifference[], look: Paint): string[] {
  return [...byName(differences)].flatMap(([name, items]) => [
    '',
    look.bold(name),
    ...items.flatMap((it) => linesOf(it, look)),
  ])
}

function byName(differences: readonly ShownDifference[]): Map<string, ShownDifference[]> {
  const groups = new Map<string, ShownDifference[]>()
  for (const it of differences) {
    const group = groups.get(nameOf(it)) ?? []
    group.push(it)
    groups.set(nameOf(it), group)
  }
  return groups
}

function nameOf({ stack, type, component }: ShownDifference): string {
  if (type === '') return stack
  return `${component} in ${stack}${type === 'terraform' ? '' : ` (${type})`}`
}

function linesOf({ path, ours, theirs, at }: ShownDifference, look: Paint): string[] {
  const whole = path.length === 0
  const said = (value: ShownDifference['ours']) =>
    value === undefined ? look.dim('(nothing)') : whole ? 'has it' : short(value, 80)
  return [
    ...(whole ? [] : [`  ${path.join('.')}`]),
    ...table(
      [
        ['Airlock', said(ours), ...(at ? [place(at)] : [])],
        ['Atmos', said(theirs)],
      ],
      '    ',
    ),
  ]
}

function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function asPlain(found: Comparison): Parameters<typeof atmosJson>[0] {
  const { kind, atmos } = found
  const about = { kind, equal: exitOf(found) === 0, atmos: { path: atmos.path, version: atmos.version ?? null } }
  if (found.kind !== 'compared')
    return {
      ...about,
      ...('ours' in found && { airlockSaid: errorFacts(found.ours) }),
      ...('theirs' in found && { atmosSaid: found.theirs }),
    }
  const { components, stacks, differences, late } = found
  return { ...about, components, stacks, differences: differences.map(facts), late: late.map(facts) }
}

function facts({ stack, type, component, path, ours, theirs, at }: ShownDifference) {
  return {
    ...{ stack, type, component, path },
    ...(ours !== undefined && { airlock: ours }),
    ...(theirs !== undefined && { atmos: theirs }),
    ...(at && { at: { ...at } }),
  }
}

function errorFacts({ code, message, fix, at }: UserError) {
  return { code, message, ...(fix !== undefined && { fix }), ...(at && { at: { ...at } }) }
}
