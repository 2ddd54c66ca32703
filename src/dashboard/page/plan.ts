import { type Html, html } from '../html.ts'
import type { Cell, ObjectView, PlanView, RowView } from '../plan-view.ts'
import { table } from './parts.ts'

/** What reviewers saw of a plan: a sentence and a table for each object. */
export function planDetails(view: PlanView | { readonly left: string }): Html {
  if ('left' in view && !('objects' in view)) return html`<p class="dim">${view.left}</p>`
  const plan = view as PlanView
  return html`${plan.remarks.map((it) => html`<p>⚠ ${it}</p>`)}
${plan.objects.map((it) => objectPart(it))}${plan.left > 0 && html`<p>${plan.left} more objects are left out here.</p>`}
${plan.outputs.length > 0 && html`<p>Outputs: ${plan.outputs.map(({ name, value }, at) => html`${at > 0 && ', '}<code>${name}</code> ${cellText(value)}`)}.</p>`}
${plan.drift.length > 0 && html`<p><b>Met while planning:</b></p>${plan.drift.map((it) => objectPart(it))}`}
${plan.objects.length + plan.outputs.length + plan.drift.length === 0 && html`<p>No change.</p>`}`
}

function objectPart(it: ObjectView): Html {
  const why = it.because.length > 0 && html` <span class="dim">(${it.because.join('; ')})</span>`
  const diffs = it.rows.flatMap(({ name, diff }) => (diff ? [{ name, diff }] : []))
  return html`<div class="object"><p>${it.risky && '⚠ '}<code>${it.address}</code> <b>${it.phrase}</b>${why}</p>
${it.rows.length > 0 && rowTable(it)}${it.left > 0 && html`<p>${it.left} more attributes are left out here.</p>`}
${diffs.map(({ name, diff }) => html`<p><code>${name}</code>:</p><pre>${diff.join('\n')}</pre>`)}
${it.unknown.length > 0 && html`<p class="dim">Known after apply: ${it.unknown.join(', ')}.</p>`}</div>`
}

function rowTable({ address, made, rows }: ObjectView): Html {
  const name = {
    name: 'attribute',
    head: true as const,
    cell: (it: RowView) => html`<code>${it.name}</code>${it.forces && html` <b>forces replacement</b>`}`,
  }
  const before = { name: 'before', cell: (it: RowView) => cellText(it.before) }
  const after = { name: made ? 'value' : 'after', cell: (it: RowView) => cellText(it.after) }
  return table(html`<span class="vh">Attributes of ${address}</span>`, made ? [name, after] : [name, before, after], [
    { rows },
  ])
}

function cellText(cell: Cell): Html {
  return 'code' in cell ? html`<code>${cell.code}</code>` : html`<span class="dim">${cell.words}</span>`
}
