import { commentInput } from '../flows/comment.ts'
import { judgeOn } from '../flows/gate.ts'
import { type PlanOutcome, planChanges } from '../flows/plan.ts'
import type { PlanItem } from '../flows/planning.ts'
import { gateSentences } from '../gate/words.ts'
import { renderComment } from '../plan/render/comment.ts'
import { renderCommentTerminal } from '../plan/render/terminal-comment.ts'
import { summaryText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { noteDirty } from './dirty.ts'
import { findingsNote } from './findings.ts'
import { type Ending, type Progress, progress } from './progress.ts'
import { type Paint, paint } from './style.ts'

export const command: Command = {
  name: 'plan',
  summary: 'Plan what a branch changes, seal the plans and keep them',
  usage: 'airlock plan [COMPONENT -s STACK] [--base REV] [--parallel N] [--markdown] [--json]',
  description:
    'Runs real plans of what the last commit of your branch changes, several at once, what reads an output after what gives\n' +
    'it. The plans are sealed, encrypted and stored; after the merge they are found again and applied as they are. On the\n' +
    'protected branch itself, what is in flight is planned. Prints what reviewers will read.',
  examples: [
    { command: 'airlock plan', does: 'plan all that the branch changes' },
    { command: 'airlock plan vpc -s plat-ue2-prod', does: 'plan one instance, whether it changed or not' },
    { command: 'airlock plan --markdown', does: 'print the pull request comment' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' },
    { name: 'base', type: 'string', value: 'REV', help: 'Compare with this commit instead' },
    { name: 'parallel', type: 'number', value: 'N', help: 'At most N at once (default: cores)' },
    { name: 'markdown', type: 'boolean', help: 'Print the comment as Markdown' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, base, parallel, terraform } = flags as {
      stack?: string
      base?: string
      parallel?: number
      terraform?: string
    }
    const world = await openWorld(terminal)
    await noteDirty(terminal, world)
    let shown: Progress | undefined
    const outcome = await planChanges(
      world,
      {
        ...(component && { component }),
        ...(stack && { stack }),
        ...(base && { base }),
        ...(parallel && { parallel }),
        ...(terraform && { terraform }),
      },
      {
        begin: (total, most) => {
          shown = progress(terminal, { total, parallel: most })
        },
        doing: (id, what) => shown?.doing(typed(id), what),
        finished: (item) => shown?.finished(typed(item.id), endingOf(item), resultWords(item)),
      },
    ).finally(() => shown?.close())
    const note = findingsNote(outcome.findings)
    if (note) terminal.note(note)
    for (const item of outcome.items)
      if (item.kind === 'planned') for (const warning of item.warnings) terminal.note(warning)
    const judged = outcome.base && (await judgeOn(world, world.repo.branch))
    const gate = judged && gateSentences(judged.verdict, await world.store.now(), { at: 'laptop' })
    if (flags.json) terminal.print(JSON.stringify(planJson(outcome), undefined, 2))
    else if (flags.markdown) terminal.print(renderComment(commentInput(outcome, gate)))
    else terminal.print(planText(outcome, gate, { width: terminal.width, paint: paint(terminal.color) }))
    return outcome.items.some(({ kind }) => kind === 'failed' || kind === 'blocked')
      ? 1
      : outcome.items.some(({ kind }) => kind === 'refused')
        ? 3
        : 0
  },
}

function endingOf({ kind }: PlanItem): Ending {
  return kind === 'planned' ? 'done' : kind === 'failed' || kind === 'refused' ? 'failed' : 'waits'
}

function resultWords(item: PlanItem): string {
  switch (item.kind) {
    case 'planned':
      return `${summaryText(item.redacted)}${item.provisional.length > 0 ? ', provisional' : ''}`
    case 'failed':
      return 'failed'
    case 'deferred':
      return `deferred: ${item.waitsFor.join(', ')} was never applied`
    case 'blocked':
      return `not planned: the plan of ${item.by} failed`
    case 'refused':
      return 'refused'
    case 'not-planned':
      return item.why
  }
}

/** The outcome for programs; plans are redacted. */
export function planJson({ run, head, base, items }: PlanOutcome): unknown {
  return {
    run,
    head,
    base: base ?? null,
    items: items.map((item) => ({
      id: item.id,
      component: item.component,
      stack: item.stack,
      kind: item.kind,
      ...(item.kind === 'planned' && {
        digest: item.digest,
        fingerprint: item.record.fingerprint,
        changes: item.record.changes,
        provisional: item.provisional,
        reads: item.record.reads,
        plan: item.record.id,
      }),
      ...(item.kind === 'failed' && { step: item.step, output: item.output }),
      ...(item.kind === 'deferred' && { waitsFor: item.waitsFor }),
      ...(item.kind === 'blocked' && { by: item.by }),
      ...(item.kind === 'refused' && { code: item.code, message: item.message, fix: item.fix }),
      ...(item.kind === 'not-planned' && { why: item.why }),
    })),
  }
}

/** The outcome for people: what the comment says, and where the plans are. */
function planText(
  outcome: PlanOutcome,
  gate: ReturnType<typeof gateSentences> | undefined,
  options: { readonly width: number; readonly paint: Paint },
): string {
  if (outcome.items.length === 0) return 'Nothing to plan: nothing that Terraform sees has changed.'
  return renderCommentTerminal(commentInput(outcome, gate), options)
}
