import { UserError } from '../error.ts'
import { type GateOutcome, type GateRequest, type Judged, judge } from '../flows/gate.ts'
import { supersedePullRequest } from '../flows/pull-request.ts'
import { type GateWords, gateWords } from '../gate/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { noteDirty } from './dirty.ts'
import { required } from './required.ts'
import { type Paint, paint, table, wrapped } from './style.ts'

export const command: Command = {
  name: 'gate',
  summary: 'Whether a branch may be merged, and what keeps it',
  usage: 'airlock gate [BRANCH | #N | --all] [--supersede N --reason TEXT] [--json]',
  description:
    'Judges what the merge of a branch would come to: every changed instance is planned for it, nothing of another change is\n' +
    'in flight on what it touches or reads, owners and policies agree. Without an argument: the branch that is checked out.\n' +
    'Exit code 0 when it may be merged, 3 when something keeps it.',
  examples: [
    { command: 'airlock gate', does: 'the branch that is checked out' },
    { command: 'airlock gate wider-dev', does: 'another branch' },
    { command: 'airlock gate --all', does: 'every open pull request' },
    {
      command: 'airlock gate --supersede 38 --reason "38 is wrong"',
      does: 'do not wait for #38, which this change overtakes',
    },
  ],
  flags: [
    { name: 'all', short: 'a', type: 'boolean', help: 'Every open pull request of the records' },
    { name: 'supersede', type: 'number', value: 'N', help: 'A pull request in flight that this one overtakes' },
    { name: 'reason', short: 'r', type: 'string', value: 'TEXT', help: 'Why; it is kept in the records' },
  ],
  positional: ['BRANCH?'],
  async run({ positional: [which], flags }, terminal) {
    const world = await openWorld(terminal)
    const named = requestOf(which)
    if (which === undefined && flags.all !== true) await noteDirty(terminal, world, 'judged')
    if (flags.supersede !== undefined) {
      const reason = required(flags.reason as string | undefined, '--reason TEXT', 'gate --supersede N')
      await supersedePullRequest(world, { ...named, over: flags.supersede as number, reason })
    }
    const outcome = await judge(world, flags.all === true ? { all: true } : named)
    if (flags.json) terminal.print(JSON.stringify(gateJson(outcome), undefined, 2))
    else terminal.print(gateText(outcome, { look: paint(terminal.color), width: terminal.width }))
    return outcome.judged.some(isClosed) ? 3 : 0
  },
}

function requestOf(which: string | undefined): GateRequest {
  if (which === undefined) return {}
  const number = /^#([1-9]\d*)$/.exec(which)?.[1]
  if (number !== undefined) return { number: Number(number) }
  if (!which.startsWith('#')) return { branch: which }
  throw new UserError({
    code: 'pull-request-unknown',
    message: `${which} is no number of a pull request`,
    fix: 'write #42 (in quotes: a shell takes # for a comment), or a branch',
    exit: 2,
  })
}

function isClosed({ verdict }: Judged): boolean {
  return verdict.state === 'blocked'
}

/** Verdicts for programs. */
export function gateJson({ judged, nowMs }: GateOutcome): unknown {
  return {
    nowMs,
    judged: judged.map(({ number, title, branch, head, base, verdict, from }) => {
      const { description, reasons } = gateWords(verdict, nowMs)
      return { number, title, branch, head, base, ...verdict, description, words: reasons, from }
    }),
  }
}

/** Verdicts for people: one in full, several in a line each. */
export function gateText(
  { judged, nowMs }: GateOutcome,
  { look, width }: { readonly look: Paint; readonly width: number },
): string {
  const [only, ...others] = judged
  if (only === undefined) return 'No pull request is open.'
  const closed = judged.filter(isClosed).length
  const exit = closed > 0 ? ['', look.dim('(exit 3: something keeps it from being merged)')] : []
  if (others.length === 0) return [...one(only, gateWords(only.verdict, nowMs), look, width), ...exit].join('\n')
  const rows = judged.map(({ number, branch, verdict }) => [
    `#${number}`,
    look.bold(branch),
    gateWords(verdict, nowMs).description,
  ])
  return [
    `${judged.length} pull requests are open, ${closed === 0 ? 'and nothing keeps them' : `${closed} cannot be merged now`}`,
    '',
    ...table(rows),
    '',
    `The whole of one: airlock gate ${judged.find(isClosed)?.branch ?? only.branch}`,
    ...exit.slice(1),
  ].join('\n')
}

function one(judged: Judged, { description, reasons }: GateWords, look: Paint, width: number): string[] {
  const { number, branch, base, verdict } = judged
  const name = number === undefined ? branch : `#${number} (${branch})`
  const into = `into ${base.name}@${base.tip.slice(0, 7)}`
  const heading = {
    pass: `${look.bold(`${name} may be merged`)} ${into}: ${description}`,
    neutral: `${look.bold(`${name} may be merged`)} ${into}: ${description}`,
    advice: `${look.bold(`${name} may be merged`)} ${into}, against advice (integrations.airlock.gate: warn)`,
    blocked: `${look.bold(`${name} cannot be merged now`)} ${into}`,
  }[verdict.state]
  const lines = reasons.flatMap(({ message, fix, blocks }) => {
    const mark = blocks ? look.red('✗') : look.dim('·')
    return [
      ...wrapped(message, width - 4).map((line, index) => `${index === 0 ? `  ${mark} ` : '    '}${line}`),
      ...(fix === undefined ? [] : wrapped(fix, width - 6).map((line) => look.dim(`      ${line}`))),
    ]
  })
  return [heading, ...(lines.length > 0 ? ['', ...lines] : [])]
}
