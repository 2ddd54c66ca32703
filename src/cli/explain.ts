import { place } from '../error.ts'
import { explained } from '../flows/explain.ts'
import type { Explained, Layer, Said } from '../stacks/explain.ts'
import type { Plain } from '../stacks/value.ts'
import { openRepo } from '../wire.ts'
import type { Command } from './command.ts'
import { text } from './describe.ts'
import { atmosJson } from './json.ts'
import { required } from './required.ts'
import { fitted, type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'explain',
  summary: 'Where each value of an instance comes from',
  usage: 'airlock explain COMPONENT -s STACK [PATH] [--all] [--json]',
  description:
    'Shows for each value of one component in one stack the file, line and column that it was written at, and what it ' +
    'replaced. PATH narrows it to one value or section.',
  examples: [
    { command: 'airlock explain vpc -s plat-ue2-prod vars.cidr', does: 'tells why this value is what it is' },
    { command: 'airlock explain vpc -s plat-ue2-prod vars', does: 'tells it of all variables' },
    { command: 'airlock explain vpc -s plat-ue2-prod', does: 'lists every value that a file says' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack' },
    {
      name: 'all',
      short: 'a',
      type: 'boolean',
      help: 'List also values that no file says: names and defaults of Atmos',
    },
  ],
  positional: ['COMPONENT', 'PATH?'],
  async run(args, terminal) {
    const { positional, flags } = args
    const [component, path] = positional as [string, string?]
    const stack = required(text(args.flags.stack), '--stack STACK', 'explain')
    const found = await explained(await openRepo(terminal), { component, stack, ...(path !== undefined && { path }) })
    const shown = flags.all || path !== undefined ? found : found.filter(({ wins }) => wins.by.kind !== 'computed')
    if (flags.json) terminal.print(atmosJson(found.map(asPlain), { order: 'items' }))
    else terminal.print(explainedText(shown, paint(terminal.color)))
    return 0
  },
}

/** One value in full; several values each in one line, with what they replaced below. */
export function explainedText(found: readonly Explained[], look: Paint): string {
  const [only] = found
  if (only && found.length === 1)
    return [
      look.bold(`${only.path.join('.')} = ${short(only.wins.value)}`),
      ...table(
        [only.wins, ...only.over].map((said, index) => [
          short(said.value, 40),
          where(said),
          index === 0 ? `wins: ${words(said.by)}` : look.dim(words(said.by)),
        ]),
      ),
      ...madeOf(only).map((line) => `  ${line}`),
    ].join('\n')
  return table(
    found.flatMap(({ path, wins, over, ...more }) => [
      [look.bold(path.join('.')), short(wins.value, 40), where(wins), words(wins.by)],
      ...(more.template ? madeOf(more).map((line) => ['', look.dim(line)]) : []),
      ...over.map((said) => [
        '',
        look.dim(short(said.value, 40)),
        look.dim(where(said)),
        look.dim(`${words(said.by)}, replaced`),
      ]),
    ]),
    '',
  ).join('\n')
}

/** What made a value: the template with the places of its fields, and what a run will read. */
function madeOf({ template, reads = [] }: Pick<Explained, 'template' | 'reads'>): string[] {
  return [
    ...(template ? [`made by ${short(template.text)}`] : []),
    ...(template?.fields ?? []).map(({ path, at }) => `  .${path.join('.')} is from ${place(at)}`),
    ...reads.map((call) => `read when it runs: ${call}`),
  ]
}

function where({ at, by }: Said): string {
  return by.kind === 'computed' ? '–' : place(at)
}

function words(by: Layer): string {
  switch (by.kind) {
    case 'component':
      return 'the component itself'
    case 'base':
      return `${by.name}, inherited`
    case 'overrides':
      return 'overrides'
    case 'type':
      return 'all components of this type'
    case 'root':
      return 'all components of the stack'
    case 'atmos.yaml':
      return 'the configuration'
    case 'computed':
      return 'no file: made by Atmos'
  }
}

/** A value in one line. */
export function short(value: Plain, columns = 200): string {
  const written =
    typeof value === 'string'
      ? value
      : atmosJson(value)
          .replace(/,\n\s*/g, ', ')
          .replace(/\n\s*/g, '')
  return fitted(written.replaceAll('\n', '⏎'), columns)
}

function asPlain({ path, wins, over, template, reads }: Explained): Plain {
  const said = ({ value, at, by }: Said): Plain => ({ value, at: { ...at }, by: { ...by } })
  return {
    path,
    wins: said(wins),
    over: over.map(said),
    ...(template && {
      template: {
        text: template.text,
        fields: template.fields.map(({ path: field, at }) => ({ path: field, at: { ...at } })),
      },
    }),
    ...(reads && { reads }),
  }
}
