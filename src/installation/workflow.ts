import { applyJobs } from './apply-jobs.ts'
import { concurrencyGroup, crons } from './conditions.ts'
import { type ActionsSource, type Dialect, localDialect, scalar, sharedDialect } from './dialect.ts'
import { type JobText, jobLines, union } from './job.ts'
import { marked } from './mark.ts'
import { otherJobs } from './other-jobs.ts'
import { planJobs } from './plan-jobs.ts'

/** `try`: plans and comments only, with no store and no secrets. */
export type WorkflowKind = 'full' | 'try'

/** What a repository's workflow file depends on. */
export interface WorkflowRequest {
  readonly kind: WorkflowKind
  readonly actions: ActionsSource
  /** The protected branch. */
  readonly branch: string
  /** Labels of the runners. */
  readonly runsOn: readonly string[]
}

/** The workflow file of a repository, with the mark that later tells whether somebody changed it. */
export function workflowFile({ kind, actions, branch, runsOn }: WorkflowRequest): string {
  const words = localDialect(actions, { branch, runsOn })
  const body = [
    ...(kind === 'try' ? tryIntroduction : introduction),
    'name: airlock',
    ...(kind === 'try' ? tryTriggers : triggers(words)),
    '',
    '# Each job names what it needs; nothing is granted to all.',
    'permissions: {}',
    ...concurrency,
    ...jobsText(allJobs(words, kind), words),
  ]
  return marked(body.join('\n'), { kind, version: actions.version })
}

/** Every job of a repository's own file. */
export function allJobs(words: Dialect, kind: WorkflowKind): readonly JobText[] {
  return kind === 'try' ? planJobs(words, kind) : [...planJobs(words, kind), ...applyJobs(words), ...otherJobs(words)]
}

/**
 * The file that many repositories of an organisation call. `source` undefined: its actions are those of the commit that it
 * lies in, which GitHub Enterprise Server does not know.
 */
export function sharedWorkflowFile(source: ActionsSource | undefined): string {
  const words = sharedDialect(source)
  const body = [
    '# For organisations that host a copy of Airlock: repositories call this file instead of having the jobs themselves.',
    '# How, and what that is good for: docs/reusable-workflows.md. Written by scripts/workflows.ts; do not edit.',
    'name: airlock',
    'on:',
    '  workflow_call:',
    '    inputs:',
    ...sharedInputs.flatMap(({ name, description, value }) => [
      `      ${name}:`,
      `        description: ${JSON.stringify(description)}`,
      '        type: string',
      `        default: ${value}`,
    ]),
    '',
    'permissions: {}',
    ...jobsText(allJobs(words, 'full'), words),
  ]
  return `${body.join('\n')}\n`
}

/** The file of a repository that calls its organisation's copy: triggers here, jobs there. */
export function callerFile({
  shared,
  branch,
  runsOn,
  version,
}: {
  /** `acme/airlock/.github/workflows/airlock.yml@<commit>` */
  readonly shared: string
  readonly branch: string
  readonly runsOn: readonly string[]
  readonly version: string
}): string {
  const words = localDialect({ repository: '', commit: '', version }, { branch, runsOn })
  const grants = union(allJobs(words, 'full'))
  const body = [
    ...introduction,
    'name: airlock',
    ...triggers(words),
    '',
    'permissions: {}',
    ...concurrency,
    '',
    'jobs:',
    '  airlock:',
    `    uses: ${shared}`,
    '    # The most that any of the jobs has; each job takes less.',
    '    permissions:',
    ...Object.entries(grants).map(([scope, grant]) => `      ${scope}: ${grant}`),
    '    secrets: inherit',
    '    with:',
    `      runs-on: '${JSON.stringify(runsOn).replaceAll("'", "''")}'`,
    `      branch: ${words.branch.value}`,
    ...['task', 'pr', 'head_sha', 'approval_run', 'environment'].map((name) => `      ${name}: \${{ inputs.${name} }}`),
  ]
  return marked(body.join('\n'), { kind: 'shared', version })
}

const introduction = [
  '# Airlock: plans what a pull request changes, says what will happen, and applies what was approved after the merge.',
  '# How it works: docs/github.md in the repository of the actions below. Environments, secrets and the ruleset that it',
  '# counts on: `airlock doctor`.',
]

const tryIntroduction = [
  '# Airlock, to try: plans what a pull request changes and says in one comment what will happen. Nothing is stored, nothing is',
  '# applied, and there is no secret but the role that plans. All of it, later: `airlock init`.',
]

const dispatchInputs = [
  ['pr', 'Number of the pull request to plan or to judge'],
  ['head_sha', 'Its head; refused when it has moved'],
  ['approval_run', 'The run in which an environment was approved'],
  ['environment', 'The environment that was approved'],
] as const

function triggers({ branch }: Dialect): string[] {
  return [
    'on:',
    '  pull_request:',
    '    types: [opened, synchronize, reopened, edited, ready_for_review, closed]',
    '  # For forks and Dependabot, whose code is neither checked out nor run.',
    '  pull_request_target:',
    '    types: [opened, synchronize, reopened, edited, closed]',
    '  pull_request_review:',
    '    types: [submitted, dismissed]',
    '  merge_group:',
    '    types: [checks_requested]',
    '  push:',
    `    branches: [${branch.value}]`,
    '  issue_comment:',
    '    types: [created]',
    '  schedule:',
    '    # What is in flight on the protected branch: some merges make no push event.',
    `    - cron: '${crons.sweep}'`,
    '    # Drift.',
    `    - cron: '${crons.drift}'`,
    '  workflow_dispatch:',
    '    inputs:',
    '      task:',
    '        description: What to do',
    '        type: choice',
    '        options: [sweep, plan, apply, gate, drift, dashboard]',
    '        default: sweep',
    ...dispatchInputs.flatMap(([name, description]) => [
      `      ${name}:`,
      `        description: ${scalar(description)}`,
      '        type: string',
    ]),
  ]
}

const tryTriggers = ['on:', '  pull_request:', '    types: [opened, synchronize, reopened, edited, ready_for_review]']

const concurrency = [
  '',
  '# A belt only: claims keep runs apart. A push cancels the planning of the push before it; all else is in a group of its own.',
  'concurrency:',
  `  group: ${concurrencyGroup}`,
  '  cancel-in-progress: true',
]

const sharedInputs = [
  { name: 'runs-on', description: 'Labels of the runners, a JSON list', value: `'["ubuntu-latest"]'` },
  { name: 'branch', description: 'The protected branch', value: 'main' },
  { name: 'task', description: 'Of a dispatch: what to do', value: '""' },
  ...dispatchInputs.map(([name, description]) => ({ name, description, value: '""' })),
]

function jobsText(jobs: readonly JobText[], { runsOn }: Dialect): string[] {
  return ['', 'jobs:', ...jobs.flatMap((job, index) => [...(index > 0 ? [''] : []), ...jobLines(job, runsOn)])]
}
