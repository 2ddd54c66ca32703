import { when } from './conditions.ts'
import type { Dialect } from './dialect.ts'
import type { JobText } from './job.ts'
import { checkout, secrets, step, upload } from './steps.ts'

const gateGrants = {
  contents: 'read',
  'id-token': 'write',
  'pull-requests': 'write',
  statuses: 'write',
  actions: 'write',
} as const

/** Jobs that answer people and the clock: gate, forks, comments, drift, dashboard. */
export function otherJobs(words: Dialect): readonly JobText[] {
  const onBranch = checkout(words.branch.value)
  return [
    {
      key: 'gate',
      why: ['Judges again where no plan is needed: a review came, a pull request was closed, another run asks for it.'],
      if: when.gate,
      environment: { name: 'airlock-fold' },
      permissions: gateGrants,
      minutes: 15,
      steps: [...onBranch, ...step(words, 'gate', { name: 'Judge again' })],
    },
    {
      key: 'fork',
      why: [
        'Pull requests of forks and of Dependabot. Their code is neither checked out nor run: it is read as Git objects. What',
        'needs no plan turns green; for the rest a maintainer says `/airlock plan`.',
      ],
      if: when.fork,
      environment: { name: 'airlock-fold' },
      permissions: gateGrants,
      minutes: 15,
      steps: [...onBranch, ...step(words, 'gate', { name: 'Judge without running anything' })],
    },
    {
      key: 'command',
      why: ['Answers `/airlock …`; other comments start no runner. What the comment says reaches no shell.'],
      if: when.command,
      environment: { name: 'airlock-fold' },
      permissions: gateGrants,
      minutes: 15,
      steps: [...onBranch, ...step(words, 'command', { name: 'Answer' })],
    },
    {
      key: 'drift',
      why: [
        'Looks, by the clock, whether reality is still as it was applied; one issue for each instance that is not.',
      ],
      if: when.drift,
      environment: { name: 'airlock-drift' },
      permissions: { contents: 'read', 'id-token': 'write', issues: 'write' },
      minutes: 360,
      steps: [
        ...onBranch,
        ...step(words, 'setup', { name: 'Install Terraform' }),
        ...step(words, 'drift', { name: 'Look for drift', env: secrets('AIRLOCK_READS_KEY') }),
      ],
    },
    {
      key: 'dashboard',
      why: ['One static page of all there is, kept as an artifact of the run.'],
      needs: ['drift'],
      if: [
        "!cancelled() && (needs.drift.result == 'success' || needs.drift.result == 'failure'",
        "|| (github.event_name == 'workflow_dispatch' && inputs.task == 'dashboard'))",
      ],
      environment: { name: 'airlock-drift' },
      permissions: { contents: 'read', 'id-token': 'write' },
      minutes: 15,
      steps: [
        ...onBranch,
        ...step(words, 'dashboard', { name: 'Write the page', id: 'dashboard' }),
        ...upload('airlock-dashboard', '${{ steps.dashboard.outputs.path }}'),
      ],
    },
  ]
}
