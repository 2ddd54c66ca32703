import { readFile } from 'node:fs/promises'
import { commentInput } from '../flows/comment.ts'
import { environmentOf } from '../flows/environment.ts'
import { jobOfFile, parseJobsFile } from '../flows/jobs-file.ts'
import { type PlanJobOutcome, planJob } from '../flows/plan-jobs.ts'
import type { PlanItem } from '../flows/planning.ts'
import type { CommentInput } from '../plan/render/input.ts'
import { renderSummary } from '../plan/render/summary.ts'
import { renderCommentTerminal } from '../plan/render/terminal-comment.ts'
import { countsText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { jobsPath } from './affected.ts'
import { placeOf } from './place.ts'
import type { Action, Step } from './step.ts'
import { openStep } from './world.ts'

/** Plans the instances of one job: several at once, each environment in a group of its own. */
export const action: Action = async (step) => {
  const file = parseJobsFile(await readFile(jobsPath(step)))
  const job = jobOfFile(file, step.input('job'))
  const world = await openStep(step, 'plan')
  const outcome = await planJob(world, file, job, {
    begin: (total, parallel) => step.log(`${total} to plan, ${parallel} at once`),
    doing: () => {},
    finished: (item) => step.log(finishedLine(item)),
  })
  const { items } = outcome
  for (const [environment, those] of byEnvironment(outcome)) {
    const input = inputOf(outcome, those)
    step.group(`${environment}: ${those.length} planned`, renderCommentTerminal(input, plain).split('\n'))
  }
  step.summary(renderSummary(inputOf(outcome, items)))
  for (const item of items) if (item.kind === 'failed') annotateFailure(step, outcome, item)
  return items.some(({ kind }) => kind === 'failed' || kind === 'blocked') ? 1 : 0
}

const plain = {
  width: 120,
  paint: {
    bold: (it: string) => it,
    dim: (it: string) => it,
    red: (it: string) => it,
    green: (it: string) => it,
    yellow: (it: string) => it,
  },
}

function inputOf({ checkout }: PlanJobOutcome, items: readonly PlanItem[]): CommentInput {
  return commentInput({
    head: { name: '', commit: checkout.commit, uncommitted: false },
    base: undefined,
    items,
    checkout,
    passive: 0,
    order: items.map(({ id }) => id),
  })
}

function byEnvironment({ items, checkout }: PlanJobOutcome): [string, PlanItem[]][] {
  const found = new Map<string, PlanItem[]>()
  for (const item of items) {
    const instance = checkout.inventory.get(item.id)
    const name = instance ? environmentOf(instance) : item.stack
    found.set(name, [...(found.get(name) ?? []), item])
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

function finishedLine(item: PlanItem): string {
  switch (item.kind) {
    case 'planned':
      return `✓ ${typed(item.id)}  ${countsText(item.record.changes)}  ${seconds(item.durationMs)}`
    case 'failed':
      return `✗ ${typed(item.id)}  failed at ${item.step}  ${seconds(item.durationMs)}`
    case 'deferred':
      return `· ${typed(item.id)}  deferred: ${item.waitsFor.join(', ')} was never applied`
    case 'blocked':
      return `✗ ${typed(item.id)}  not planned: the plan of ${item.by} failed`
    case 'refused':
      return `✗ ${typed(item.id)}  refused: ${item.message}`
    case 'not-planned':
      return `· ${typed(item.id)}  ${item.why}`
  }
}

function annotateFailure(step: Step, { checkout }: PlanJobOutcome, item: Extract<PlanItem, { kind: 'failed' }>): void {
  const said = item.output.split('\n').find((line) => line.includes('Error:'))
  const message = said?.replace(/^[\s│╷╵]*/, '') ?? item.output.slice(-500)
  step.annotate({
    ...placeOf(checkout, item.id),
    level: 'failure',
    title: `${typed(item.id)}: ${item.step} failed`,
    message,
  })
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
