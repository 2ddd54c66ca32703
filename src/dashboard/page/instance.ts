import { duration } from '../../time.ts'
import type { AttemptView, Dashboard, DriftView, InstanceView, PlanLine } from '../dashboard.ts'
import { type Content, type Html, html } from '../html.ts'
import { about, anchor, commitText, digest, instanceName, moment, type Page, sign, since, table } from './parts.ts'
import { planDetails } from './plan.ts'

/** Everything about each instance, folded up until somebody wants it. */
export function instancesSection({ instances }: Dashboard, page: Page): Html {
  return html`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${instances.map((it) => instancePart(it, page))}
</section>`
}

function instancePart(it: InstanceView, page: Page): Html {
  const { ledger, flight, claim, drift } = it
  return html`<details class="inst" data-of="${about([it.id], page)}"><summary><h3>${sign(it.standing)}${instanceName(it.id)}</h3> <span class="says">${it.says}</span></summary>
<div class="body" id="${anchor(it.id)}" tabindex="-1">
${facts([
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
${drift?.found && html`<details class="plan"><summary>What changed outside: ${drift.found.does} to put it back</summary>${planDetails(drift.found.view)}</details>`}
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
    it.approvals,
  )}`
}
${it.attempts.length > 0 && attemptsPart(it)}
${it.events.length > 0 && html`<details class="log"><summary>What happened: the last ${it.events.length} events</summary><ol reversed>${it.events.map((event) => html`<li>${moment(event.atMs)} ${event.says}</li>`)}</ol></details>`}
</div></details>
`
}

function facts(all: readonly (readonly [string, Content])[]): Html {
  return html`<dl>${all.map(([name, value]) => value !== undefined && value !== false && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function driftText({ checkedMs, cleanMs, failed, found }: DriftView): Html {
  return html`${found ? html`${found.says}, seen first ${moment(found.firstMs)}; ` : ''}checked ${moment(checkedMs)}${cleanMs !== undefined && html`, clean ${moment(cleanMs)}`}${failed && html`; cannot be checked since ${moment(failed.sinceMs)}: ${failed.why}`}`
}

/** Plans that may still be applied are told in full; of others a line. */
function plansPart(plans: readonly PlanLine[]): Html {
  const shown = plans.filter((it) => it.open || 'objects' in it.view)
  return html`<h4>Plans</h4>${table(
    html`<span class="vh">Plans, newest first</span>`,
    [
      { name: 'made', head: true, cell: (it: PlanLine) => moment(it.madeMs) },
      { name: 'does', cell: (it: PlanLine) => `${it.does}${it.provisional ? ', provisional' : ''}` },
      { name: 'of', cell: (it: PlanLine) => html`${it.of}, <code>${it.commit.slice(0, 7)}</code>` },
      { name: 'by', cell: (it: PlanLine) => `${it.by}, run ${it.run}` },
      { name: 'digest', cell: (it: PlanLine) => digest(it.digest) },
      { name: 'status', cell: (it: PlanLine) => it.status },
    ],
    plans,
  )}
${shown.map(
  (
    it,
  ) => html`<details class="plan"><summary>${'dangerous' in it.view && it.view.dangerous && '⚠ '}${it.does}, as reviewers saw it: ${it.status}, digest ${digest(it.digest)}</summary>
${it.reads.length > 0 && html`<p>Reads ${it.reads.map((call, at) => html`${at > 0 && ', '}<code>${call}</code>`)}.</p>`}
${it.provisional && html`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${planDetails(it.view)}
${it.uncertain.length > 0 && html`<p class="dim">Not held by the fingerprint: ${it.uncertain.slice(0, 10).join('; ')}.</p>`}</details>`,
)}`
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
    attempts,
  )}`
}
