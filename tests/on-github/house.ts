import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { restGitHub } from '../../src/github/drivers/rest.ts'
import { governanceEdits, wantedEnvironments } from '../../src/installation/environments.ts'
import { workflowFile } from '../../src/installation/workflow.ts'
import { keepingTags } from '../../src/records/keeping.ts'
import { s3Store } from '../../src/store/drivers/s3.ts'
import { hostProvider, writeMirror } from '../../src/testkit/mirror.ts'
import { newStoreKeys } from '../../src/wire/store.ts'
import { type FakeGitHub, startGitHub } from '../fakes/github/github.ts'
import type { FakeJob, FakeRun } from '../fakes/github/hub.ts'
import { type Runner, startRunner } from '../fakes/runner/runner.ts'
import { type FakeS3, startS3 } from '../fakes/s3/s3.ts'
import { type FakeSts, startSts } from '../fakes/sts/sts.ts'
import { adopted } from './adopted.ts'
import { allRoles, keysOfRoles, providerName, type TeamRoles, teamRoles } from './roles.ts'

/** Files by path from the repository's root. */
export type Files = Readonly<Record<string, string>>

/** A team's repository on a GitHub of our own: real Git, real Terraform, records and states in an S3, workflows run on this machine. */
export interface House {
  readonly repository: string
  readonly github: FakeGitHub
  readonly runner: Runner
  readonly s3: FakeS3
  /** Gives jobs the keys of roles; machines have none of their own. */
  readonly sts: FakeSts
  readonly roles: TeamRoles
  /** The folder that is the cloud. */
  readonly cloud: string
  /** Waits until nothing runs; what waits for people does not count. */
  idle(): Promise<void>
  /** Starts the workflow as a person does in the browser, and waits: `dispatch({ task: 'sweep' })`. */
  dispatch(inputs: Readonly<Record<string, string>>, by?: string): Promise<void>
  /** A branch with one commit of these files, and its pull request. */
  open(branch: string, files: Readonly<Record<string, string | null>>, title?: string): Promise<number>
  /** A file of the default branch. */
  file(path: string): Promise<string>
  /** The one comment of Airlock on a pull request. @throws when there is none, or a second */
  comment(number: number): string
  /** The gate on a commit, as it was set last. */
  gate(commit: string): Promise<{ readonly state: string; readonly description: string } | undefined>
  /** The runs of an event, oldest first. */
  runsOf(event: string): readonly FakeRun[]
  /** What a run came to, a line a job: `plan vpc: success`. */
  told(run: FakeRun | undefined): string[]
  /** What a person has in the environment who may do everything: keys of S3 and of the records, and Terraform's settings. */
  readonly laptop: Readonly<Record<string, string>>
  /** Time passes, for GitHub, STS and S3 alike: leases end, limits start again. */
  later(ms: number): void
  /** All that failed, with the end of its log: for people who look at a failed test. */
  failures(): string
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How a house begins. */
export interface HouseOptions {
  /** `quickstart`: 18 instances in 6 stacks; `small` (default): vpc, and cluster which reads it, in plat-ue1-dev and plat-ue2-dev. */
  readonly estate?: 'quickstart' | 'small'
  /** `settings.airlock.approval` of all stacks; default: as it is without the setting, by review. */
  readonly approval?: string
  /** Who approves for an environment: `{ dev: ['ann'] }`. */
  readonly reviewers?: Readonly<Record<string, readonly string[]>>
  /** Whether merging demands a green gate, as `airlock init --apply` sets it. */
  readonly protects?: boolean
  /** Whether the first commit counts as applied, though no Terraform ran: nothing is in flight. */
  readonly adopts?: boolean
  /** Files of the first commit besides, or instead. */
  readonly files?: (files: Record<string, string>) => void
  /** `try`: the workflow that `airlock init --try` writes, no store and no secrets. */
  readonly workflow?: 'full' | 'try'
  /** What machines have in their environment besides. */
  readonly env?: Readonly<Record<string, string>>
}

/** Makes it, with one first commit of which nothing was ever applied, and does nothing yet. */
export async function house(options: HouseOptions = {}): Promise<House> {
  const { estate = 'small', approval, reviewers = {}, protects = false, workflow = 'full', env = {} } = options
  const { adopts = false, files: more = () => {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'airlock-on-github-'))
  const cloud = join(folder, 'cloud')
  await mkdir(cloud)
  const mirror = await writeMirror(join(folder, 'terraform'), cloud, process.env)
  const provider = await hostProvider(join(folder, 'terraform'))
  let aheadMs = 0
  const clock = () => Date.now() + aheadMs
  const github = await startGitHub()
  const environments = estate === 'quickstart' ? ['dev', 'prod', 'staging'] : ['dev']
  const roles = teamRoles('acme/infra', environments)
  const sts = await startSts({
    providers: [{ name: providerName, issuer: github.issuerUrl, audiences: ['sts.amazonaws.com'] }],
    roles: allRoles(roles),
    clock,
  })
  const s3 = await startS3({
    buckets: ['airlock', 'states'],
    find: keysOfRoles(sts, allRoles(roles)),
    clock,
  })
  const keys = await newStoreKeys()
  const files: Record<string, string> = {
    ...(await filesOf(estate)),
    'stacks/orgs/plat/_defaults.yaml': defaults(s3.url, roles, approval),
    '.github/workflows/airlock.yml': workflowFile({
      kind: workflow,
      actions: { repository: 'airlock-dev/airlock', commit: 'a'.repeat(40), version: '0.1.0' },
      branch: 'main',
      runsOn: ['ubuntu-latest'],
    }),
  }
  if (workflow === 'full') files['atmos.yaml'] += configuration(s3.url, roles, keys.recipient)
  more(files)
  const repository = await github.createRepository({
    owner: 'acme',
    name: 'infra',
    files,
    collaborators: { ann: 'admin', bob: 'write', eve: 'read' },
  })
  for (const login of ['ann', 'bob', 'eve']) github.user(login)
  if (workflow === 'full') {
    github.setSecret(repository, 'AIRLOCK_READS_KEY', keys.readsKey)
    github.setSecret(repository, 'AIRLOCK_AGE_IDENTITY', keys.identity)
  }
  const runner = await startRunner(github, {
    folder: join(folder, 'runner'),
    actions: { 'airlock-dev/airlock': root },
    parallel: 4,
    settled: () => github.settled(repository),
    env: {
      ...mirror,
      ...provider.env,
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_REGION: s3.region,
      AIRLOCK_GITHUB_PACE_MS: '0',
      ...env,
    },
  })
  await govern(
    github,
    { names: environments, approving: approval === 'environment' ? environments : [], reviewers },
    protects,
  )
  const { accessKeyId, secretAccessKey } = s3.credentials('admin')
  const store = s3Store({
    url: 's3://airlock/infra',
    region: s3.region,
    endpoint: s3.url,
    credentials: async () => ({ accessKeyId, secretAccessKey }),
    tags: keepingTags,
  })
  if (adopts) await adopted(store, github.folder(repository), join(folder, 'clone'))
  const idle = async () => {
    await github.settled(repository)
    await runner.idle()
    await github.settled(repository)
  }
  return {
    repository,
    github,
    runner,
    s3,
    sts,
    roles,
    cloud,
    idle,
    async dispatch(inputs, by = 'ann') {
      const answer = await fetch(`${github.apiUrl}/repos/${repository}/actions/workflows/airlock.yml/dispatches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${github.userToken(by)}` },
        body: JSON.stringify({ ref: 'main', inputs }),
      })
      if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`)
      await idle()
    },
    async open(branch, changes, title = branch) {
      await github.push(repository, { branch, files: changes, by: 'ann', message: title, onto: 'main' })
      return github.openPull(repository, { head: branch, title, by: 'ann' })
    },
    async file(path) {
      const text = await github.file(repository, await github.commit(repository, 'main'), path)
      if (text === undefined) throw new Error(`main has no ${path}`)
      return text
    },
    comment(number) {
      const ours = github.comments(repository, number).filter(({ body }) => body.includes('<!-- airlock'))
      if (ours.length !== 1) throw new Error(`#${number} has ${ours.length} comments of Airlock`)
      return ours[0]!.body
    },
    async gate(commit) {
      const answer = await fetch(`${github.apiUrl}/repos/${repository}/commits/${commit}/statuses`, {
        headers: { authorization: `Bearer ${github.userToken('ann')}` },
      })
      const all = (await answer.json()) as { context: string; state: string; description: string }[]
      return all.find(({ context }) => context === 'airlock/gate')
    },
    runsOf: (event) => runner.runs().filter((run) => run.event === event),
    told: (run) => (run?.jobs ?? []).map(({ key, name, conclusion, status }) => told(key, name, conclusion ?? status)),
    laptop: {
      ...mirror,
      ...provider.env,
      ...env,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: s3.region,
      AIRLOCK_READS_KEY: keys.readsKey,
      AIRLOCK_AGE_IDENTITY: keys.identity,
    },
    later(ms) {
      aheadMs += ms
      github.advance(ms)
    },
    failures: () =>
      runner
        .runs()
        .flatMap((run) => run.jobs.filter(({ conclusion }) => conclusion === 'failure').map((job) => failed(run, job)))
        .concat(runner.problems())
        .join('\n'),
    async close() {
      await runner.close()
      await github.close()
      await s3.close()
      await sts.close()
      await provider.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Environments, and the ruleset where it is wished, as `airlock init --apply` makes them for an admin. */
async function govern(
  github: FakeGitHub,
  needs: Omit<Parameters<typeof wantedEnvironments>[0], 'branch'>,
  protects: boolean,
): Promise<void> {
  const { governance } = restGitHub({
    token: github.userToken('ann'),
    apiUrl: github.apiUrl,
    serverUrl: github.serverUrl,
    repository: { owner: 'acme', name: 'infra' },
    paceMs: 0,
  })
  const wanted = wantedEnvironments({ branch: 'main', ...needs })
  const edits = governanceEdits(
    wanted,
    { branch: 'main', codeowners: false },
    { environments: await governance.environments(), rules: await governance.mergeRules('main') },
  )
  for (const edit of edits)
    if (edit.kind === 'environment') await governance.setEnvironment(edit.becomes)
    else if (protects) await governance.setRuleset(edit.branch, edit.becomes)
  github.calls.length = 0
}

function told(key: string, name: string, end: string): string {
  return `${key === name ? key : `${key} ${name}`}: ${end}`
}

function failed(run: FakeRun, job: FakeJob): string {
  return `--- ${run.event} ${run.id}, ${job.key} ${job.name}\n${job.log.split('\n').slice(-40).join('\n')}`
}

/** What all stacks have in common: state in a bucket, locked by Terraform itself. */
function defaults(url: string, { cloud }: TeamRoles, approval: string | undefined): string {
  return `vars:
  tenant: plat

terraform:
  backend_type: s3
  backend:
    s3:
      bucket: states
      key: terraform.tfstate
      region: us-east-1
      use_path_style: true
      use_lockfile: true
      skip_credentials_validation: true
      skip_requesting_account_id: true
      skip_metadata_api_check: true
      skip_region_validation: true
      endpoints:
        s3: ${url}

settings:
  airlock:
    auth:
      plan: ${cloud.plan.arn}
      apply: ${cloud.apply.arn}
${approval === undefined ? '' : `    approval: ${approval}\n`}`
}

function configuration(url: string, { store }: TeamRoles, recipient: string): string {
  return `
integrations:
  airlock:
    store:
      url: s3://airlock/infra
      region: us-east-1
      endpoint: ${url}
      roles:
        plan: ${store.plan.arn}
        fold: ${store.fold.arn}
        apply: ${store.apply.arn}
        read: ${store.read.arn}
    recipients:
      - ${recipient}
`
}

async function filesOf(estate: 'quickstart' | 'small'): Promise<Record<string, string>> {
  const all = await filesIn(join(root, 'examples/quickstart'))
  if (estate === 'quickstart') return all
  const kept = Object.entries(all).filter(
    ([path]) => !/app\/|workflows\/|stage\/(staging|prod)|plat\/(staging|prod)\//.test(path),
  )
  const withoutApp = (text: string) =>
    text.replace('  - catalog/app/defaults\n', '').replace(/^ {2,4}app:\n(?: {6,}.*\n)*/gm, '')
  return Object.fromEntries(kept.map(([path, text]) => [path, path.endsWith('.yaml') ? withoutApp(text) : text]))
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const),
    ),
  )
}
