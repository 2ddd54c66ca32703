import { globalFlags, sharedFlags, versionFlag } from './args.ts'
import type { Command, Flag } from './command.ts'
import type { Entry } from './registry.ts'
import { type Paint, padded, width, wrapped } from './style.ts'

const columns = 80

/** What `airlock` prints without a command: what it is, and the commands by group. */
export function overview(entries: readonly Entry[], { bold, dim }: Paint): string {
  const nameWidth = Math.max(...entries.map(({ name }) => name.length))
  const groups = [...new Set(entries.map(({ group }) => group))]
  return [
    `${bold('airlock')}: GitOps for Atmos and Terraform, without a server`,
    '',
    ...groups.flatMap((group) => [
      bold(group),
      ...list(
        entries.filter((entry) => entry.group === group).map(({ name, summary }) => [name, summary]),
        nameWidth,
      ),
      '',
    ]),
    bold('Every command'),
    ...flagList([...globalFlags, versionFlag]),
    '',
    dim('airlock help COMMAND tells more, with examples.'),
  ].join('\n')
}

/** What `airlock describe` prints: the commands of the group. */
export function groupHelp(group: string, entries: readonly Entry[], { bold, dim }: Paint): string {
  const nameWidth = Math.max(...entries.map(({ name }) => name.length))
  return [
    `${bold(`airlock ${group}`)} has these commands:`,
    '',
    ...list(
      entries.map(({ name, summary }) => [name, summary]),
      nameWidth,
    ),
    '',
    dim(`airlock help ${entries[0]?.name ?? group} tells more, with examples.`),
  ].join('\n')
}

/** All about one command: usage, what it does, flags, examples. */
export function commandHelp(command: Command, { bold, dim }: Paint): string {
  const shared = sharedFlags(command.flags)
  return [
    ...wrapped(`${bold(`airlock ${command.name}`)}: ${command.summary}`, columns),
    '',
    bold('Usage'),
    ...wrapped(command.usage, columns - 6).map((line, index) => (index === 0 ? `  ${line}` : `      ${line}`)),
    '',
    ...wrapped(reflowed(command.description), columns - 2).map((line) => `  ${line}`.trimEnd()),
    ...(command.flags.length === 0 ? [] : ['', bold('Flags'), ...flagList(command.flags)]),
    '',
    bold('Every command'),
    ...flagList(shared),
    ...(command.examples.length === 0 ? [] : ['', bold('Examples')]),
    ...command.examples.flatMap(({ command: line, does }) => [
      `  ${line}`,
      ...wrapped(does, columns - 6).map((it) => dim(`      ${it}`)),
    ]),
  ].join('\n')
}

/** One line a paragraph: single line breaks are only where the source was too long. */
function reflowed(text: string): string {
  return text.replace(/([^\n])\n(?=[^\n ])/g, '$1 ')
}

function flagList(flags: readonly Flag[]): string[] {
  const rows = flags.map(({ name, short, type, value, help }): [string, string] => {
    const given = type === 'boolean' ? '' : ` ${value ?? 'VALUE'}`
    return [`${short ? `-${short}, ` : '    '}--${name}${given}`, help]
  })
  return list(rows, Math.min(30, Math.max(...rows.map(([left]) => width(left)))))
}

function list(rows: readonly (readonly [string, string])[], leftWidth: number): string[] {
  const room = columns - leftWidth - 5
  return rows.flatMap(([left, right]) => {
    const [first, ...more] = wrapped(right, room)
    const continued = more.map((line) => ' '.repeat(leftWidth + 5) + line)
    if (width(left) > leftWidth) return [`  ${left}`, `${' '.repeat(leftWidth + 5)}${first}`, ...continued]
    return [`  ${padded(left, leftWidth)}   ${first}`, ...continued]
  })
}
