import { clock, duration } from '../../time.ts'
import type { AttemptView, Dashboard, DriftView, InstanceView, PlanLine } from '../dashboard.ts'
import { type Content, type Html, html } from '../html.ts'
import {
  about,
  acts,
  anchor,
  commitText,
  digest,
  instanceName,
  moment,
  type Page,
  sign,
  since,
  table,
} from './parts.ts'
import { planDetails } from './plan.ts'

/** Everything about each instance, folded up until somebody wants it. */
export function instancesSection({ instances }: Dashboard, page: Page): Html {
  const quiet = instances.filter(({ id }) => !page.told.has(id))
  return html`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${instances.filter(({ id }) => page.told.has(id)).map((it) => instancePart(it, page))}
${quiet.length > 0 && quietPart(quiet, page)}
</section>`
}

function instancePart(it: InstanceView, page: Page): Html {
  const { ledger, flight, claim, drift } = it
  return html`<details class="inst" data-of="${about([it.id], page)}"><summary><h3>${sign(it.standing)}${instanceName(it.id)}</h3> <span class="says">${it.says}</span></summary>
<div class="body" id="${anchor(it.id)}" tabindex="-1">
${facts([
  ['next', it.next.length > 0 && html`<span class="acts">${acts(it.next)}</span>`],
  [
    'applied last',
    ledger
      ? html`${commitText(ledger.commit)}${ledger.removed && ' (its removal)'}, ${moment(ledger.atMs)}, by ${ledger.by}; digest ${digest(ledger.digest)}${ledger.serial !== undefined && `, state serial ${ledger.serial}`}`
      : 'never',
  ],
  [
    'in flight',
    flight &&
      html`${flight.waits}; ${flight.why.join('; ')}${flight.sinceMs !== undefined && html`; since ${since(flight.sinceMs, page)}`}`,
  ],
  [
    'asked by',
    flight &&
      flight.commits.length > 0 &&
      html`${flight.commits.slice(0, 5).map((commit, at) => html`${at > 0 && html`<br>`}${commitText(commit)}`)}`,
  ],
  [
    'claim',
    claim &&
      html`${claim.purpose} by ${claim.by}, run ${claim.run}, number ${claim.fence}, since ${moment(claim.sinceMs)}${claim.untilMs !== undefined && html`; lease until ${moment(claim.untilMs)}${claim.overdue && ', which is over'}`}${claim.reason !== undefined && `: ${claim.reason}`}`,
  ],
  ['drift', drift && driftText(drift)],
  ['state', `${it.state.backend}, workspace ${it.state.workspace}`],
  ['formerly', it.formerly.length > 0 && it.formerly.join(', ')],
])}
${whole(it)}
</div></details>
`
}

/** A line for each instance of which a page of this size says no more. */
function quietPart(quiet: readonly InstanceView[], page: Page): Html {
  return html`<h3>${quiet.length} more, in a line each</h3>
<p class="dim">Their plans, approvals and attempts: <code>airlock show COMPONENT -s STACK</code>.</p>
<ul class="quiet">${quiet.map(
    (
      it,
    ) => html`<li id="${anchor(it.id)}" data-of="${about([it.id], page)}" tabindex="-1">${sign(it.standing)}${instanceName(it.id)} ${it.says}${it.ledger && `; ${it.ledger.commit.id.slice(0, 7)} applied ${clock(it.ledger.atMs, 0)} by ${it.ledger.by}`}</li>
`,
  )}</ul>`
}

function whole(it: InstanceView): Html {
  return html`${it.drift?.found && html`<details class="plan"><summary>What changed outside: ${it.drift.found.does} to put it back</summary>${planDetails(it.drift.found.view)}</details>`}
${it.plans.length > 0 && plansPart(it.plans)}
${
  it.approvals.length > 0 &&
  html`<h4>Approvals</h4>${table(
    html`<span class="vh">Approvals of ${it.id}</span>`,
    [
      { name: 'by', head: true, cell: (a) => a.by },
      { name: 'how', cell: (a) => `${a.how}${a.destroys === undefined ? '' : `, for ${a.destroys} removals`}` },
      { name: 'when', cell: (a) => moment(a.atMs) },
      { name: 'digest', cell: (a) => digest(a.digest) },
    ],
    [{ rows: it.approvals }],
  )}`
}
${it.attempts.length > 0 && attemptsPart(it)}
${it.events.length > 0 && html`<details class="log"><summary>What happened: the last ${it.events.length} events</summary><ol reversed>${it.events.map((event) => html`<li>${moment(event.atMs)} ${event.says}</li>`)}</ol></details>`}`
}

function facts(all: readonly (readonly [string, Content])[]): Html {
  return html`<dl>${all.map(([name, value]) => value !== undefined && value !== false && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function driftText({ checkedMs, cleanMs, failed, found }: DriftView): Html {
  return html`${found ? html`${found.says}, seen first ${moment(found.firstMs)}; ` : ''}checked ${moment(checkedMs)}${cleanMs !== undefined && html`, clean ${moment(cleanMs)}`}${failed && html`; cannot be checked since ${moment(failed.sinceMs)}: ${failed.why}`}`
}

/** The plan that may be applied is told at once; of all there is a line, and those that were kept can be opened. */
function plansPart(plans: readonly PlanLine[]): Html {
  const [open, others] = [plans.filter((it) => it.open), plans.filter((it) => !it.open && 'objects' in it.view)]
  return html`<h4>Plans</h4>
${open.map((it) => planPart(it, true))}${table(
  html`<span class="vh">Plans, newest first</span>`,
  [
    { name: 'made', head: true, cell: (it: PlanLine) => moment(it.madeMs) },
    { name: 'does', short: true, cell: (it: PlanLine) => `${it.does}${it.provisional ? ', provisional' : ''}` },
    { name: 'of', cell: (it: PlanLine) => html`${it.of}, <code>${it.commit.slice(0, 7)}</code>` },
    { name: 'by', cell: (it: PlanLine) => `${it.by}, run ${it.run}` },
    { name: 'digest', short: true, cell: (it: PlanLine) => digest(it.digest) },
    { name: 'status', cell: (it: PlanLine) => it.status },
  ],
  [{ rows: plans }],
)}
${others.map((it) => planPart(it, false))}`
}

function planPart(it: PlanLine, open: boolean): Html {
  return html`<details class="plan"${open && html` open`}><summary>${it.does}, as reviewers saw it: ${it.open ? 'open' : it.status}, digest ${digest(it.digest)}</summary>
${it.reads.length > 0 && html`<p>Reads ${it.reads.map((call, at) => html`${at > 0 && ', '}<code>${call}</code>`)}.</p>`}
${it.provisional && html`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${planDetails(it.view)}
${it.uncertain.length > 0 && html`<p class="dim">Not held by the fingerprint: ${it.uncertain.slice(0, 10).join('; ')}.</p>`}</details>`
}

function attemptsPart({ id, attempts }: InstanceView): Html {
  return html`<h4>Attempts</h4>${table(
    html`<span class="vh">Attempts on ${id}, newest first</span>`,
    [
      { name: 'begun', head: true, cell: (it: AttemptView) => moment(it.startedMs) },
      {
        name: 'came to',
        cell: (it: AttemptView) =>
          html`${it.action}: <b>${it.outcome}</b>${it.note !== undefined && html`<br><span class="dim">${it.note}</span>`}`,
      },
      {
        name: 'took',
        cell: (it: AttemptView) => (it.endedMs === undefined ? '–' : duration(it.endedMs - it.startedMs)),
      },
      { name: 'by', cell: (it: AttemptView) => it.by },
      { name: 'commit', cell: (it: AttemptView) => commitText(it.commit) },
    ],
    [{ rows: attempts }],
  )}`
}
