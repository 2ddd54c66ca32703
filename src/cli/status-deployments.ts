import { type ExitCode, UserError } from '../error.ts'
import { type LedgerDifference, ledgerDifferences } from '../flows/deployments.ts'
import type { Status } from '../flows/status.ts'
import { shortDigest } from '../plan/digest.ts'
import { typed } from '../records/words.ts'
import { ago } from '../time.ts'
import { openGitHub } from '../wire/github.ts'
import type { Terminal } from './command.ts'
import { table } from './style.ts'

/** `airlock status --deployments`: what GitHub's deployments say was applied last, where the records say something else. */
export async function statusDeployments(terminal: Terminal, at: Status, json: boolean): Promise<ExitCode> {
  const opened = await openGitHub(terminal)
  if (opened.kind === 'closed')
    throw new UserError({ code: 'github-unreachable', message: opened.message, fix: opened.fix, exit: 2 })
  const differences = await ledgerDifferences(opened, at)
  terminal.print(json ? JSON.stringify({ differences }, undefined, 2) : differencesText(differences, at.nowMs))
  return differences.length > 0 ? 3 : 0
}

/** A line an instance: what was deployed, and what the records know of it. */
export function differencesText(differences: readonly LedgerDifference[], nowMs: number): string {
  if (differences.length === 0) return 'The records say of everything what the deployments on GitHub say of it.'
  const rows = differences.map(({ id, environment, deployed, recorded }) => [
    typed(id),
    environment,
    `applied ${ago(deployed.atMs, nowMs)} at ${deployed.commit.slice(0, 7)}, digest ${shortDigest(deployed.digest)}`,
    recorded === undefined ? 'the records know of no apply' : `the records: another one, ${ago(recorded.atMs, nowMs)}`,
  ])
  return [
    `Deployments on GitHub say something else than the records of ${differences.length} ${differences.length === 1 ? 'instance' : 'instances'}:`,
    '',
    ...table(rows),
    '',
    'Whoever may write can make a deployment, so nothing is done by them. Were the records lost or set back:',
    'put the store back (its bucket keeps versions), or take the estate over again: airlock adopt --at COMMIT',
    '(exit 3: somebody must look)',
  ].join('\n')
}
