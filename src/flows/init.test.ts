import { expect, test } from 'vitest'
import { type MemoryFiles, memoryRepo } from '../git/drivers/memory.ts'
import { memoryGitHub } from '../github/drivers/memory.ts'
import { workflowFile } from '../installation/workflow.ts'
import { type InitRequest, type InitWorld, prepareInit, writeInit } from './init.ts'
import { applyGovernance, prepareGovernance } from './installation.ts'

const commit = '4c1d2e9'.padEnd(40, '0')
const path = '.github/workflows/airlock.yml'
const atmos = `components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}"}
`
const stack = (stage: string, settings = '') => `vars: {stage: ${stage}}
${settings}components: {terraform: {vpc: {}}}
`
const base: MemoryFiles = {
  'atmos.yaml': atmos,
  'components/terraform/vpc/main.tf': '',
  'stacks/dev.yaml': stack('dev'),
  'stacks/prod.yaml': stack('prod', 'settings: {airlock: {approval: environment}}\n'),
}

function lab(files: MemoryFiles = {}, installed: Partial<InitWorld['installed']> = {}) {
  const repo = memoryRepo({ config: { 'remote.origin.url': 'git@github.com:acme/infra.git' } })
  let present: MemoryFiles = { ...base, ...files }
  repo.commit(present)
  const put = (changes: Record<string, string | undefined>) => {
    present = Object.fromEntries(
      Object.entries({ ...present, ...changes }).filter((it): it is [string, string] => it[1] !== undefined),
    )
    repo.write(present)
  }
  const world: InitWorld = {
    repo,
    ambient: { cwd: '', env: {}, gitRoot: '' },
    files: { write: async (at, text) => put({ [at]: text }), remove: async (at) => put({ [at]: undefined }) },
    installed: { version: '0.1.0', repository: 'acme/airlock', commit, ...installed },
  }
  return {
    world,
    put,
    files: () => present,
    prepare: (request: Partial<InitRequest> = {}) => prepareInit(world, { kind: 'full', ...request }),
  }
}

test('a repository without a workflow gets one that uses the actions at the commit of the copy that runs', async () => {
  const { prepare, world, files } = lab()
  const { edits, estate } = await prepare()
  expect(edits.map(({ kind, path: at }) => [kind, at])).toEqual([['write', path]])
  await writeInit(world, edits)
  expect(files()[path]).toContain(`uses: acme/airlock/actions/plan@${commit} # v0.1.0`)
  expect(estate).toMatchObject({ branch: 'main', environments: ['dev', 'prod'], approving: ['prod'] })
  expect(estate.url).toBe('https://github.com/acme/infra')
  expect((await prepare()).edits.map(({ kind }) => kind)).toEqual(['same'])
})

test('settings say the branch, the runners and the name of the file', async () => {
  const { prepare } = lab({
    'atmos.yaml': `${atmos}integrations: {airlock: {branch: trunk, github: {runs_on: [self-hosted, x64], workflow: cd.yml}}}\n`,
  })
  const [edit] = (await prepare()).edits
  expect(edit).toMatchObject({
    path: '.github/workflows/cd.yml',
    after: expect.stringMatching(/branches: \[trunk\][\s\S]*runs-on: \[self-hosted, x64\][\s\S]*ref: trunk/),
  })
})

test('a file to try becomes the whole one; one that somebody changed is left alone, whatever is asked', async () => {
  const { prepare, world, files, put } = lab()
  await writeInit(world, (await prepare({ kind: 'try' })).edits)
  expect(files()[path]).not.toContain('apply-1')
  const { edits } = await prepare()
  expect(edits[0]).toMatchObject({ kind: 'write', after: expect.stringContaining('apply-1') })
  put({ [path]: `${files()[path]}# ours\n` })
  const blocked = (await prepare()).edits
  expect(blocked[0]).toMatchObject({ kind: 'blocked', why: 'changed' })
  await writeInit(world, blocked)
  expect(files()[path]).toMatch(/# ours\n$/)
})

test("somebody else's file of the same name is left alone", async () => {
  const { prepare } = lab({ [path]: 'name: landing\n' })
  expect((await prepare()).edits[0]).toMatchObject({ kind: 'blocked', why: 'foreign' })
})

test('a copy that does not know its commit takes that of the file, or asks', async () => {
  const unknown = { repository: undefined, commit: undefined }
  await expect(lab({}, unknown).prepare()).rejects.toMatchObject({ code: 'actions-unknown', exit: 2 })
  const actions = { repository: 'acme/airlock', commit, version: '0.0.9' }
  const text = workflowFile({ kind: 'full', actions, branch: 'main', runsOn: ['ubuntu-latest'] })
  expect((await lab({ [path]: text }, unknown).prepare()).edits[0]).toMatchObject({ kind: 'same' })
  const asked = await lab({}, unknown).prepare({ actions: 'ann/airlock', ref: 'a'.repeat(40) })
  expect(asked.edits[0]).toMatchObject({ after: expect.stringContaining(`ann/airlock/actions/plan@${'a'.repeat(40)}`) })
})

test("Cloud Posse's workflows go, those that do more stay, and each of their settings is accounted for", async () => {
  const plan =
    'jobs:\n  plan:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: cloudposse/github-action-atmos-terraform-plan@v4\n'
  const gitops = `integrations:
  github:
    gitops:
      terraform-version: 1.5.2
      artifact-storage: {region: us-east-2, bucket: plans}
      role: {plan: 'arn:aws:iam::1:role/plan', apply: 'arn:aws:iam::1:role/apply'}
      matrix: {group-by: '.stack_slug'}
      surprise: yes-please
`
  const { prepare } = lab({
    'atmos.yaml': atmos + gitops,
    '.github/workflows/atmos-terraform-plan.yaml': plan,
    '.github/workflows/atmos-dispatch.yaml': 'jobs:\n  all:\n    uses: ./.github/workflows/atmos-terraform-plan.yaml\n',
    '.github/workflows/release.yaml': `${plan}      - run: make release\n`,
    '.github/workflows/test.yaml': 'jobs:\n  test:\n    steps:\n      - run: make test\n',
  })
  const { edits, staying, counterparts, estate } = await prepare({ from: 'cloudposse' })
  expect(edits.map(({ kind, path: at }) => `${kind} ${at}`)).toEqual([
    `write ${path}`,
    'remove .github/workflows/atmos-dispatch.yaml',
    'remove .github/workflows/atmos-terraform-plan.yaml',
  ])
  expect(staying.map(({ path: at, besides }) => [at, besides])).toEqual([
    ['.github/workflows/release.yaml', ['1 command of its own']],
  ])
  expect(estate.settings.auth).toEqual({ plan: 'arn:aws:iam::1:role/plan', apply: 'arn:aws:iam::1:role/apply' })
  expect(counterparts.filter(({ kept }) => kept).map(({ setting }) => setting)).toEqual([
    'artifact-storage.region',
    'role.plan',
    'role.apply',
  ])
  expect(counterparts.find(({ setting }) => setting === 'surprise')?.becomes).toBe('not known to Airlock, and not used')
})

test('an organisation that hosts its copy gets a file that calls it, with triggers and nothing else', async () => {
  const shared = `acme/airlock/.github/workflows/airlock.yml@${commit}`
  const [edit] = (await lab().prepare({ shared })).edits
  expect(edit).toMatchObject({ after: expect.stringContaining(`uses: ${shared}`) })
  expect(edit).toMatchObject({ after: expect.not.stringContaining('steps:') })
})

test('GitHub gets the environments and the gate; what is stricter already is kept, and a second time nothing changes', async () => {
  const github = memoryGitHub()
  github.has.facts = { ...github.has.facts, admin: true, private: false }
  github.has.environments.set('prod', {
    name: 'prod',
    reviewers: ['bob'],
    preventsSelfReview: true,
    branches: ['main'],
  })
  github.has.rules.set('main', {
    requiredChecks: [{ context: 'ci' }],
    requiredReviews: 2,
    codeOwnerReview: false,
    dismissesStaleReviews: true,
    mergeQueue: false,
  })
  const { estate } = await lab({ CODEOWNERS: '* @acme/sre\n' }).prepare()
  const edits = await prepareGovernance({ github }, estate, {})
  expect(edits.map((edit) => (edit.kind === 'ruleset' ? 'ruleset' : edit.name))).toEqual([
    'airlock-plan',
    'airlock-fold',
    'airlock-drift',
    'dev-apply',
    'prod-apply',
    'ruleset',
  ])
  await applyGovernance({ github }, edits)
  expect(github.has.environments.get('prod-apply')?.branches).toEqual(['main'])
  expect(github.has.environments.get('airlock-plan')?.branches).toBeUndefined()
  expect(github.has.rules.get('main')).toEqual({
    requiredChecks: [{ context: 'ci' }, { context: 'airlock/gate' }],
    requiredReviews: 2,
    codeOwnerReview: true,
    dismissesStaleReviews: true,
    mergeQueue: false,
  })
  expect(await prepareGovernance({ github }, estate, {})).toEqual([])
})

test('what the plan of the owner has not is told, and keeps nothing else', async () => {
  const github = memoryGitHub({ plan: 'team' })
  github.has.facts = { ...github.has.facts, admin: true }
  const { estate } = await lab().prepare()
  const results = await applyGovernance(
    { github },
    await prepareGovernance({ github }, estate, { prod: ['@acme/sre'] }),
  )
  expect(results.filter(({ refused }) => refused !== undefined)).toMatchObject([{ edit: { name: 'prod' } }])
  expect(github.has.environments.has('prod-apply')).toBe(true)
  expect(github.has.rules.get('main')?.requiredChecks).toEqual([{ context: 'airlock/gate' }])
})
