import { subjectCommit, when } from './conditions.ts'
import type { Dialect } from './dialect.ts'
import type { JobText } from './job.ts'
import { checkout, download, secrets, step, upload } from './steps.ts'

const jobsFolder = '${{ runner.temp }}/airlock'
const localStore = '${{ runner.temp }}/airlock/store'
/** What of a store tells what planning came to. */
const told = ['inbox', 'models'].map((folder) => `${localStore}/${folder}`)
const pullHead = '${{ github.event.pull_request.head.sha }}'

/** Jobs from a change to its plans: affected, and the matrix that plans. `kind` as of the file. */
export function planJobs(words: Dialect, kind: 'full' | 'try'): readonly JobText[] {
  const trying = kind === 'try'
  const commit = trying ? pullHead : subjectCommit
  return [
    {
      key: 'affected',
      why: [
        'Which instances a change touches. No Terraform runs here; the list of what to plan is a file, not an output.',
      ],
      if: trying ? when.tryAffected : when.affected,
      // It reads the records, to find what is in flight, and runs no code of anybody.
      ...(!trying && { environment: { name: 'airlock-fold' } }),
      permissions: { contents: 'read', ...(!trying && { 'id-token': 'write' }), 'pull-requests': 'read' },
      minutes: 30,
      outputs: { plan: '${{ steps.affected.outputs.plan }}' },
      steps: [
        ...checkout(commit),
        ...step(words, 'affected', { name: 'Find what is affected', id: 'affected' }),
        ...upload('airlock-jobs', `${jobsFolder}/jobs.json`),
      ],
    },
    {
      key: 'plan',
      why: [
        'A job is a component; its groups and summary sections are environments. A plan runs code of the pull request, so this',
        'job may read the repository and take the role of airlock-plan, and nothing else.',
      ],
      name: '${{ matrix.name }}',
      needs: ['affected'],
      if: ["needs.affected.outputs.plan != '[]'"],
      matrix: 'needs.affected.outputs.plan',
      environment: { name: 'airlock-plan' },
      permissions: { contents: 'read', 'id-token': 'write' },
      minutes: 120,
      steps: [
        ...checkout(commit),
        ...download({ name: 'airlock-jobs' }, jobsFolder),
        ...step(words, 'setup', { name: 'Install Terraform', inputs: { job: '${{ matrix.job }}' } }),
        ...step(words, 'plan', {
          name: 'Plan',
          inputs: { job: '${{ matrix.job }}' },
          ...(!trying && { env: secrets('AIRLOCK_READS_KEY') }),
        }),
        // What the comment is made of; plans are of no use without the key, which ends with this job.
        ...(trying ? upload('airlock-plan-${{ matrix.job }}', told, { evenAfterFailure: true }) : []),
      ],
    },
    trying ? tryReport(words) : report(words),
  ]
}

function tryReport(words: Dialect): JobText {
  return {
    key: 'report',
    why: ['The one comment. It runs no Terraform: the only job that may write to the pull request.'],
    needs: ['affected', 'plan'],
    if: ["!cancelled() && needs.affected.result == 'success'"],
    permissions: { contents: 'read', 'pull-requests': 'write', statuses: 'write' },
    minutes: 30,
    steps: [
      ...checkout(pullHead),
      ...download({ pattern: 'airlock-plan-*', 'merge-multiple': 'true' }, localStore),
      ...step(words, 'fold', { name: 'Take in the plans' }),
      ...step(words, 'report', { name: 'Report', id: 'report' }),
    ],
  }
}

/** What the jobs that fold and report may do: they run no Terraform and are the only writers of records and comments. */
export const reportGrants = {
  contents: 'read',
  'id-token': 'write',
  'pull-requests': 'write',
  statuses: 'write',
  checks: 'write',
  deployments: 'write',
  actions: 'write',
} as const

function report(words: Dialect): JobText {
  const { operand } = words.branch
  const queued = "(github.event_name == 'merge_group' && github.sha)"
  const output = (name: string) => [name, `\${{ steps.report.outputs.${name} }}`] as const
  return {
    key: 'report',
    why: [
      'Takes what the plan jobs left into the records, then the one comment, the gate and the summary. On the protected branch',
      'it also says what is to be approved and applied. It runs no Terraform: the only writer of records.',
    ],
    needs: ['affected', 'plan'],
    if: ["!cancelled() && needs.affected.result == 'success'"],
    environment: { name: 'airlock-fold' },
    permissions: reportGrants,
    minutes: 60,
    outputs: Object.fromEntries(['approve', 'wave1', 'wave2', 'wave3'].map(output)),
    steps: [
      ...checkout(`\${{ inputs.head_sha || github.event.pull_request.head.sha || ${queued} || ${operand} }}`),
      ...step(words, 'fold', { name: 'Take in the plans' }),
      ...step(words, 'report', { name: 'Report', id: 'report' }),
    ],
  }
}
