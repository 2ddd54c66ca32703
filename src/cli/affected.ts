import type { Change } from '../affected/affected.ts'
import type { FileReason, Reason } from '../affected/reasons.ts'
import { place } from '../error.ts'
import { findChanges, type Levels, type SideName } from '../flows/affected.ts'
import type { Edge } from '../graph/graph.ts'
import type { Plain } from '../stacks/value.ts'
import { duration } from '../time.ts'
import { openRepo } from '../wire.ts'
import type { Command } from './command.ts'
import { findingsNote } from './findings.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'affected',
  summary: 'Which instances a change touches, and why',
  usage: 'airlock affected [--base REV] [--head REV] [--all] [--json]',
  description:
    'Compares two commits and lists the instances whose Terraform would be asked for something else, each with every\n' +
    'reason at file:line:column. Nothing is checked out and no Terraform runs. Without flags, what is checked out (with\n' +
    'uncommitted changes) is compared with where it left the protected branch.',
  examples: [
    { command: 'airlock affected', does: 'what your branch changes' },
    { command: 'airlock affected --base HEAD~1 --head HEAD', does: 'what the last commit changed' },
    { command: 'airlock affected --json', does: 'the same for programs' },
  ],
  flags: [
    { name: 'base', type: 'string', value: 'REV', help: 'Compare with this commit instead' },
    { name: 'head', type: 'string', value: 'REV', help: 'Compare this commit instead of what is checked out' },
    { name: 'all', short: 'a', type: 'boolean', help: 'List also instances whose plan cannot differ' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const started = performance.now()
    const world = await openRepo(terminal)
    const { base, head } = flags as { base?: string; head?: string }
    const outcome = await findChanges(world, { ...(base && { base }), ...(head && { head }) })
    if (outcome.base.brought) terminal.note(outcome.base.brought)
    const note = findingsNote(outcome.findings)
    if (note) terminal.note(note)
    if (flags.json) terminal.print(JSON.stringify(affectedJson(outcome), undefined, 2))
    else
      terminal.print(
        affectedText(outcome, {
          all: flags.all === true,
          elapsedMs: performance.now() - started,
          look: paint(terminal.color),
        }),
      )
    return 0
  },
}

/** The outcome for programs; positions as `{file, line, column}`. */
export function affectedJson({ base, head, changes, listed, configuration, cycle }: Levels): unknown {
  const names = new Set<string>(changes.map(({ id }) => id))
  return {
    base,
    head,
    configuration,
    cycle: cycle ?? null,
    changes: changes.map(({ id, kind, before, after, reasons, besides = [] }) => ({
      id,
      component: (after ?? before)!.instance.component,
      stack: (after ?? before)!.instance.stack,
      kind,
      changed: isChanged({ kind }),
      affected: listed === undefined ? null : (listed.get(id) ?? []),
      fingerprint: { before: before?.fingerprint ?? null, after: after?.fingerprint ?? null },
      reasons,
      besides,
    })),
    affected_only: [...(listed ?? [])].flatMap(([id, affected]) => (names.has(id) ? [] : [{ id, affected }])),
  }
}

function isChanged({ kind }: Pick<Change, 'kind'>): boolean {
  return kind !== 'passive' && kind !== 'may'
}

/** The outcome for people: counts, then one block an instance. */
export function affectedText(
  { base, head, changes, listed, configuration, cycle }: Levels,
  { all, elapsedMs, look }: { readonly all: boolean; readonly elapsedMs: number; readonly look: Paint },
): string {
  const own = changes.filter(isChanged)
  const may = changes.filter(({ kind }) => kind === 'may')
  const passive = changes.filter(({ kind }) => kind === 'passive')
  const shown = byDepth(all ? changes : [...own, ...may])
  const alike = absentAlike(shown)
  const rows = shown.flatMap((change) => {
    const group = alike.get(change.id)
    if (group === undefined) return rowsOf(change, base.name, look)
    return group[0] === change ? groupRows(group, look) : []
  })
  const inName = passive.filter(({ id }) => listed?.has(id)).length
  const settings = configuration.map((reason, index) => [
    index === 0 ? look.bold('atmos.yaml') : '',
    ...reasonLines(reason, base.name, look),
  ])
  const missed = listed === undefined ? [] : [...own, ...passive].filter(({ id }) => !listed.has(id))
  return [
    `${look.bold(headline(own.length, may.length, inName))}   ${look.dim(`${sideText(base)} → ${sideText(head)}   ${duration(elapsedMs)}`)}`,
    ...(settings.length > 0 ? ['', ...table(settings)] : []),
    ...(rows.length > 0 ? ['', ...table(rows)] : []),
    ...(passive.length > 0 && !all
      ? ['', `  ${look.dim(`${sectionsOf(passive)} only, no plan needed: ${passive.length} (airlock affected --all)`)}`]
      : []),
    ...(missed.length > 0 ? ['', `  ${look.dim(missedText(missed))}`] : []),
    ...(cycle ? ['', `  ${look.yellow(cycleText(cycle))}`, ...cycle.map((edge) => `    ${edgeText(edge)}`)] : []),
  ].join('\n')
}

/** `hooks, settings`: all that differs of instances that need no plan. */
function sectionsOf(passive: readonly Change[]): string {
  const names = passive.flatMap(({ reasons }) => reasons.flatMap((it) => (it.kind === 'value' ? [it.path[0]!] : [])))
  return [...new Set(names)].sort().join(', ')
}

function missedText(missed: readonly Change[]): string {
  const names = missed.slice(0, 3).map(({ before, after }) => {
    const { component, stack } = (after ?? before)!.instance
    return `${component} -s ${stack}`
  })
  const more = missed.length > names.length ? `, and ${missed.length - names.length} more` : ''
  return `describe affected does not list ${names.join(', ')}${more}`
}

function cycleText(cycle: readonly Edge[]): string {
  return `these wait for each other, and cannot be planned: ${[...cycle.map(({ from }) => from), cycle[0]!.from].join(' → ')}`
}

function edgeText({ from, why, at }: Edge): string {
  return `${from} ${why}${at ? ` (${place(at)})` : ''}`
}

/** What is read before what reads it; of the same depth, as they come. */
function byDepth(changes: readonly Change[]): Change[] {
  const known = new Map(changes.map((change) => [change.id, change]))
  const depths = new Map<string, number>()
  const depth = (id: Change['id']): number => {
    const found = depths.get(id)
    if (found !== undefined) return found
    depths.set(id, 0) // for a cycle, which planning refuses
    const read = (known.get(id)?.reasons ?? []).flatMap((reason) => (reason.kind === 'reads' ? [reason.of] : []))
    const value = Math.max(0, ...read.map((of) => depth(of) + 1))
    depths.set(id, value)
    return value
  }
  return [...changes].sort((a, b) => depth(a.id) - depth(b.id))
}

function headline(own: number, may: number, inName: number): string {
  const none = 'Nothing that Terraform sees has changed'
  const first = own + may === 0 ? none : own === 1 ? '1 instance changed' : `${own} instances changed`
  return [
    first,
    ...(may > 0
      ? [`${may} may change because ${may === 1 ? 'it reads' : 'they read'} ${own === 1 ? 'it' : 'them'}`]
      : []),
    ...(inName > 0 ? [`${inName} ${own + may === 0 ? '' : 'more '}affected in name only`] : []),
  ].join(', ')
}

function sideText({ name, commit, uncommitted }: SideName): string {
  return `${name}@${commit.slice(0, 7)}${uncommitted ? ' + uncommitted' : ''}`
}

function rowsOf({ id, kind, before, after, reasons, besides = [] }: Change, baseName: string, look: Paint): string[][] {
  const { component, stack } = (after ?? before)!.instance
  const word = kind === 'destroy' ? look.red('destroy') : kind === 'absent' ? look.yellow('absent') : kind
  const lines = [...reasons, ...besides].flatMap((reason) => reasonLines(reason, baseName, look))
  const most = 12
  const kept =
    lines.length > most
      ? [...lines.slice(0, most - 1), look.dim(`… and ${lines.length - most + 1} more (--json has all)`)]
      : lines
  return kept
    .map((line, index) => (index === 0 ? [look.bold(component), `-s ${stack}`, word, line] : ['', '', '', line]))
    .concat(kept.length === 0 ? [[component, `-s ${stack}`, word, id]] : [])
}

/** As many absent instances as this with one reason are listed each; more are told of together. */
const fewAlike = 2

function absentAlike(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const byWhy = new Map<string, Change[]>()
  for (const change of changes) {
    const [reason] = change.reasons
    if (change.kind === 'absent' && reason?.kind === 'missing')
      byWhy.set(reason.why, [...(byWhy.get(reason.why) ?? []), change])
  }
  const groups = [...byWhy.values()].filter(({ length }) => length > fewAlike)
  return new Map(groups.flatMap((group) => group.map(({ id }) => [id, group] as const)))
}

function groupRows(group: readonly Change[], look: Paint): string[][] {
  const names = group.map(({ before }) => before!.instance)
  const stacks = new Set(names.map(({ stack }) => stack))
  const [reason] = group[0]!.reasons
  const components = [...new Set(names.map(({ component }) => component))]
  return [
    [
      look.bold(`${group.length} instances`),
      stacks.size === 1 ? `-s ${names[0]!.stack}` : `in ${stacks.size} stacks`,
      look.yellow('absent'),
      reason?.kind === 'missing' ? reason.why : '',
    ],
    [
      '',
      '',
      '',
      look.dim(`${components.slice(0, 6).join(', ')}${components.length > 6 ? ', …' : ''}; nothing is destroyed`),
    ],
  ]
}

/** A reason in words, then its place on a line of its own where it has one. */
function reasonLines(reason: Reason, baseName: string, look: Paint): string[] {
  switch (reason.kind) {
    case 'declared':
      return ['it is new', look.dim(place(reason.at))]
    case 'removed':
      return ['its declaration was removed', look.dim(`${place(reason.was)} at ${baseName}`)]
    case 'moved':
      return [`moved from ${reason.from}: it has the same state, nothing is destroyed`, look.dim(place(reason.at))]
    case 'missing':
      return [reason.why, look.dim(`${place(reason.was)} at ${baseName}; nothing is destroyed`)]
    case 'value':
    case 'config':
      return [
        `${reason.path.join('.')}  ${shown(reason.before)} → ${shown(reason.after)}`,
        look.dim(reason.at ? place(reason.at) : `removed: ${place(reason.was!)} at ${baseName}`),
      ]
    case 'file':
      return fileLines(reason, baseName, look)
    case 'workspace':
      return [`workspace  ${reason.before} → ${reason.after}`]
    case 'reads':
      return [
        `${reason.call.path.join('.')}  reads ${reason.call.args}, which may move`,
        look.dim(place(reason.call.at)),
      ]
  }
}

const roles = { component: '', module: 'local module', literal: 'read by the code', watched: 'watched' } as const

/** A file has no line of its own; what makes it an input has. */
function fileLines({ path, change, role, now, at, was }: FileReason, baseName: string, look: Paint): string[] {
  const notes = [roles[role], now === undefined ? '' : `its content is in ${now} now`].filter((it) => it !== '')
  const by = at ? place(at) : was && `${place(was)} at ${baseName}`
  return [
    `${path} ${change}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
    ...(by === undefined ? [] : [look.dim(`named at ${by}`)]),
  ]
}

function shown(value: Plain | undefined): string {
  if (value === undefined) return '(none)'
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? it.toString() : it))
  const line = text.replaceAll('\n', '⏎')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
