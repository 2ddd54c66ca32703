import type { EarlierApproval } from '../flows/earlier-approval.ts'
import { shortDigest } from '../plan/digest.ts'
import { differenceLines } from '../plan/render/differences.ts'
import type { TerminalOptions } from '../plan/render/terminal.ts'
import { ago } from '../time.ts'

/** How a plan that waits differs from what was approved of the same instance before. */
export function beforeLines(
  { plan, approval, differences }: EarlierApproval,
  nowMs: number,
  options: TerminalOptions,
): string[] {
  const from = plan.pullRequest === undefined ? (plan.branch ?? plan.commit.slice(0, 7)) : `#${plan.pullRequest}`
  return [
    `Not what ${approval.by.name} approved ${ago(approval.atMs, nowMs)} (${from}, digest ${shortDigest(plan.digest)}); approved then → now:`,
    ...differenceLines(differences, options),
  ]
}
