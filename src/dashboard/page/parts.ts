import { digestWords } from '../../records/refusal.ts'
import { ago, clock } from '../../time.ts'
import type { Act, CommitView, NeedKind, Standing } from '../dashboard.ts'
import { type Content, type Html, html } from '../html.ts'

/** What the parts of the page have in common. */
export interface Page {
  readonly madeMs: number
  /** By its id: where it is on the page, and how the script calls it. */
  readonly index: ReadonlyMap<string, number>
  /** Instances that are told in full. */
  readonly told: ReadonlySet<string>
}

/** How a standing is told beside its sign. */
export const standingNames: Readonly<Record<Standing, string>> = {
  failed: 'failed',
  drifted: 'drifted',
  'in-flight': 'in flight',
  'never-applied': 'never applied',
  clean: 'applied and clean',
  orphan: 'orphan',
}

/** In the order of the legend: what is worst first. */
export const standings: readonly Standing[] = ['failed', 'drifted', 'in-flight', 'never-applied', 'orphan', 'clean']

/** The sign and the word for each kind of need. */
export const needNames: Readonly<Record<NeedKind, readonly [sign: Standing, word: string]>> = {
  failed: ['failed', 'failed'],
  unknown: ['failed', 'end unknown'],
  left: ['failed', 'left behind'],
  approval: ['in-flight', 'approval'],
  rejected: ['in-flight', 'rejected'],
  held: ['in-flight', 'held'],
  drifted: ['drifted', 'drifted'],
  adopted: ['drifted', 'adopted'],
  'check-failing': ['drifted', 'not checked'],
  orphan: ['orphan', 'orphan'],
  plan: ['in-flight', 'plan'],
  apply: ['in-flight', 'apply'],
}

/** The sign of a standing; it says nothing to a screen reader, since words are always beside it. */
export function sign(standing: Standing): Html {
  return html`<svg class="sign" aria-hidden="true" focusable="false"><use href="#sign-${standing}"/></svg>`
}

/** The id of an instance's part of the page: only characters that an id and a fragment both hold as they are. */
export function anchor(id: string): string {
  return `i:${id.replace(/[^A-Za-z0-9._@/-]/g, (it) => `~${it.codePointAt(0)!.toString(16)}~`)}`
}

/** `vpc plat-ue2-prod`, which leads to the instance's part where it has one. */
export function instanceLink(id: string, { index }: Page): Html {
  return index.has(id) ? html`<a href="#${anchor(id)}">${instanceName(id)}</a>` : instanceName(id)
}

export function instanceName(id: string): Html {
  const cut = id.lastIndexOf('@')
  return cut < 0 ? html`<b>${id}</b>` : html`<b>${id.slice(0, cut)}</b> <span class="stack">${id.slice(cut + 1)}</span>`
}

/** Several instances; the first few by name. */
export function instanceLinks(ids: readonly string[], page: Page, most = 4): Html {
  const left = ids.length - most
  return html`${ids.slice(0, most).map((id, at) => html`${at > 0 && ', '}${instanceLink(id, page)}`)}${left > 0 && ` and ${left} more`}`
}

/** For the script: which instances an element is about. */
export function about(ids: readonly string[], { index }: Page): string {
  return ids.flatMap((id) => index.get(id) ?? []).join(' ')
}

/** A moment, relative and absolute; the script keeps it right while the page is open. */
export function since(ms: number, { madeMs }: Page): Html {
  return html`<time class="rel" datetime="${iso(ms)}">${ago(ms, madeMs)}</time>`
}

/** A moment with its date. */
export function moment(ms: number): Html {
  return html`<time datetime="${iso(ms)}">${clock(ms, 0)}</time>`
}

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** `4c1d2e9 Move dev (#41)` */
export function commitText({ id, subject }: CommitView): Html {
  return html`<code>${id.slice(0, 7)}</code>${subject !== undefined && html` ${subject}`}`
}

export function digest(text: string): Html {
  return html`<code>${digestWords(text)}</code>`
}

/** People without the runs they ran: `Ann, run 4411` is Ann. */
export function people(all: readonly string[]): string {
  return [...new Set(all.map((by) => by.replace(/, run \S+$/, '')))].join(', ')
}

/** What can be done: commands to copy, or words. */
export function acts(all: readonly Act[]): Html {
  return html`${all.map((it, at) => html`${at > 0 && ' '}${'command' in it ? html`<code class="cmd">${it.command}</code>` : html`<span>${it.words}</span>`}`)}`
}

/** One column of a table. */
export interface Column<T> {
  readonly name: string
  /** The cell that names the row. */
  readonly head?: true
  /** Never broken into lines. */
  readonly short?: true
  readonly cell: (row: T) => Content
}

/** Rows that have something in common, which is said once above them. */
export interface Group<T> {
  readonly title?: Content
  readonly rows: readonly T[]
}

/** A table that becomes a list of labelled lines where it is narrow; roles keep it a table for screen readers. */
export function table<T>(
  caption: Content,
  columns: readonly Column<T>[],
  groups: readonly Group<T>[],
  attributes?: (row: T) => Content,
): Html {
  return html`<table class="flow" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(({ name, short }) => html`<th scope="col" role="columnheader"${short && html` class="short"`}>${name}</th>`)}</tr></thead>
${groups.map(
  ({ title, rows }) =>
    html`<tbody role="rowgroup">${
      title !== undefined &&
      html`<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${columns.length}">${title}</th></tr>
`
    }${rows.map(
      (row) => html`<tr role="row"${attributes?.(row)}>${columns.map((column) => cellOf(column, row))}</tr>
`,
    )}</tbody>`,
)}</table>`
}

function cellOf<T>({ name, head, short, cell }: Column<T>, row: T): Html {
  return head
    ? html`<th scope="row" role="rowheader" data-l="${name}">${cell(row)}</th>`
    : html`<td role="cell" data-l="${name}"${short && html` class="short"`}>${cell(row)}</td>`
}
