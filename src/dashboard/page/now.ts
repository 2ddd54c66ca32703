import type { Dashboard, InstanceView, Need, PullView } from '../dashboard.ts'
import { type Html, html } from '../html.ts'
import { about, acts, instanceLink, instanceLinks, needNames, type Page, sign, since, table } from './parts.ts'

/** What needs a person, oldest first; what is in flight; open changes. */
export function nowSection({ needs, instances, total, pulls, problems }: Dashboard, page: Page): Html {
  const flying = instances
    .filter((it) => it.flight)
    .sort((a, b) => (a.flight?.sinceMs ?? Number.MAX_SAFE_INTEGER) - (b.flight?.sinceMs ?? Number.MAX_SAFE_INTEGER))
  return html`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${problems.length > 0 && problemList(problems)}
${
  needs.length === 0
    ? html`<p class="calm">Nothing needs a person.</p>`
    : html`<h3>${needs.length === 1 ? 'One thing needs' : `${needs.length} things need`} a person, oldest first</h3>
<ol class="needs">${needs.map((it) => needItem(it, page))}</ol>`
}
${flying.length === 0 ? html`<p class="calm">Nothing is in flight: all ${total} instances are as the protected branch asks.</p>` : flightTable(flying, total, page)}
${pulls.length > 0 && pullTable(pulls, page)}
</section>`
}

function needItem({ kind, of, says, sinceMs, act }: Need, page: Page): Html {
  const [shape, word] = needNames[kind]
  const who =
    of.length === 1
      ? html`${instanceLink(of[0]!, page)} ${says}`
      : html`<b>${of.length} instances</b> ${says}: ${instanceLinks(of, page)}`
  return html`<li data-of="${about(of, page)}"><span class="kind">${sign(shape)}${word}</span>
<p class="says">${who}</p><p class="when">${sinceMs === undefined ? 'nobody knows since when' : since(sinceMs, page)}</p><p class="acts">${acts(act)}</p></li>
`
}

function flightTable(flying: readonly InstanceView[], total: number, page: Page): Html {
  return html`<h3 id="in-flight">In flight: ${flying.length} of ${total}</h3>
${table(
  'Merged, and not applied yet',
  [
    { name: 'instance', head: true, cell: (it) => html`${sign(it.standing)}${instanceLink(it.id, page)}` },
    { name: 'waits for', cell: (it) => it.flight?.waits },
    { name: 'why', cell: (it) => it.flight?.why.join('; ') },
    {
      name: 'since',
      cell: (it) =>
        it.flight?.sinceMs === undefined
          ? '–'
          : html`${since(it.flight.sinceMs, page)}${it.flight.commits.slice(0, 1).map(({ id, subject }) => html`<br><code>${id.slice(0, 7)}</code> ${subject}`)}`,
    },
  ],
  flying,
  (it) => html` data-of="${about([it.id], page)}"`,
)}`
}

function pullTable(pulls: readonly PullView[], page: Page): Html {
  return html`<h3>Open changes</h3>
${table(
  'What the gate says of each',
  [
    { name: 'change', head: true, cell: (it) => html`<b>${it.name}</b> ${it.title}` },
    { name: 'gate', cell: (it) => html`${it.gate}: ${it.says}` },
    { name: 'instances', cell: (it) => instanceLinks(it.of, page) },
    { name: 'judged', cell: (it) => (it.atMs === undefined ? '–' : since(it.atMs, page)) },
  ],
  pulls,
  (it) => html` data-of="${about(it.of, page)}"`,
)}`
}

function problemList(problems: readonly string[]): Html {
  const most = 10
  return html`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${problems.slice(0, most).map((it) => html`<li>${it}</li>`)}${problems.length > most && html`<li>and ${problems.length - most} more</li>`}</ul></div>`
}
