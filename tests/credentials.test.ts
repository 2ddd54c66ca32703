import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IamPolicy, roleDesigns } from '../src/flows/provision-roles.ts'
import type { World } from '../src/flows/world.ts'
import type { StoreRole } from '../src/settings.ts'
import { openJobWorld } from '../src/wire/job.ts'
import type { Policy } from './fakes/s3/policy.ts'
import { type FakeS3, startS3 } from './fakes/s3/s3.ts'
import { type FakeIssuer, startIssuer } from './fakes/sts/issuer.ts'
import { type FakeSts, startSts } from './fakes/sts/sts.ts'
import type { TrustPolicy } from './fakes/sts/trust.ts'

const account = '111122223333'
const name = 'token.actions.githubusercontent.com'
const roleArn = (role: string) => `arn:aws:iam::${account}:role/${role}`
const stateReader = roleArn('network-plan')
const bytes = (text: string) => new TextEncoder().encode(text)

const designs = roleDesigns({
  bucket: 'acme-airlock',
  prefix: '',
  region: 'us-east-1',
  repository: 'acme/infra',
  ids: undefined,
  environments: ['dev', 'prod'],
  provider: `arn:aws:iam::${account}:oidc-provider/${name}`,
  account: `arn:aws:iam::${account}:root`,
})

/** A role that is not the store's: it reads states, for jobs that plan. */
const reader = {
  trust: designs.find(({ role }) => role === 'plan')!.trust,
  policy: {
    Version: '2012-10-17',
    Statement: [{ Sid: 'States', Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::states/*' }],
  } satisfies IamPolicy,
}

describe('a job on GitHub, in a cloud that checks who asks', () => {
  let folder: string
  let issuer: FakeIssuer
  let sts: FakeSts
  let s3: FakeS3

  beforeAll(async () => {
    issuer = await startIssuer()
    const policies = new Map<string, IamPolicy>([
      ...designs.map((it): [string, IamPolicy] => [roleArn(it.name), it.policy]),
      [stateReader, reader.policy],
    ])
    sts = await startSts({
      providers: [{ name, issuer: issuer.url, audiences: ['sts.amazonaws.com'] }],
      roles: [
        ...designs.map((it) => ({ arn: roleArn(it.name), trust: it.trust as TrustPolicy })),
        { arn: stateReader, trust: reader.trust as TrustPolicy },
      ],
    })
    s3 = await startS3({
      buckets: ['acme-airlock', 'states'],
      find(id) {
        const session = sts.credentialsOf(id)
        return session && { ...session, name: session.role, policy: policies.get(session.role) as Policy }
      },
    })
    folder = await mkdtemp(join(tmpdir(), 'airlock-credentials-'))
    await mkdir(join(folder, 'stacks'))
    const roles = designs.map((it) => `        ${it.role}: ${roleArn(it.name)}`).join('\n')
    await writeFile(
      join(folder, 'atmos.yaml'),
      `stacks: {base_path: stacks, name_pattern: "{stage}"}
integrations:
  airlock:
    store:
      url: s3://acme-airlock
      region: us-east-1
      endpoint: ${s3.url}
      roles:
${roles}
`,
    )
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' })
    git('init', '-b', 'main')
    git('add', '.')
    git('-c', 'user.name=Ann', '-c', 'user.email=ann@acme.test', 'commit', '-m', 'Begin')
  })
  afterAll(async () => {
    await Promise.all([issuer.close(), sts.close(), s3.close(), rm(folder, { recursive: true })])
  })

  /** The world of a job of an environment; without one, of a run on a branch. */
  const job = (role: StoreRole, environment: string | undefined): Promise<World> => {
    const { requestUrl, requestToken } = issuer.job(
      environment === undefined ? 'repo:acme/infra:ref:refs/heads/main' : `repo:acme/infra:environment:${environment}`,
    )
    return openJobWorld({
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GITHUB_ACTIONS: 'true',
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
        AWS_ENDPOINT_URL_STS: sts.url,
      },
      signal: new AbortController().signal,
      run: { id: 4411, attempt: 1, name: '4411', url: 'https://github.com/acme/infra/actions/runs/4411', actor: 'ann' },
      repository: { owner: 'acme', name: 'infra' },
      serverUrl: 'https://github.com',
      apiUrl: 'https://api.github.com',
      token: '',
      temp: folder,
      mask: () => {},
      role,
      runsTerraform: role === 'plan' || role === 'apply',
    })
  }

  test('that plans may only create, in the name of its run', async () => {
    const { store, machine } = await job('plan', 'airlock-plan')
    expect(await store.put('inbox/4411/one.json', bytes('{}'), { kind: 'absent' })).toMatchObject({ kind: 'written' })
    await expect(store.put('documents/one.json', bytes('{}'), { kind: 'absent' })).rejects.toThrow(/documents/)
    expect(sts.sessions.at(-1)).toMatchObject({ role: roleArn('airlock-plan'), sessionName: 'airlock-4411' })
    expect(machine.self).toEqual({ host: 'github:acme/infra', pid: 4411, started: 'attempt 1' })
  })

  test('that folds writes documents; the store is no place for a job of another environment, or of a branch', async () => {
    const { store } = await job('fold', 'airlock-fold')
    expect(await store.put('documents/two.json', bytes('{}'), { kind: 'absent' })).toMatchObject({ kind: 'written' })
    for (const environment of ['airlock-plan', 'prod', undefined])
      await expect((await job('fold', environment)).store.get('documents/two.json')).rejects.toMatchObject({
        code: 'role-refused',
      })
  })

  test('that applies is one of an environment for applies', async () => {
    const { store, acts } = await job('apply', 'prod-apply')
    expect(acts).toBe('apply')
    expect(await store.get('documents/nothing.json')).toBeUndefined()
    await expect((await job('apply', 'prod')).store.get('documents/two.json')).rejects.toMatchObject({
      code: 'role-refused',
    })
  })

  test('reads a state with the role that is asked for, and with no other keys', async () => {
    const state = {
      version: 4,
      lineage: 'one',
      serial: 3,
      outputs: { size: { value: 7, type: 'number' } },
      resources: [],
    }
    const owner = s3.credentials('owner')
    const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
    const client = new S3Client({ endpoint: s3.url, region: 'us-east-1', credentials: owner, forcePathStyle: true })
    await client.send(new PutObjectCommand({ Bucket: 'states', Key: 'vpc', Body: JSON.stringify(state) }))
    client.destroy()
    const { states } = await job('plan', 'airlock-plan')
    const backend = { bucket: 'states', key: 'vpc', region: 'us-east-1', endpoint: s3.url, use_path_style: true }
    const ref = { backendType: 's3', backend, workspace: 'default', folder: '/vpc' }
    expect(await states.read({ ...ref, role: stateReader })).toMatchObject({ id: { lineage: 'one', serial: 3 } })
    await expect(states.read({ ...ref, role: roleArn('airlock-plan') })).rejects.toMatchObject({
      code: 'state-unreadable',
    })
    await expect(states.read({ ...ref, role: roleArn('airlock-fold') })).rejects.toMatchObject({ code: 'role-refused' })
  })
})
