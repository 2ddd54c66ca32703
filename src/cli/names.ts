import type { CommitInfo } from '../git/repo.ts'
import { pullRequestIn } from '../records/merged-number.ts'

/** A commit of the protected branch as people speak of it: `the merge of #41`, or its short id and subject. */
export function mergeName({ id, subject }: CommitInfo): string {
  const number = pullRequestIn(subject)
  return number === undefined ? `${id.slice(0, 7)} "${subject}"` : `the merge of #${number}`
}
