import type { Dashboard, InstanceView } from '../dashboard.ts'
import { type Html, html } from '../html.ts'
import { about, anchor, type Page, sign, standingNames, standings } from './parts.ts'

/** A grid with more cells than this, or one that is mostly empty, is drawn as lines of squares instead. */
const mostCells = 12_000

/** Components × stacks, a sign each. */
export function estateSection({ instances, counts, total }: Dashboard, page: Page): Html {
  const legend = standings.filter((it) => counts[it] > 0)
  return html`<section id="estate" aria-labelledby="estate-h" tabindex="-1">
<h2 id="estate-h">Estate</h2>
<ul class="legend" aria-label="What the signs mean, and how many there are of each">${legend.map((it) => html`<li>${sign(it)}${standingNames[it]} <b>${counts[it]}</b></li>`)}</ul>
<p class="readout" id="readout" hidden aria-hidden="true">Point at a square, or move over them with the arrow keys: this line says it in words.</p>
${instances.length === 0 ? html`<p class="calm">There are no instances.</p>` : grid(instances, total, page)}
</section>`
}

function grid(instances: readonly InstanceView[], total: number, page: Page): Html {
  const stacks = distinct(instances.map((it) => it.stack))
  const components = distinct(instances.map((it) => it.component))
  const caption = html`${count(components.length, 'component')} in ${count(stacks.length, 'stack')}: ${count(total, 'instance')}`
  const cells = stacks.length * components.length
  const sparse = cells > mostCells || (cells > 600 && cells > instances.length * 6)
  const byStack: readonly [string, readonly string[], Side] = ['stack', stacks, (it) => it.stack]
  const byComponent: readonly [string, readonly string[], Side] = ['component', components, (it) => it.component]
  const [longer, shorter] = stacks.length >= components.length ? [byStack, byComponent] : [byComponent, byStack]
  if (sparse) return lines(instances, caption, shorter, page)
  // The longer side runs down the page.
  return matrix(instances, caption, longer, [shorter[1], shorter[2]], page)
}

type Side = (it: InstanceView) => string

function matrix(
  instances: readonly InstanceView[],
  caption: Html,
  [what, rows, rowOf]: readonly [string, readonly string[], Side],
  [columns, columnOf]: readonly [readonly string[], Side],
  page: Page,
): Html {
  const at = new Map(instances.map((it) => [JSON.stringify([rowOf(it), columnOf(it)]), it]))
  return html`<div class="scroll" role="region" aria-label="Estate, components and stacks" tabindex="0"><table class="grid"><caption>${caption}</caption>
<thead><tr><th scope="col">${what}</th>${columns.map((it) => html`<th scope="col" class="up"><span>${it}</span></th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr><th scope="row">${row}</th>${columns.map((column) => {
      const it = at.get(JSON.stringify([row, column]))
      return html`<td>${it && square(it, page)}</td>`
    })}</tr>
`,
  )}</tbody></table></div>`
}

/** The shorter side in rows, each with its squares one after another: for estates in which most cells would be empty. */
function lines(
  instances: readonly InstanceView[],
  caption: Html,
  [what, rows, rowOf]: readonly [string, readonly string[], Side],
  page: Page,
): Html {
  const of = new Map<string, InstanceView[]>(rows.map((row) => [row, []]))
  for (const it of instances) of.get(rowOf(it))?.push(it)
  return html`<table class="grid lines"><caption>${caption}</caption>
<thead><tr><th scope="col">${what}</th><th scope="col">instances</th></tr></thead>
<tbody>${rows.map(
    (row) => html`<tr><th scope="row">${row}</th><td>${of.get(row)?.map((it) => square(it, page))}</td></tr>
`,
  )}</tbody></table>`
}

function square(it: InstanceView, page: Page): Html {
  const says = `${it.component} in ${it.stack}: ${it.says}`
  return html`<a class="sq ${it.standing}" href="#${anchor(it.id)}" data-of="${about([it.id], page)}" aria-label="${says}" title="${says}">${sign(it.standing)}</a>`
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
