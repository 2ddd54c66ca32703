import type { Dashboard, InstanceView, Need, PullView } from '../dashboard.ts'
import { type Content, type Html, html } from '../html.ts'
import {
  about,
  acts,
  commitText,
  instanceLink,
  instanceLinks,
  needNames,
  type Page,
  sign,
  since,
  table,
} from './parts.ts'

/** What needs a person, oldest first; what is in flight; open changes. */
export function nowSection({ needs, instances, total, pulls, problems }: Dashboard, page: Page): Html {
  const flying = instances
    .filter((it) => it.flight)
    .sort((a, b) => (a.flight?.sinceMs ?? Number.MAX_SAFE_INTEGER) - (b.flight?.sinceMs ?? Number.MAX_SAFE_INTEGER))
  return html`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${problems.length > 0 && problemList(problems)}
${needs.length === 0 ? html`<p class="calm">Nothing needs a person.</p>` : needList(needs, page)}
${flying.length === 0 ? html`<p class="calm">Nothing is in flight: all ${total} instances are as the protected branch asks.</p>` : flightTable(flying, total, page)}
${pulls.length > 0 && pullTable(pulls, page)}
</section>`
}

/** More needs than these are folded up. */
const mostNeeds = 40

function needList(needs: readonly Need[], page: Page): Html {
  const [first, rest] = [needs.slice(0, mostNeeds), needs.slice(mostNeeds)]
  const list = (some: readonly Need[]) => html`<ol class="needs">${some.map((it) => needItem(it, page))}</ol>`
  return html`<h3>${needs.length === 1 ? 'One thing needs' : `${needs.length} things need`} a person, oldest first</h3>
${list(first)}${rest.length > 0 && html`<details><summary>${rest.length} more</summary>${list(rest)}</details>`}`
}

function needItem({ kind, of, says, sinceMs, act }: Need, page: Page): Html {
  const [shape, word] = needNames[kind]
  const many = of.length > 1 && html`${instanceLinks(of, page)}`
  return html`<li data-of="${about(of, page)}"><p class="kind">${sign(shape)}${word}</p><p class="who">${of.length === 1 ? instanceLink(of[0]!, page) : html`<b>${of.length} instances</b>`}</p><div class="says"><p>${says}${many && html`: ${many}`}</p>
<p class="acts">${acts(act)}</p></div><p class="when">${sinceMs === undefined ? 'nobody knows since when' : since(sinceMs, page)}</p></li>
`
}

/** What is in flight, below the commit that put it there. */
function flightTable(flying: readonly InstanceView[], total: number, page: Page): Html {
  const groups = new Map<string, InstanceView[]>()
  for (const it of flying) {
    const commit = it.flight?.commits.at(-1)?.id ?? ''
    const group = groups.get(commit)
    if (group) group.push(it)
    else groups.set(commit, [it])
  }
  return html`<h3 id="in-flight">In flight: ${flying.length} of ${total}</h3>
${table(
  'Merged, and not applied yet; the oldest change first',
  [
    { name: 'instance', head: true, cell: (it) => html`${sign(it.standing)}${instanceLink(it.id, page)}` },
    { name: 'waits for', cell: (it) => it.flight?.waits },
    { name: 'why', cell: (it) => it.flight?.why.join('; ') },
  ],
  [...groups.values()].map((rows) => ({ title: changeTitle(rows[0]!, page), rows })),
  (it) => html` data-of="${about([it.id], page)}"`,
)}`
}

function changeTitle({ flight }: InstanceView, page: Page): Content {
  const commit = flight?.commits.at(-1)
  if (commit === undefined) return 'Nobody knows since which commit'
  return html`${commitText(commit)} <span class="when">${flight?.sinceMs !== undefined && since(flight.sinceMs, page)}</span>`
}

function pullTable(pulls: readonly PullView[], page: Page): Html {
  return html`<h3>Open changes</h3>
${table(
  'What the gate says of each',
  [
    { name: 'change', head: true, cell: (it) => html`<b>${it.name}</b> ${it.title}` },
    { name: 'gate', cell: (it) => html`${it.gate}: ${it.says}` },
    { name: 'instances', cell: (it) => instanceLinks(it.of, page) },
    { name: 'judged', short: true, cell: (it) => (it.atMs === undefined ? '–' : since(it.atMs, page)) },
  ],
  [{ rows: pulls }],
  (it) => html` data-of="${about(it.of, page)}"`,
)}`
}

function problemList(problems: readonly string[]): Html {
  const most = 10
  return html`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${problems.slice(0, most).map((it) => html`<li>${it}</li>`)}${problems.length > most && html`<li>and ${problems.length - most} more</li>`}</ul></div>`
}
