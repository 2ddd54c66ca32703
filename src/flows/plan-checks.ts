import type { CheckRun } from '../github/checks.ts'
import { headlineText } from '../plan/render/headline.ts'
import type { CommentInput } from '../plan/render/input.ts'
import { renderSummary } from '../plan/render/summary.ts'
import { commentInput } from './comment.ts'
import type { ShownItem } from './planning.ts'
import type { ShownChange } from './shown.ts'

/** GitHub takes 65,535 characters; bytes are never fewer. */
const maxBytes = 65_000
/** Each is a request, and a run may ask little of GitHub however much it planned: more components than this share one check. */
const mostChecks = 2

/**
 * What plan jobs of a run that does not show on the pull request came to, as checks: one a component, as the jobs would be; of
 * many components one check tells all.
 */
export function planChecks(shown: ShownChange, links: Pick<CommentInput, 'blobUrl' | 'plansUrl'>): CheckRun[] {
  const components = new Map<string, ShownItem[]>()
  for (const item of shown.items)
    if (item.kind !== 'not-planned' && item.kind !== 'unplanned')
      components.set(item.component, [...(components.get(item.component) ?? []), item])
  const groups = [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, items]) => ({ name, items }))
  const joined = { name: `${groups.length} components`, items: groups.flatMap(({ items }) => items) }
  const told = groups.length > mostChecks ? [joined] : groups
  return told.map(({ name, items }): CheckRun => {
    const input = commentInput({ ...shown, items, passive: 0 }, links)
    const failed = items.some(({ kind }) => kind === 'failed' || kind === 'blocked' || kind === 'refused')
    return {
      name,
      commit: shown.head.commit,
      conclusion: failed ? 'failure' : 'success',
      title: headlineText(input),
      summary: renderSummary(input, maxBytes),
      ...(links.plansUrl !== undefined && { detailsUrl: links.plansUrl }),
      annotations: [],
    }
  })
}
