import type { StoreRole } from '../settings.ts'

/** What a team's store is to be: where it is, and who is let in. */
export interface StoreDesign {
  readonly bucket: string
  /** Folder in the bucket; empty: the whole of it. */
  readonly prefix: string
  readonly region: string
  /** `acme/infra`, written as GitHub writes it: subjects are compared letter by letter. */
  readonly repository: string
  /** Numbers of owner and repository, for immutable subjects. */
  readonly ids: { readonly owner: number; readonly repository: number } | undefined
  /** Environments whose instances are applied: `dev`, `prod`. */
  readonly environments: readonly string[]
  /** ARN of GitHub's OIDC provider in the account. */
  readonly provider: string
  /** ARN of the account whose people may read. */
  readonly account: string
}

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string>>
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** An IAM policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface IamPolicy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

/** A role that jobs take: what it may do, and who may take it. */
export interface RoleDesign {
  readonly role: StoreRole
  readonly name: string
  readonly description: string
  readonly trust: IamPolicy
  readonly policy: IamPolicy
}

const issuer = 'token.actions.githubusercontent.com'

/**
 * The four roles of a store. `plan` runs code of a pull request, so it only creates, and only what carries its tag. Documents are
 * written by compare-and-swap alone, whatever the code does. Nobody may delete a version, so that nothing is gone for good.
 */
export function roleDesigns(design: StoreDesign): readonly RoleDesign[] {
  const records = statements(design)
  const list: Statement = {
    Sid: 'List',
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: records.bucket,
  }
  const fold = [
    list,
    records.read('ReadRecords', [
      'documents/*',
      'documents.json',
      'pulls/*',
      'baseline.json',
      'runs/*',
      'events/*',
      'inbox/*',
      'models/*',
      'answers/*',
    ]),
    ...records.rewrite('Documents', ['documents/*', 'documents.json', 'pulls/*', 'baseline.json', 'runs/*']),
    records.create('CreateEvents', ['events/*', 'models/*']),
    ...records.rewrite('Answers', ['answers/*']),
    ...['document', 'event', 'model', 'answer'].map((it) => records.tag(it)),
    records.remove('EmptyInbox', ['inbox/*']),
  ]
  return [
    {
      role: 'plan',
      name: 'airlock-plan',
      description: 'Plans: creates sealed plans and inbox objects, and can neither read nor change anything',
      trust: trustOf(design, ['airlock-plan']),
      policy: policyOf([
        records.create('Create', ['plans/*', 'models/*', 'inbox/*']),
        ...['plan', 'model', 'inbox'].map((it) => records.tag(it)),
      ]),
    },
    {
      role: 'fold',
      name: 'airlock-fold',
      description: 'Folds what plans left into the records, and reports; cannot read sealed plans',
      trust: trustOf(design, ['airlock-fold', 'airlock-drift']),
      policy: policyOf(fold),
    },
    {
      role: 'apply',
      name: 'airlock-apply',
      description: 'Applies: also reads sealed plans, and keeps states that a backend did not take',
      trust: trustOf(
        design,
        design.environments.map((it) => `${it}-apply`),
      ),
      policy: policyOf([
        ...fold,
        records.read('ReadPlans', ['plans/*', 'errored/*']),
        records.create('CreatePlans', ['plans/*', 'inbox/*', 'errored/*']),
        ...['plan', 'inbox', 'errored'].map((it) => records.tag(it)),
      ]),
    },
    {
      role: 'read',
      name: 'airlock-read',
      description: 'Reads the records, for the dashboard and for people; no sealed plans',
      trust: readersOf(design),
      policy: policyOf([
        list,
        records.read('ReadRecords', [
          'documents/*',
          'documents.json',
          'pulls/*',
          'baseline.json',
          'events/*',
          'models/*',
        ]),
      ]),
    },
  ]
}

/** What the bucket itself refuses, whoever asks: requests without TLS. */
export function bucketPolicy({ bucket, region }: Pick<StoreDesign, 'bucket' | 'region'>): IamPolicy {
  const arn = `arn:${partition(region)}:s3:::${bucket}`
  return policyOf([
    {
      Sid: 'AirlockTlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ])
}

/** Which part of AWS a region belongs to, as ARNs name it. */
export function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Subjects of jobs in environments: by name, and with the numbers that GitHub puts into subjects of newer repositories. */
export function subjectsOf({ repository, ids }: StoreDesign, environments: readonly string[]): string[] {
  const [owner, name] = repository.split('/')
  const names = [repository, ...(ids ? [`${owner}@${ids.owner}/${name}@${ids.repository}`] : [])]
  return environments.flatMap((environment) => names.map((it) => `repo:${it}:environment:${environment}`))
}

function trustOf(design: StoreDesign, environments: readonly string[]): IamPolicy {
  return policyOf([
    {
      Sid: 'Jobs',
      Effect: 'Allow',
      Principal: { Federated: design.provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        // Never by a pattern: an environment that a workflow names springs into being, and nobody protects it.
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subjectsOf(design, environments) },
      },
    },
  ])
}

function readersOf(design: StoreDesign): IamPolicy {
  const people: Statement = {
    Sid: 'People',
    Effect: 'Allow',
    Principal: { AWS: design.account },
    Action: 'sts:AssumeRole',
  }
  return policyOf([...trustOf(design, ['airlock-read']).Statement, people])
}

function policyOf(Statement: readonly Statement[]): IamPolicy {
  return { Version: '2012-10-17', Statement }
}

/** Makers of statements about objects of the store. */
function statements({ bucket, prefix, region }: StoreDesign) {
  const arn = `arn:${partition(region)}:s3:::${bucket}`
  const objects = (paths: readonly string[]) => paths.map((it) => `${arn}/${prefix === '' ? '' : `${prefix}/`}${it}`)
  const folders: Readonly<Record<string, readonly string[]>> = {
    plan: ['plans/*'],
    model: ['models/*'],
    inbox: ['inbox/*'],
    event: ['events/*'],
    errored: ['errored/*'],
    answer: ['answers/*'],
    document: ['documents/*', 'documents.json', 'pulls/*', 'baseline.json', 'runs/*'],
  }
  const create = (Sid: string, paths: readonly string[]): Statement => ({
    Sid,
    Effect: 'Allow',
    Action: 's3:PutObject',
    Resource: objects(paths),
    Condition: { Null: { 's3:if-none-match': 'false' } },
  })
  return {
    bucket: arn,
    read: (Sid: string, paths: readonly string[]): Statement => ({
      Sid,
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: objects(paths),
    }),
    create,
    rewrite: (what: string, paths: readonly string[]): Statement[] => [
      create(`Create${what}`, paths),
      {
        Sid: `Rewrite${what}`,
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: objects(paths),
        Condition: { Null: { 's3:if-match': 'false' } },
      },
    ],
    remove: (Sid: string, paths: readonly string[]): Statement => ({
      Sid,
      Effect: 'Allow',
      Action: 's3:DeleteObject',
      Resource: objects(paths),
    }),
    tag: (kind: string): Statement => ({
      Sid: `Tag${kind[0]!.toUpperCase()}${kind.slice(1)}`,
      Effect: 'Allow',
      Action: 's3:PutObjectTagging',
      Resource: objects(folders[kind]!),
      Condition: {
        StringEquals: { 's3:RequestObjectTag/airlock': kind },
        'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': ['airlock'] },
      },
    }),
  }
}
