import { roleDesigns, type StoreDesign, subjectsOf } from '../../src/flows/provision-roles.ts'
import type { StoreRole } from '../../src/settings.ts'
import type { Policy } from '../fakes/s3/policy.ts'
import type { FakeS3 } from '../fakes/s3/s3.ts'
import type { FakeSession, FakeSts } from '../fakes/sts/sts.ts'
import type { TrustPolicy } from '../fakes/sts/trust.ts'

/** An IAM role: who may take it, and what it may then do. */
export interface TeamRole {
  readonly arn: string
  readonly trust: TrustPolicy
  readonly policy: Policy
}

/** Roles of a team's account: the four of the store, as `airlock store provision` prints them, and two for what Terraform does. */
export interface TeamRoles {
  readonly store: Readonly<Record<StoreRole, TeamRole>>
  /** `settings.airlock.auth`: reads the states; and writes them, from environments that apply alone. */
  readonly cloud: Readonly<Record<'plan' | 'apply', TeamRole>>
}

const account = '111122223333'

/** GitHub's identity provider, by the name that trust policies call it. */
export const providerName = 'token.actions.githubusercontent.com'

/** The roles of a team whose instances belong to these environments. */
export function teamRoles(repository: string, environments: readonly string[]): TeamRoles {
  const design: StoreDesign = {
    bucket: 'airlock',
    prefix: 'infra',
    region: 'us-east-1',
    repository,
    ids: undefined,
    environments,
    provider: `arn:aws:iam::${account}:oidc-provider/${providerName}`,
    account: `arn:aws:iam::${account}:root`,
  }
  const store = Object.fromEntries(
    roleDesigns(design).map(({ role, name, trust, policy }) => [
      role,
      { arn: arnOf(name), trust: trust as TrustPolicy, policy: policy as Policy },
    ]),
  )
  return {
    store: store as TeamRoles['store'],
    cloud: {
      plan: { arn: arnOf('terraform-plan'), trust: trustOf(design, ['airlock-plan', 'airlock-drift']), policy: looks },
      apply: {
        arn: arnOf('terraform-apply'),
        trust: trustOf(
          design,
          environments.map((it) => `${it}-apply`),
        ),
        policy: changes,
      },
    },
  }
}

/** All of them. */
export function allRoles({ store, cloud }: TeamRoles): TeamRole[] {
  return [...Object.values(store), ...Object.values(cloud)]
}

/** Lets sessions that the STS gave use the S3, each for what its role may do. */
export function keysOfRoles(sts: Pick<FakeSts, 'credentialsOf'>, roles: readonly TeamRole[]) {
  const policies = new Map(roles.map(({ arn, policy }) => [arn, policy]))
  return (accessKeyId: string) => {
    const session = sts.credentialsOf(accessKeyId)
    return session === undefined ? undefined : callerOf(session, policies.get(session.role))
  }
}

function callerOf(session: FakeSession, policy: Policy | undefined): ReturnType<FakeS3['credentials']> | undefined {
  if (policy === undefined) return undefined
  const { role, accessKeyId, secretAccessKey, sessionToken, expiresMs } = session
  return { name: role.split('/').at(-1)!, accessKeyId, secretAccessKey, sessionToken, expiresMs, policy }
}

function arnOf(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`
}

function trustOf(design: StoreDesign, environments: readonly string[]): TrustPolicy {
  return {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: design.provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${providerName}:aud`]: 'sts.amazonaws.com',
            [`${providerName}:sub`]: subjectsOf(design, environments),
          },
        },
      },
    ],
  }
}

const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::states' } as const

/** A plan reads states under Terraform's lock, and writes the empty state that a workspace begins with: Terraform does that itself. */
const looks: Policy = {
  Statement: [
    list,
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::states/*' },
    { Effect: 'Allow', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::states/*.tflock' },
  ],
}

const changes: Policy = {
  Statement: [
    list,
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: 'arn:aws:s3:::states/*',
    },
  ],
}
