import type { CheckRun } from '../github/checks.ts'
import { headlineText } from '../plan/render/headline.ts'
import type { CommentInput } from '../plan/render/input.ts'
import { renderSummary } from '../plan/render/summary.ts'
import { commentInput } from './comment.ts'
import type { ShownItem } from './planning.ts'
import type { ShownChange } from './shown.ts'

/** GitHub takes 65,535 characters; bytes are never fewer. */
const maxBytes = 65_000
/** Each is a request: what is beyond is told together. */
const mostChecks = 20

/**
 * What plan jobs of a run that does not show on the pull request came to, as checks: one a component, as the jobs would be.
 */
export function planChecks(shown: ShownChange, links: Pick<CommentInput, 'blobUrl' | 'plansUrl'>): CheckRun[] {
  const components = new Map<string, ShownItem[]>()
  for (const item of shown.items)
    if (item.kind !== 'not-planned' && item.kind !== 'unplanned')
      components.set(item.component, [...(components.get(item.component) ?? []), item])
  const groups = [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, items]) => ({ name, items }))
  const own = groups.length > mostChecks ? groups.slice(0, mostChecks - 1) : groups
  const rest = groups.slice(own.length)
  const joined = rest.length === 0 ? [] : [{ name: `${rest.length} more`, items: rest.flatMap(({ items }) => items) }]
  return [...own, ...joined].map(({ name, items }): CheckRun => {
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
