import { duration } from '../../time.ts'
import type { Dashboard, HistoryLine } from '../dashboard.ts'
import { type Content, type Html, html } from '../html.ts'
import { about, commitText, instanceLinks, moment, type Page, people, sign, since, table } from './parts.ts'

/** A line a merge: what was applied of it, and how long each wait took. */
export function historySection({ history }: Dashboard, page: Page): Html {
  return html`<section id="history" aria-labelledby="history-h" tabindex="-1">
<h2 id="history-h">History</h2>
${
  history.length === 0
    ? html`<p class="calm">Nothing was applied yet.</p>`
    : table(
        'What was applied, failed or was rejected, newest first; times are those of the last instance of a line',
        [
          { name: 'change', head: true, cell: change },
          {
            name: 'instances',
            cell: (it) => html`${it.of.length > 4 && html`<b>${it.of.length}</b>: `}${instanceLinks(it.of, page)}`,
          },
          { name: 'came to', cell: (it) => outcome(it, page) },
          { name: 'plan → yes', short: true, cell: ({ plannedMs, approvedMs }) => took(plannedMs, approvedMs) },
          { name: 'yes → end', short: true, cell: ({ approvedMs, atMs }) => took(approvedMs, atMs) },
          { name: 'merge → end', short: true, cell: ({ commit, atMs }) => took(commit?.atMs, atMs) },
        ],
        [{ rows: history }],
        (it) => html` data-of="${about(it.of, page)}"`,
      )
}
</section>`
}

function change({ commit }: HistoryLine): Content {
  return commit === undefined
    ? 'a commit that is not recorded any more'
    : html`${commitText(commit)}${commit.atMs !== undefined && html`<br><span class="dim">${moment(commit.atMs)}</span>`}`
}

function outcome({ kind, atMs, by, note }: HistoryLine, page: Page): Html {
  const who = by.length === 0 ? '' : ` by ${people(by)}`
  return html`${kind !== 'applied' && sign('failed')}${kind}${who}, ${since(atMs, page)}${note !== undefined && html`<br><span class="dim">${note}</span>`}`
}

/** How long it took from one moment to another, where both are known. */
function took(fromMs: number | undefined, toMs: number | undefined): string {
  return fromMs === undefined || toMs === undefined || toMs < fromMs ? '–' : duration(toMs - fromMs)
}
