import { addCounts, changesAnything, type PlanCounts, planCounts } from '../summary.ts'
import type { AbsentGroup, CommentInput, CommentInstance, Progress } from './input.ts'

/** `3 planned: 2 add, 1 replace, 1 destroy ⚠; 1 may change`; once it was merged: `2 of 3 applied, 1 in flight` */
export function headlineText({
  instances,
  absent = [],
  merged,
}: Pick<CommentInput, 'instances' | 'absent' | 'merged'>): string {
  if (merged) return progressText(instances)
  const of = (kind: CommentInstance['outcome']['kind']) => instances.filter((it) => it.outcome.kind === kind)
  const planned = of('planned')
  const counts = addCounts(
    planned.flatMap((it) => (it.outcome.kind === 'planned' ? [planCounts(it.outcome.plan)] : [])),
  )
  const failed = of('failed').length
  const unplanned = of('unplanned').filter((it) => it.outcome.kind === 'unplanned' && it.outcome.change !== 'may')
  const removed = unplanned.filter((it) => it.outcome.kind === 'unplanned' && it.outcome.change === 'destroy').length
  const parts = [
    ...say(failed, `of ${failed + planned.length} plans failed`).map((it) => `⚠ ${it}`),
    ...say(planned.length, 'planned').map((it) => `${it}: ${countsWords(counts)}`),
    ...say(unplanned.length, `changed and not planned${removed > 0 ? `, ⚠ ${removed} to be removed` : ''}`),
    ...say(of('may').length + of('unplanned').length - unplanned.length, 'may change'),
    ...say(of('deferred').length, 'deferred'),
    ...say(of('refused').length, 'refused').map((it) => `⚠ ${it}`),
    ...say(
      absent.reduce((sum, { instances: those }) => sum + those.length, of('absent').length),
      'no longer there',
    ),
  ]
  return parts.length === 0 ? 'nothing to plan' : parts.join('; ')
}

/** `12 instances are no longer there (app, cluster, vpc in 4 stacks):` */
export function absentText({ instances }: AbsentGroup): string {
  const components = [...new Set(instances.map(({ component }) => component))].sort()
  const stacks = [...new Set(instances.map(({ stack }) => stack))]
  const shown = components.slice(0, 5).join(', ') + (components.length > 5 ? ` and ${components.length - 5} more` : '')
  const where = stacks.length === 1 ? stacks[0] : `${stacks.length} stacks`
  return `${instances.length} instances are no longer there (${shown} in ${where}):`
}

function progressText(instances: readonly CommentInstance[]): string {
  const followed = instances.filter((it) => it.progress)
  const of = (state: Progress['state']) => followed.filter((it) => it.progress?.state === state).length
  const applied = of('applied')
  if (followed.length === 0) return 'merged, nothing to apply'
  const count = `${applied} of ${followed.length} applied`
  if (applied === followed.length) return followed.length === 1 ? 'applied' : `all ${followed.length} applied`
  return [
    ...say(of('failed'), 'failed').map((it) => `⚠ ${it}`),
    count,
    ...say(of('running'), 'applying'),
    ...say(of('waits'), 'in flight'),
    ...say(of('rejected'), 'rejected'),
  ].join(', ')
}

/** What leaves the cloud stands last, beside the sign for danger. */
function countsWords(counts: PlanCounts): string {
  if (!changesAnything(counts)) return 'no change'
  const found = [
    ...say(counts.create, 'add'),
    ...say(counts.change, 'change'),
    ...say(counts.import, 'import'),
    ...say(counts.move, 'move'),
    ...say(counts.forget, 'forget'),
    ...say(counts.invoke, counts.invoke === 1 ? 'action to run' : 'actions to run'),
    ...say(counts.replace, 'replace'),
    ...say(counts.destroy, 'destroy'),
  ]
  if (found.length === 0) return counts.outputs > 0 ? 'outputs only' : 'changes deferred'
  return `${found.join(', ')}${counts.replace + counts.destroy > 0 ? ' ⚠' : ''}`
}

function say(count: number, text: string): string[] {
  return count === 0 ? [] : [`${count} ${text}`]
}
