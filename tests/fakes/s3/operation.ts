import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Refusal } from './refusal.ts'
import { contents, text } from './xml.ts'

/** A request whose signature was checked, taken apart. */
export interface Ask {
  readonly method: string
  readonly bucket: string
  /** Empty: the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Sub-resources of a bucket that are kept as they were sent, with the code that S3 answers where there is none. */
export const settings: Readonly<Record<string, { readonly action: string; readonly missing: string }>> = {
  versioning: { action: 'BucketVersioning', missing: '' },
  policy: { action: 'BucketPolicy', missing: 'NoSuchBucketPolicy' },
  lifecycle: { action: 'LifecycleConfiguration', missing: 'NoSuchLifecycleConfiguration' },
  publicAccessBlock: { action: 'BucketPublicAccessBlock', missing: 'NoSuchPublicAccessBlockConfiguration' },
  encryption: { action: 'EncryptionConfiguration', missing: 'ServerSideEncryptionConfigurationNotFoundError' },
  ownershipControls: { action: 'BucketOwnershipControls', missing: 'OwnershipControlsNotFoundError' },
  tagging: { action: 'BucketTagging', missing: 'NoSuchTagSet' },
}

/** The sub-resource of a bucket that a request is about. */
export function settingOf({ query, key }: Pick<Ask, 'query' | 'key'>): string | undefined {
  return key === '' ? Object.keys(settings).find((name) => query.has(name)) : undefined
}

/** IAM actions that a request needs, each with the resource: all of them must be allowed. */
export function needed(ask: Ask): { readonly action: string; readonly resource: string }[] {
  const bucket = `arn:aws:s3:::${ask.bucket}`
  if (ask.key === '') return [{ action: bucketAction(ask), resource: bucket }]
  const on = (...actions: string[]) => actions.map((it) => ({ action: `s3:${it}`, resource: `${bucket}/${ask.key}` }))
  const version = ask.query.has('versionId') ? 'Version' : ''
  if (ask.query.has('tagging')) {
    const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[ask.method]
    return on(`${verb}Object${version}Tagging`)
  }
  if (ask.query.has('uploads') || ask.query.has('uploadId'))
    return on(ask.method === 'DELETE' ? 'AbortMultipartUpload' : 'PutObject')
  switch (ask.method) {
    case 'GET':
    case 'HEAD':
      return on(`GetObject${version}`)
    case 'PUT':
      return on(
        'PutObject',
        ...(ask.headers['x-amz-tagging'] === undefined ? [] : ['PutObjectTagging']),
        ...(ask.headers['if-match'] === undefined ? [] : ['GetObject']),
      )
    case 'DELETE':
      return on(
        `DeleteObject${version}`,
        ...(ask.headers['if-match'] === undefined || ask.headers['if-match'] === '*' ? [] : ['GetObject']),
      )
    default:
      throw new Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.')
  }
}

function bucketAction(ask: Ask): string {
  const setting = settingOf(ask)
  if (setting !== undefined) {
    const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[ask.method] ?? ''
    // What removes a setting is a right to put it, but for the policy.
    return `s3:${verb === 'Delete' && setting !== 'policy' ? 'Put' : verb}${settings[setting]!.action}`
  }
  if (ask.query.has('versions')) return 's3:ListBucketVersions'
  if (ask.query.has('location')) return 's3:GetBucketLocation'
  if (ask.query.has('delete')) return 's3:ListBucket' // each object asks for its own right
  return { PUT: 's3:CreateBucket', DELETE: 's3:DeleteBucket' }[ask.method] ?? 's3:ListBucket'
}

/** Condition keys of a request. */
export function context(
  ask: Ask,
  secure: boolean,
  existing: Readonly<Record<string, string>>,
): Record<string, string | string[] | undefined> {
  const tags = ask.query.has('tagging') && ask.method === 'PUT' ? tagSet(decoded(ask.body)) : headerTags(ask.headers)
  const header = (name: string) => ask.headers[name]
  return {
    'aws:SecureTransport': String(secure),
    's3:if-none-match': header('if-none-match'),
    's3:if-match': header('if-match'),
    's3:x-amz-server-side-encryption': header('x-amz-server-side-encryption'),
    ...(ask.key === '' && {
      's3:prefix': ask.query.get('prefix') ?? undefined,
      's3:delimiter': ask.query.get('delimiter') ?? undefined,
      's3:max-keys': ask.query.get('max-keys') ?? undefined,
    }),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value])),
    ...(Object.keys(tags).length > 0 && { 's3:RequestObjectTagKeys': Object.keys(tags) }),
    ...Object.fromEntries(Object.entries(existing).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value])),
  }
}

/** Tags of the `x-amz-tagging` header. */
export function headerTags(headers: Ask['headers']): Record<string, string> {
  const tags = Object.fromEntries(new URLSearchParams(headers['x-amz-tagging'] ?? ''))
  if (Object.keys(tags).length > 10) throw new Refusal(400, 'BadRequest', 'Object tags cannot be greater than 10')
  return tags
}

/** Tags of a `Tagging` document. */
export function tagSet(xml: string): Record<string, string> {
  return Object.fromEntries(contents(xml, 'Tag').map((it) => [text(it, 'Key') ?? '', text(it, 'Value') ?? '']))
}

/** Refuses a body that is not what its checksum headers say. */
export function mustBeIntact({ headers, body }: Pick<Ask, 'headers' | 'body'>): void {
  const bad = (name: string) =>
    new Refusal(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`)
  const md5 = headers['content-md5']
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) throw bad('Content-MD5')
  const sha = headers['x-amz-checksum-sha256']
  if (sha !== undefined && createHash('sha256').update(body).digest('base64') !== sha) throw bad('SHA256')
  const crc = headers['x-amz-checksum-crc32']
  if (crc === undefined) return
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  if (bytes.toString('base64') !== crc) throw bad('CRC32')
}

/** Bytes as text. */
export function decoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
