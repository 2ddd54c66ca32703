import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { UserError } from '../../error.ts'
import { localLock } from '../state-lock.ts'
import type { StateRef, States, StateTexts } from '../states.ts'
import { statesOf, text } from './states.ts'

type Env = Readonly<Record<string, string | undefined>>

interface S3StatesOptions {
  /** Whose keys are used: `AWS_ACCESS_KEY_ID` and its like; without them the SDK looks where it always does. */
  readonly env: Env
  /** Environment variables with the keys of a role that a state names. */
  readonly keysOf?: ((role: string) => Promise<Env>) | undefined
}

/**
 * Reads states of the `s3` backend where Terraform writes them
 * (https://developer.hashicorp.com/terraform/language/backend/s3). The SDK is loaded at the first read.
 */
export function s3States({ env, keysOf }: S3StatesOptions): States & StateTexts {
  const clients = new Map<string, Promise<S3Client>>()
  const clientOf = ({ backend, role }: StateRef) => {
    const place = [backend.region, endpointOf(backend), isPathStyle(backend), backend.profile, roleOf(backend)]
    const name = JSON.stringify([...place, role])
    const asRole = role === undefined || keysOf === undefined ? undefined : async () => lasting(await keysOf(role))
    const found = clients.get(name) ?? open(backend, env, asRole)
    clients.set(name, found)
    return found
  }
  /** What an object holds; empty where there is none. */
  async function textOf(ref: StateRef, { bucket, key }: { readonly bucket: string; readonly key: string }) {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3')
    const secret = text(ref.backend.sse_customer_key)
    const encrypted = secret && { SSECustomerAlgorithm: 'AES256', SSECustomerKey: secret }
    try {
      const client = await clientOf(ref)
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...encrypted }))
      return (await answer.Body?.transformToString()) ?? ''
    } catch (cause) {
      if (cause instanceof UserError) throw cause
      if (cause instanceof Error && cause.name === 'NoSuchKey') return ''
      throw unreadable(`s3://${bucket}/${key}`, cause)
    }
  }
  return {
    ...statesOf(async (ref) => {
      const { bucket, key } = s3StateObject(ref)
      return { content: await textOf(ref, { bucket, key }), path: `s3://${bucket}/${key}` }
    }),
    async lock(ref) {
      if (!isTrue(ref.backend.use_lockfile)) return undefined
      const { bucket, key } = s3StateObject(ref)
      return localLock(await textOf(ref, { bucket, key: `${key}.tflock` }))
    },
  }
}

/** The object of a state: in a named workspace its key lies below `workspace_key_prefix`, and `env:` where that is not set. */
export function s3StateObject({ backend, workspace, folder }: StateRef): {
  readonly bucket: string
  readonly key: string
} {
  const [bucket, key] = [text(backend.bucket), text(backend.key)]
  if (bucket === undefined || key === undefined)
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} lies in an "s3" backend whose ${bucket === undefined ? 'bucket' : 'key'} is not in the stacks`,
      fix: 'write bucket and key into the backend section of the stacks, so that the state can be read',
    })
  if (workspace === 'default' || workspace === '') return { bucket, key }
  return { bucket, key: `${text(backend.workspace_key_prefix) ?? 'env:'}/${workspace}/${key}` }
}

/** Keys of a role, to be asked for again in a while: whoever hands them out knows when they end. */
function lasting(env: Env) {
  const keys = keysIn(env)
  if (keys === undefined) throw new Error('no keys came for a role')
  return { ...keys, expiration: new Date(Date.now() + 10 * 60_000) }
}

async function open(backend: StateRef['backend'], env: Env, asRole: S3ClientConfig['credentials']): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  const endpoint = endpointOf(backend)
  const profile = text(backend.profile)
  const region = text(backend.region) ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  const own = asRole ?? keysOf(backend, env)
  const config: S3ClientConfig = {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(isPathStyle(backend) && { forcePathStyle: true }),
    ...(profile !== undefined && { profile }),
    ...(own && { credentials: own }),
  }
  const role = roleOf(backend)
  if (role === undefined) return new S3Client(config)
  return new S3Client({ ...config, credentials: assuming(role, config, endpointsOf(backend).sts) })
}

interface Role {
  readonly arn: string
  readonly session: string | undefined
  readonly externalId: string | undefined
}

/** Keys of a role that the backend names, taken with those at hand. */
function assuming({ arn, session, externalId }: Role, base: S3ClientConfig, endpoint: unknown) {
  return async () => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
    const { region, credentials, profile } = base
    const at = text(endpoint)
    const client = new STSClient({
      ...(region !== undefined && { region }),
      ...(credentials !== undefined && { credentials }),
      ...(profile !== undefined && { profile }),
      ...(at !== undefined && { endpoint: at }),
    })
    const input = { RoleArn: arn, RoleSessionName: session ?? 'airlock', ...(externalId && { ExternalId: externalId }) }
    const { Credentials: keys } = await client.send(new AssumeRoleCommand(input))
    if (!keys?.AccessKeyId || !keys.SecretAccessKey) throw new Error(`no keys came for the role ${arn}`)
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      ...(keys.SessionToken && { sessionToken: keys.SessionToken }),
      ...(keys.Expiration && { expiration: keys.Expiration }),
    }
  }
}

function keysOf(backend: StateRef['backend'], env: Env) {
  const [id, secret] = [text(backend.access_key), text(backend.secret_key)]
  if (id !== undefined && secret !== undefined)
    return {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(text(backend.token) && { sessionToken: text(backend.token)! }),
    }
  return text(backend.profile) === undefined ? keysIn(env) : undefined
}

function keysIn({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }: Env) {
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  }
}

function roleOf(backend: StateRef['backend']): Role | undefined {
  const nested = mapOf(backend.assume_role)
  const arn = text(nested.role_arn) ?? text(backend.role_arn)
  if (arn === undefined) return undefined
  return {
    arn,
    session: text(nested.session_name) ?? text(backend.session_name),
    externalId: text(nested.external_id) ?? text(backend.external_id),
  }
}

function endpointsOf(backend: StateRef['backend']): Readonly<Record<string, unknown>> {
  return mapOf(backend.endpoints)
}

function endpointOf(backend: StateRef['backend']): string | undefined {
  return text(endpointsOf(backend).s3) ?? text(backend.endpoint)
}

function isPathStyle({ use_path_style, force_path_style }: StateRef['backend']): boolean {
  return [use_path_style, force_path_style].some(isTrue)
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null ? (one as Readonly<Record<string, unknown>>) : {}
}

function unreadable(where: string, cause: unknown): UserError {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) }
  const missing = name === 'NoSuchBucket' ? 'there is no such bucket' : undefined
  return new UserError({
    code: 'state-unreadable',
    message: `the state ${where} cannot be read: ${missing ?? `${name === 'Error' ? '' : `${name}: `}${message}`}`,
    fix: 'look at the credentials, the region and the backend section; terraform state pull tells whether Terraform can read it',
    // The SDK's own error holds the whole request, with the session's token: it goes no further.
    cause: new Error(message),
  })
}
