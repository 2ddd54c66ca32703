import { createHash } from 'node:crypto'
import type { Dashboard } from './dashboard.ts'
import { embedded, type Html, html, verbatim } from './html.ts'
import { estateSection } from './page/estate.ts'
import { historySection } from './page/history.ts'
import { instancesSection } from './page/instance.ts'
import { nowSection } from './page/now.ts'
import { type Page, since, standingNames, standings } from './page/parts.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'
import { toldInFull } from './page/told.ts'

/** What tells a file that this program wrote from any other; it stands in its first kilobyte. */
export const pageMark = '<meta name="generator" content="airlock dashboard">'

/** The page: one file that asks nothing of any network, and can be read with and without its script. */
export function page(dashboard: Dashboard): string {
  const { madeMs, instances, needs, repository, branch } = dashboard
  const here: Page = {
    madeMs,
    index: new Map(instances.map(({ id }, at) => [id, at])),
    told: toldInFull(dashboard),
  }
  const csp = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`
  const waiting = needs.length === 0 ? '' : `(${needs.length}) `
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${verbatim(pageMark)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${verbatim(csp)}">
<meta name="referrer" content="no-referrer">
<title>${waiting}${repository} · Airlock</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#now">Skip to what needs a person</a>
${signs}
<header>
<h1>${repository}</h1>
<p class="lead">${lead(dashboard)}</p>
<p class="dim">${branch.name} at <code>${branch.tip.slice(0, 7)}</code>, looked at ${since(madeMs, here)}</p>
<p id="stale" hidden><b>This page is more than a day old.</b> airlock dashboard makes a new one.</p>
</header>
<div class="bar">
<nav aria-label="Parts of this page"><ul><li><a href="#now">Now</a></li><li><a href="#estate">Estate</a></li><li><a href="#history">History</a></li><li><a href="#instances">Instances</a></li></ul></nav>
<form id="filter" role="search" hidden><label class="vh" for="q">Filter instances by name, person, commit or digest</label><input id="q" type="search" placeholder="filter: vpc prod" autocomplete="off" spellcheck="false"><label class="vh" for="s">Filter instances by state</label><select id="s"><option value="">any state</option>${standings.map((it) => html`<option value="${it}">${standingNames[it]}</option>`)}</select><span id="found" role="status" aria-live="polite"></span></form>
</div>
<main>
${nowSection(dashboard, here)}
${estateSection(dashboard, here)}
${historySection(dashboard, here)}
${instancesSection(dashboard, here)}
</main>
<footer><p>Made by <code>airlock dashboard</code> from the records${dashboard.baseline && html`; in charge since ${since(dashboard.baseline.atMs, here)}, adopted by ${dashboard.baseline.by}`}. Nothing here is live: what is true now says <code>airlock status</code>.</p></footer>
<script type="application/json" id="data">${embedded(brief(dashboard, here))}</script>
<script>${verbatim(script)}</script>
</body>
</html>
`.html
}

/** The answer first: how many things need a person, how much is in flight, failed, drifted. */
function lead({ needs, counts, total }: Dashboard): Html {
  const flying = counts['in-flight'] + counts['never-applied'] + counts.failed
  const parts = [
    needs.length === 0
      ? html`Nothing needs a person`
      : html`<strong>${needs.length} ${needs.length === 1 ? 'thing needs' : 'things need'} a person</strong>`,
    html`${flying} of ${total} in flight`,
    ...(counts.failed > 0 ? [html`${counts.failed} failed`] : []),
    ...(counts.drifted > 0 ? [html`${counts.drifted} drifted`] : []),
    ...(counts.orphan > 0 ? [html`${counts.orphan} orphaned`] : []),
  ]
  return html`${parts.map((it, at) => html`${at > 0 && ' · '}${it}`)}`
}

/** The data without what is in the page's tables already: for the script, and for programs that read the page. */
function brief(dashboard: Dashboard, { told }: Page): unknown {
  return {
    ...dashboard,
    instances: dashboard.instances.map(({ events: _, attempts: __, drift: ___, approvals: ____, ...it }) => {
      if (told.has(it.id))
        return { ...it, plans: it.plans.map(({ view: _, reads: __, uncertain: ___, ...plan }) => plan) }
      const { id, component, stack, standing, says, ledger, flight } = it
      return { id, component, stack, standing, says, ledger, flight }
    }),
  }
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** Each sign by its shape: filled, half, hollow, cross, wave, dashed. */
const signs = verbatim(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="vh"><defs>
<symbol id="sign-clean" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor"/></symbol>
<symbol id="sign-in-flight" viewBox="0 0 16 16"><path d="M2 2h6v12H2z" fill="currentColor"/><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-never-applied" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-failed" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="sign-drifted" viewBox="0 0 16 16"><path d="M1 6q3.5-5 7 0t7 0M1 12q3.5-5 7 0t7 0" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="sign-orphan" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2"/></symbol>
</defs></svg>`)
