import { place } from '../error.ts'
import type { Finding } from '../stacks/validate.ts'

/** One line on what `validate stacks` would say; undefined where it says nothing. */
export function findingsNote(findings: readonly Finding[]): string | undefined {
  const [first] = findings
  if (first === undefined) return undefined
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return `Note: ${count} of airlock validate stacks, the first at ${place(first.at)}: ${first.message}`
}
