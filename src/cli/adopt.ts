import { type AdoptItem, type AdoptOutcome, adopt } from '../flows/adopt.ts'
import { type BaselineChange, type Standing, standingWords } from '../records/baseline.ts'
import { typed } from '../records/words.ts'
import { duration } from '../time.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { type Progress, progress } from './progress.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'adopt',
  summary: 'Take over an estate that was applied without Airlock',
  usage: 'airlock adopt [--at COMMIT] [--again] [--parallel N] [--json]',
  description:
    'Plans every instance, only to look, and writes down once what is applied already. What is not as the commit asks is\n' +
    'unknown from then on: it is listed, keeps nothing in flight and blocks nobody. Applies nothing. Exit code 1 when\n' +
    'something could not be planned.',
  examples: [
    { command: 'airlock adopt', does: 'what the tip of the protected branch asks is applied already' },
    { command: 'airlock adopt --at v1.4.0', does: 'that commit is, and what was merged since is in flight' },
    { command: 'airlock adopt --again', does: 'look anew, and say what is another now' },
  ],
  flags: [
    { name: 'at', type: 'string', value: 'COMMIT', help: 'The commit that is applied (default: the protected branch)' },
    { name: 'again', type: 'boolean', help: 'Look again and write over what was found before' },
    { name: 'parallel', type: 'number', value: 'N', help: 'At most N at once (default: cores)' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const { at, parallel, terraform } = flags as { at?: string; parallel?: number; terraform?: string }
    const began = performance.now()
    let shown: Progress | undefined
    const outcome = await adopt(
      await openWorld(terminal),
      {
        ...(at && { at }),
        ...(parallel && { parallel }),
        ...(terraform && { terraform }),
        again: flags.again === true,
        stop: terminal.signal,
      },
      {
        begin: (total, most) => {
          shown = progress(terminal, { total, parallel: most })
        },
        doing: (id, what) => shown?.doing(typed(id), what),
        finished: ({ id, standing }) =>
          shown?.finished(typed(id), hasFailed(standing) ? 'failed' : 'done', standingWords(standing)),
      },
    ).finally(() => shown?.close())
    if (flags.json) terminal.print(JSON.stringify(adoptJson(outcome), undefined, 2))
    else terminal.print(adoptText(outcome, performance.now() - began, paint(terminal.color)))
    return outcome.items.some(({ standing }) => hasFailed(standing)) ? 1 : 0
  },
}

function hasFailed(standing: Standing): boolean {
  return standing.kind === 'unknown' && standing.why === 'plan-failed'
}

/** The outcome for programs. */
export function adoptJson({ branch, baseline, items, recorded, changes }: AdoptOutcome): unknown {
  const { commit, atMs, by } = baseline
  return {
    branch,
    commit,
    atMs,
    by,
    items: items.map(({ durationMs, output, ...item }) => ({
      ...item,
      durationMs: Math.round(durationMs),
      ...(output !== undefined && { output }),
    })),
    recorded,
    ...(changes && {
      changes: changes.map(({ name, before, after }) => ({
        id: name,
        before: before?.standing ?? null,
        after: after?.standing ?? null,
      })),
    }),
  }
}

/** The outcome for people: how much is known, a line for each that is not, what that means. */
export function adoptText(outcome: AdoptOutcome, tookMs: number, look: Paint): string {
  const { branch, baseline, items, recorded, changes } = outcome
  const unknown = items.filter(({ standing }) => standing.kind === 'unknown')
  const where =
    baseline.commit === branch.tip ? `${branch.name}@${branch.tip.slice(0, 7)}` : baseline.commit.slice(0, 7)
  const known = items.length - unknown.length
  return [
    `${look.bold(`Adopted: ${known} of ${items.length} instances are as ${where} asks`)}   ${look.dim(duration(tookMs))}`,
    ...(recorded.length > 0 ? [`${recorded.length} more had records already, and keep them.`] : []),
    ...(unknown.length > 0 ? ['', `Unknown: ${unknown.length}`, '', ...rows(unknown, look)] : []),
    ...failures(items, look),
    ...(changes ? ['', ...changed(changes, look)] : []),
    '',
    baseline.commit === branch.tip
      ? 'Nothing of it is in flight. What is unknown blocks nobody; the first apply of it ends that.'
      : `What ${branch.name} asks beyond ${where} is in flight. What is unknown blocks nobody; the first apply of it ends that.`,
    ...next(unknown),
  ].join('\n')
}

function rows(items: readonly AdoptItem[], look: Paint): string[] {
  return table(
    items.map(({ component, stack, standing }) => [look.bold(component), `-s ${stack}`, standingWords(standing)]),
  )
}

function failures(items: readonly AdoptItem[], look: Paint): string[] {
  return items.flatMap(({ id, output }) =>
    output === undefined
      ? []
      : [
          '',
          `${look.red(look.bold('Failed:'))} ${typed(id)}`,
          ...output
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
        ],
  )
}

function changed(changes: readonly BaselineChange[], look: Paint): string[] {
  if (changes.length === 0) return ['All is as it was adopted before.']
  const side = (entry: BaselineChange['after']) => (entry === undefined ? 'not there' : standingWords(entry.standing))
  return [
    `Another than before: ${changes.length}`,
    '',
    ...table(
      changes.map(({ name, before, after }) => {
        const [component, stack] = typed(name).split(' -s ')
        const same = before && after && side(before) === side(after)
        return [look.bold(component!), `-s ${stack}`, same ? 'asked for anew' : `${side(before)} → ${side(after)}`]
      }),
    ),
  ]
}

function next([first]: readonly AdoptItem[]): string[] {
  return first === undefined ? [] : ['', `Next: airlock show ${typed(first.id)}, then airlock plan ${typed(first.id)}`]
}
