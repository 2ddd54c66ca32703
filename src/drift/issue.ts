import { cellCode, code, words } from '../plan/render/escape.ts'
import { said } from '../plan/render/terminal.ts'
import type { DriftClass } from '../records/document.ts'
import { typed } from '../records/words.ts'
import type { Classified } from './classify.ts'
import type { Finding } from './finding.ts'
import { driftWords } from './words.ts'

const mostRows = 30

/** What a drift issue says. The same finding gives the same text, so that nothing is edited without news. */
export interface IssueText {
  readonly title: string
  readonly body: string
}

/** By this line an issue is found again, whatever people make of its title and text. */
export function issueMarker(address: string): string {
  return `<!-- airlock:drift ${address} -->`
}

/** Whether a class calls for a person, and so for an issue: what was merged and what is expected do not. */
export function callsForPerson(it: DriftClass): boolean {
  return it === 'out-of-band' || it === 'external-data'
}

/** The issue of a finding: what differs, since when, and how to act. Never what to apply: that is in the records alone. */
export function issueText({
  id,
  address,
  finding,
  differences,
  applied,
  cleanMs,
  isInFlight,
  owners,
}: Finding): IssueText {
  const where = id.replace(/@([^@]*)$/, ' in $1')
  const expected = `expected (${applied.how} ${day(applied.atMs)} at ${applied.commit.slice(0, 7)})`
  const rows = differences.filter((it) => it.class !== 'provider-noise').flatMap(rowsOf)
  const owner = owners.length > 0 ? ` Owner: ${owners.map(ownerName).join(', ')}.` : ''
  const title = `${where} ${driftWords[finding.class]}`
  return {
    title,
    body: [
      `**${words(title)}.** ${cleanMs === undefined ? 'Never seen clean' : `Last clean ${moment(cleanMs)}`}; first seen ${moment(finding.firstMs)}.`,
      '',
      `| object | attribute | ${expected} | now |`,
      '| --- | --- | --- | --- |',
      ...rows.slice(0, mostRows),
      ...(rows.length > mostRows ? ['', `and ${rows.length - mostRows} more: \`airlock show ${typed(id)}\``] : []),
      '',
      ...(isInFlight
        ? [`A change of it is in flight: apply that, or reject it, before anything is put back.${owner}`]
        : [
            `Nothing is in flight for it. To put it back: ${code(`airlock drift --remediate ${typed(id)}`)}.`,
            `To keep it: change the code so that it asks for what is there.${owner}`,
          ]),
      '',
      issueMarker(address),
      '',
    ].join('\n'),
  }
}

function rowsOf({ object, kind, attributes }: Classified): string[] {
  const row = (attribute: string, expected: string, now: string) =>
    `| ${cellCode(object)} | ${attribute === '' ? '' : cellCode(attribute)} | ${expected} | ${now} |`
  if (kind === 'missing') return [row('', 'there', '⚠ gone')]
  if (kind === 'surplus') return [row('', 'not there', 'there')]
  return attributes.map((it) => row(it.attribute, value(it.expected), value(it.now)))
}

function value(it: Classified['attributes'][number]['now']): string {
  const text = said(it)
  return it === undefined || it.kind === 'unknown' || it.kind === 'sensitive' ? words(text) : cellCode(text)
}

/** A mention is meant here: an owner is told. All else that looks like one is defused. */
function ownerName(owner: string): string {
  return /^@[\w-]+(\/[\w.-]+)?$/.test(owner) ? owner : words(owner)
}

/** With its date, always: the text must not change with the day on which it is read. */
function moment(ms: number): string {
  const iso = new Date(ms).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
