import type { Dialect } from './dialect.ts'
import type { JobText } from './job.ts'
import { reportGrants } from './plan-jobs.ts'
import { checkout, secrets, step } from './steps.ts'

/** Jobs from a merge to the ledger: approvals, up to three waves, and what is said after them. */
export function applyJobs(words: Dialect): readonly JobText[] {
  return [approve(words), ...[1, 2, 3].map((wave) => apply(words, wave)), after(words)]
}

function approve(words: Dialect): JobText {
  return {
    key: 'approve',
    why: [
      'Asks the reviewers of an environment, where approval is `environment`; a waiting job has no runner. It checks nothing',
      'itself: the run that it starts reads from GitHub who approved this one.',
    ],
    name: 'approve · ${{ matrix.environment }}',
    needs: ['report'],
    // Most often all was planned before the merge, and what is behind a skipped job is skipped unless it says otherwise.
    if: ["!cancelled() && needs.report.outputs.approve != '' && needs.report.outputs.approve != '[]'"],
    matrix: 'needs.report.outputs.approve',
    environment: { name: '${{ matrix.environment }}', deploys: true },
    permissions: { contents: 'read', actions: 'write' },
    minutes: 10,
    steps: [
      ...checkout(words.branch.value),
      ...step(words, 'approve', {
        name: 'Go on after the approval',
        inputs: { environment: '${{ matrix.environment }}' },
      }),
    ],
  }
}

function apply(words: Dialect, wave: number): JobText {
  const output = `needs.report.outputs.wave${wave}`
  const inputs = { component: '${{ matrix.component }}', environment: '${{ matrix.environment }}' }
  return {
    key: `apply-${wave}`,
    why:
      wave === 1
        ? [
            'Applies what was approved, wave by wave; more than three waves go on in a run of their own. Only runs of the protected',
            'branch may use these environments. The apply is a process of its own, which the last step waits for even when the run',
            'is cancelled.',
          ]
        : [],
    name: '${{ matrix.name }}',
    needs: wave === 1 ? ['report'] : ['report', `apply-${wave - 1}`],
    // What failed stops only what depends on it: the action looks at that, so that the rest can go on.
    if: [`!cancelled() && ${output} != '' && ${output} != '[]'`],
    matrix: output,
    environment: { name: '${{ matrix.environment }}-apply' },
    permissions: {
      contents: 'read',
      'id-token': 'write',
      'pull-requests': 'read',
      actions: 'read',
      deployments: 'write',
    },
    minutes: 360,
    steps: [
      ...checkout(words.branch.value),
      ...step(words, 'setup', { name: 'Install Terraform', inputs }),
      ...step(words, 'apply', {
        name: 'Apply',
        inputs,
        env: secrets('AIRLOCK_AGE_IDENTITY', 'AIRLOCK_READS_KEY'),
      }),
      ...step(words, 'apply', {
        name: 'Wait for an apply that still runs',
        always: true,
        inputs: { ...inputs, phase: 'wait' },
        env: secrets('AIRLOCK_AGE_IDENTITY', 'AIRLOCK_READS_KEY'),
      }),
    ],
  }
}

function after(words: Dialect): JobText {
  return {
    key: 'after',
    why: [
      'Tells what came of it: gates of open pull requests, comments of merged ones; and starts what can go on now.',
    ],
    needs: ['report', 'apply-1', 'apply-2', 'apply-3'],
    if: ["!cancelled() && needs.report.outputs.wave1 != '' && needs.report.outputs.wave1 != '[]'"],
    environment: { name: 'airlock-fold' },
    permissions: reportGrants,
    minutes: 60,
    steps: [
      ...checkout(words.branch.value),
      ...step(words, 'fold', { name: 'Take in what was applied' }),
      ...step(words, 'report', { name: 'Report', inputs: { after: '"true"' } }),
    ],
  }
}
