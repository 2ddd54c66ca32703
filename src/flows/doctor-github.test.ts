import { expect, test } from 'vitest'
import { type MemoryFiles, memoryRepo } from '../git/drivers/memory.ts'
import { type MemoryGitHub, memoryGitHub } from '../github/drivers/memory.ts'
import { workflowFile } from '../installation/workflow.ts'
import { lookAtGitHub, type OpenedGitHub } from './doctor-github.ts'

const commit = 'a'.repeat(40)
const path = '.github/workflows/airlock.yml'
const actions = { repository: 'acme/airlock', commit, version: '0.1.0' }
const text = workflowFile({ kind: 'full', actions, branch: 'main', runsOn: ['ubuntu-latest'] })
const base: MemoryFiles = {
  'atmos.yaml': `components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}"}
`,
  'components/terraform/vpc/main.tf': '',
  'stacks/prod.yaml':
    'vars: {stage: prod}\nsettings: {airlock: {approval: environment}}\ncomponents: {terraform: {vpc: {}}}\n',
  CODEOWNERS: '* @acme/sre\n',
}

async function look(files: MemoryFiles, opened: OpenedGitHub | MemoryGitHub, at = commit): Promise<string[]> {
  const repo = memoryRepo({ config: { 'remote.origin.url': 'git@github.com:acme/infra.git' } })
  repo.commit({ ...base, ...files })
  const findings = await lookAtGitHub(
    {
      ambient: () => ({ cwd: '', env: {}, gitRoot: '' }),
      github: async () => ('kind' in opened ? opened : { kind: 'open', github: opened }),
      installed: async () => ({ version: '0.1.0', repository: 'acme/airlock', commit: at }),
    },
    repo,
  )
  return findings.map(({ name, state, found }) => `${state} ${name}: ${found}`)
}

/** GitHub as `airlock init --apply` and the next steps leave it. */
function installed(): MemoryGitHub {
  const github = memoryGitHub()
  const onBranch = { reviewers: [], preventsSelfReview: false, branches: ['main'] }
  for (const environment of [
    { ...onBranch, name: 'airlock-plan', branches: undefined },
    { ...onBranch, name: 'airlock-fold', branches: undefined },
    { ...onBranch, name: 'airlock-drift' },
    { ...onBranch, name: 'prod', reviewers: ['@acme/sre'] },
    { ...onBranch, name: 'prod-apply' },
  ])
    github.has.environments.set(environment.name, environment)
  github.has.secrets.set('', ['AIRLOCK_READS_KEY'])
  github.has.secrets.set('prod-apply', ['AIRLOCK_AGE_IDENTITY'])
  github.has.rules.set('main', {
    requiredChecks: [{ context: 'airlock/gate' }],
    requiredReviews: 1,
    codeOwnerReview: true,
    dismissesStaleReviews: false,
    mergeQueue: true,
  })
  return github
}

test('a repository that has all is told so', async () => {
  expect(await look({ [path]: text }, installed())).toEqual([
    `ok workflow: ${path} is as airlock init writes it, with acme/airlock@aaaaaaa, v0.1.0`,
    'ok github: acme/infra, private, of an organisation',
    'ok github branch: main, the default branch',
    'ok github token: workflows that do not say what they need may only read',
    'ok environments: airlock-plan, airlock-fold, airlock-drift, prod, prod-apply',
    'ok reviewers: of prod',
    'ok secrets: AIRLOCK_AGE_IDENTITY of prod-apply',
    'ok secrets: AIRLOCK_READS_KEY',
    'ok merge rules: airlock/gate is required on main, with a merge queue',
  ])
})

test('a repository in which nothing was done is told each thing', async () => {
  const bad = (await look({}, memoryGitHub())).filter((line) => !line.startsWith('ok'))
  expect(bad).toEqual([
    `missing workflow: ${path} is not there`,
    expect.stringMatching(
      /^wrong environments: airlock-plan is missing; .*prod-apply is missing: GitHub would make it/,
    ),
    'wrong reviewers: approval is environment, and nobody reviews prod: no plan of it can be approved',
    'wrong secrets: AIRLOCK_AGE_IDENTITY is missing in prod-apply: nothing sealed can be opened there',
    'wrong secrets: AIRLOCK_READS_KEY is missing',
    'wrong merge rules: airlock/gate is not required on main: what it says holds nothing back',
    'missing merge rules: CODEOWNERS is there, but their review is not required',
  ])
})

test('what is open to the wrong runs is named: environments, and a key where code of pull requests can read it', async () => {
  const github = installed()
  github.has.environments.set('prod-apply', {
    name: 'prod-apply',
    reviewers: [],
    preventsSelfReview: false,
    branches: undefined,
  })
  github.has.environments.set('airlock-plan', {
    name: 'airlock-plan',
    reviewers: [],
    preventsSelfReview: false,
    branches: ['main'],
  })
  github.has.secrets.set('', ['AIRLOCK_READS_KEY', 'AIRLOCK_AGE_IDENTITY'])
  const bad = (await look({ [path]: text }, github)).filter((line) => !line.startsWith('ok'))
  expect(bad).toEqual([
    'wrong environments: airlock-plan is closed to pull requests: allow any branch; prod-apply is open to every branch: allow main only',
    'wrong secrets: AIRLOCK_AGE_IDENTITY is a secret of the repository: jobs that run code of pull requests can read it',
  ])
})

test('a file of an older copy, and one that somebody changed for the worse, are told', async () => {
  expect((await look({ [path]: text }, installed(), 'b'.repeat(40)))[0]).toBe(
    `missing workflow: ${path} uses acme/airlock@aaaaaaa, v0.1.0; this copy is bbbbbbb, v0.1.0`,
  )
  const changed = text.replace('  merge_group:\n    types: [checks_requested]\n', '')
  expect((await look({ [path]: changed }, installed()))[0]).toBe(
    `wrong workflow: ${path} was changed: is not run by merge_group (checks_requested)`,
  )
  const steps = text.replace('      - name: Plan\n', '      - uses: ./.github/actions/login\n      - name: Plan\n')
  expect((await look({ [path]: steps }, installed()))[0]).toBe(
    `ok workflow: ${path} was changed since airlock init wrote it; nothing is missing`,
  )
})

test('without a token it says what it did not look at; without GitHub it says nothing', async () => {
  const closed = { kind: 'closed', why: 'no-token', message: 'there is no token', fix: 'gh auth login' } as const
  expect((await look({ [path]: text }, closed)).at(-1)).toBe('missing github: not looked at: there is no token')
  expect(await look({}, { ...closed, why: 'no-remote' })).toEqual([])
})

test('a file to try asks for no environments, secrets or rules', async () => {
  const trying = workflowFile({ kind: 'try', actions, branch: 'main', runsOn: ['ubuntu-latest'] })
  expect((await look({ [path]: trying }, memoryGitHub())).filter((line) => !line.startsWith('ok'))).toEqual([])
})
