import type { AddressId } from '../records/address.ts'
import type { Finding } from './finding.ts'
import { callsForPerson, type IssueText, issueMarker, issueText } from './issue.ts'

/** A drift issue as it is on GitHub now. */
export interface DriftIssue {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly title: string
  readonly body: string
}

/** What a look at one address came to, as far as issues go. */
export type Look =
  | { readonly kind: 'clean'; readonly address: AddressId }
  | { readonly kind: 'drifted'; readonly address: AddressId; readonly finding: Finding }
  | { readonly kind: 'failed'; readonly address: AddressId }

/** One call to make. */
export type IssueEdit =
  | ({ readonly kind: 'open'; readonly address: AddressId } & IssueText)
  | ({ readonly kind: 'update'; readonly number: number } & IssueText)
  | ({ readonly kind: 'reopen'; readonly number: number } & IssueText)
  | { readonly kind: 'close'; readonly number: number }

/**
 * The fewest edits that make the issues agree with what was found: one issue an address, found by its marker, opened again
 * instead of doubled. A failed look changes nothing; an issue of an address that was not looked at stays.
 */
export function issueEdits(looks: readonly Look[], issues: readonly DriftIssue[]): IssueEdit[] {
  return looks.flatMap((look): IssueEdit[] => {
    if (look.kind === 'failed') return []
    const own = issues.filter(({ body }) => body.includes(issueMarker(look.address)))
    const open = own.filter(({ state }) => state === 'open').sort((a, b) => a.number - b.number)
    const isWanted = look.kind === 'drifted' && callsForPerson(look.finding.finding.class)
    if (!isWanted) return open.map(({ number }) => ({ kind: 'close', number }))
    const text = issueText(look.finding)
    const [first, ...doubles] = open
    const closed = own.filter(({ state }) => state === 'closed').sort((a, b) => b.number - a.number)[0]
    const closing = doubles.map(({ number }): IssueEdit => ({ kind: 'close', number }))
    if (first)
      return [...(isSame(first, text) ? [] : [{ kind: 'update', number: first.number, ...text } as const]), ...closing]
    if (closed) return [{ kind: 'reopen', number: closed.number, ...text }]
    return [{ kind: 'open', address: look.address, ...text }]
  })
}

function isSame({ title, body }: DriftIssue, text: IssueText): boolean {
  return title === text.title && body.trim() === text.body.trim()
}
