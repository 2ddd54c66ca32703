import { resultWords } from '../flows/apply-words.ts'
import { isOpen } from '../flows/status.ts'
import { type Turn, turns, type UpOutcome, type UpRequest, up } from '../flows/up.ts'
import { duration } from '../time.ts'
import { openWorld } from '../wire.ts'
import { applyDetail, endingOf } from './apply.ts'
import { upEvents } from './bring-up.ts'
import type { Command } from './command.ts'
import { noteDirty } from './dirty.ts'
import { required } from './required.ts'
import { cells, nextSteps } from './status.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'up',
  summary: 'Plan, approve and apply a whole stack, in order',
  usage: 'airlock up [COMPONENT] -s STACK [--approve] [--dry-run] [--parallel N] [--json]',
  description:
    'Takes a stack, new or changed, to what the tip of the protected branch asks for: plans what has no plan, shows it and\n' +
    'asks, applies exactly that, and goes on with what depends on it. What is clean is skipped, so a run that stopped is\n' +
    'continued by running it again. Exit code 3 when a person or another run is awaited, 1 when something failed.',
  examples: [
    { command: 'airlock up -s plat-ue2-dev', does: 'show each plan, and ask' },
    { command: 'airlock up -s plat-ue2-dev --approve', does: 'say yes to all that it shows, in your name' },
    { command: 'airlock up -s plat-ue2-dev --dry-run', does: 'only the order, and what each waits for' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack to bring up' },
    { name: 'approve', type: 'boolean', help: 'Say yes, in your name, to each plan shown' },
    { name: 'dry-run', type: 'boolean', help: 'Only say what would be done, and in which order' },
    { name: 'parallel', type: 'number', value: 'N', help: 'At most N at once (default: cores)' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { parallel, terraform } = flags as { parallel?: number; terraform?: string }
    const request: UpRequest = {
      stack: required(flags.stack as string | undefined, '--stack STACK', 'up'),
      approve: flags.approve === true,
      ...(component && { component }),
      ...(parallel && { parallel }),
      ...(terraform && { terraform }),
    }
    const world = await openWorld(terminal)
    await noteDirty(terminal, world)
    const look = paint(terminal.color)
    const json = flags.json === true
    if (flags['dry-run'] === true) {
      const found = await turns(world, request)
      terminal.print(json ? JSON.stringify(turnsJson(found.turns), undefined, 2) : turnsText(request, found, look))
      return 0
    }
    const events = upEvents(terminal, { json })
    const outcome = await up(world, request, events).finally(events.close)
    terminal.print(json ? JSON.stringify(upJson(outcome), undefined, 2) : upText(request, outcome, look))
    if (outcome.items.some(({ kind }) => kind === 'failed')) return 1
    return outcome.left.some(isOpen) || outcome.items.some(({ kind }) => kind === 'refused') ? 3 : 0
  },
}

/** The outcome for programs. */
function upJson({ branch, clean, items, approved, settled, left }: UpOutcome): unknown {
  return {
    branch,
    clean,
    approved,
    settled,
    items: items.map((item) => ({ ...item, ...('model' in item && { model: undefined }) })),
    left: left.map((item) => ({ id: item.id, ...('waitsFor' in item && { waitsFor: item.waitsFor.kind }) })),
  }
}

/** The outcome for people: what was applied, what was so already, what waits, and the command that comes next. */
function upText({ stack }: UpRequest, { branch, clean, items, settled, left }: UpOutcome, look: Paint): string {
  const at = `${branch.name}@${branch.tip.slice(0, 7)}`
  const sign = { done: look.green('✓'), failed: look.red('✗'), waits: look.yellow('·') }
  const done = items.filter(({ kind }) => kind === 'applied' || kind === 'advanced').length
  const total = new Set([...items, ...left].map(({ id }) => id)).size + clean.length
  const rows = [
    ...clean.map((id) => [`${look.dim('=')} ${componentOf(id)}`, look.dim('as asked already'), '']),
    ...items.map((item) => [
      `${sign[endingOf(item)]} ${look.bold(item.component)}`,
      resultWords(item),
      item.kind === 'applied' ? look.dim(duration(item.durationMs)) : '',
    ]),
    ...left
      .filter(({ id }) => !items.some((item) => item.id === id))
      .map((item) => [`${look.yellow('·')} ${look.bold(item.component)}`, turnWords(item), '']),
  ]
  const open = left.filter(isOpen)
  const next = nextSteps(open).map((step) =>
    /^airlock (apply|plan)/.test(step) ? `airlock up -s ${stack}` : `${step}, then airlock up -s ${stack}`,
  )
  if (next.length === 0 && open.length > 0) next.push('airlock status')
  return [
    look.bold(
      items.length === 0 && open.length === 0
        ? `Nothing of ${stack} is in flight: ${total} as ${at} asks`
        : `${done + clean.length} of ${total} of ${stack} are as ${at} asks`,
    ),
    '',
    ...table(rows),
    ...settled.map(({ id, words }) => `  ${look.bold(componentOf(id))}: ${words}`),
    ...items.flatMap((item) => applyDetail(item, look)),
    ...next.flatMap((step) => ['', `Next: ${step}`]),
  ].join('\n')
}

function turnsJson(all: readonly Turn[]): unknown {
  return all.map(({ id, wave, item }) => ({
    id,
    wave,
    state: item?.kind ?? 'clean',
    ...(item?.kind === 'in-flight' && { waitsFor: item.waitsFor.kind }),
  }))
}

function turnsText(
  { stack }: UpRequest,
  { status: { branch }, turns: all }: Awaited<ReturnType<typeof turns>>,
  look: Paint,
): string {
  return [
    look.bold(`${stack} at ${branch.name}@${branch.tip.slice(0, 7)}, in this order; nothing was done:`),
    '',
    ...table(all.map(({ id, wave, item }) => [String(wave), look.bold(componentOf(id)), turnWords(item)])),
  ].join('\n')
}

/** Where an instance stands before its turn, in a few words. */
export function turnWords(item: Turn['item']): string {
  return item === undefined ? 'as asked already' : cells(item)[0]!
}

function componentOf(id: string): string {
  return id.slice(0, id.lastIndexOf('@'))
}
