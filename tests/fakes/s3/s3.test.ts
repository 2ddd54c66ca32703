import { createHash, createHmac } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Policy, verdict } from './policy.ts'
import { type Caller, type FakeS3, startS3 } from './s3.ts'

let s3: FakeS3
let nowMs = Date.now()
beforeAll(async () => {
  s3 = await startS3({ buckets: ['b'], clock: () => nowMs })
})
afterAll(() => s3.close())

const clientOf = ({ accessKeyId, secretAccessKey, sessionToken }: Partial<Caller>) =>
  new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: accessKeyId!,
      secretAccessKey: secretAccessKey!,
      ...(sessionToken && { sessionToken }),
    },
  })
const put = (client: S3Client, Key: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'b', Key, Body: Key, ...more }))
const refusal = (name: string, status: number) =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) })

describe('signatures', () => {
  test('of the SDK are taken, whatever characters a key has', async () => {
    const client = clientOf(s3.credentials('root'))
    for (const Key of ['a b', 'ü/(1)!*', "a+b=c&d'e", 'a%20b']) {
      await put(client, Key)
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'b', Key }))
      expect(await Body!.transformToString()).toBe(Key)
    }
  })

  test('with a wrong secret, an unknown key, or another token are refused', async () => {
    const session = s3.credentials('session', undefined, { session: true })
    const other = s3.credentials('other', undefined, { session: true })
    const wrong: [Partial<Caller>, string, number][] = [
      [{ ...session, secretAccessKey: 'x' }, 'SignatureDoesNotMatch', 403],
      [{ ...session, accessKeyId: 'AKIANOBODY' }, 'InvalidAccessKeyId', 403],
      [{ accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey }, 'InvalidAccessKeyId', 403],
      [{ ...session, sessionToken: other.sessionToken! }, 'InvalidToken', 400],
    ]
    for (const [keys, name, status] of wrong)
      await expect(put(clientOf(keys), 'x'), name).rejects.toEqual(refusal(name, status))
    await put(clientOf(session), 'x')
  })

  test('of expired sessions and of clocks that are far off are refused', async () => {
    const client = clientOf(s3.credentials('short', undefined, { session: true, expiresMs: nowMs + 60_000 }))
    await put(client, 'x')
    nowMs += 61_000
    await expect(put(client, 'x')).rejects.toEqual(refusal('ExpiredToken', 400))
    nowMs += 3_600_000
    await expect(put(clientOf(s3.credentials('late')), 'x')).rejects.toEqual(refusal('RequestTimeTooSkewed', 403))
    nowMs -= 3_661_000
  })

  test('cover the body: another one is refused, and one without a signature is none', async () => {
    const url = `${s3.url}/b/x`
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403)
    const client = clientOf(s3.credentials('root'))
    client.middlewareStack.add(
      (next) => (args) => {
        ;(args.request as { body: string }).body = 'other'
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await expect(put(client, 'x', { Body: 'mine!' })).rejects.toEqual(refusal('XAmzContentSHA256Mismatch', 400))
  })

  test('in a URL count until they expire', async () => {
    const caller = s3.credentials('root')
    await put(clientOf(caller), 'shared')
    const link = presigned(caller, '/b/shared', 60)
    expect(await (await fetch(link)).text()).toBe('shared')
    expect((await fetch(link.replace('/b/shared', '/b/other'))).status).toBe(403)
    nowMs += 61_000
    expect((await fetch(link)).status).toBe(403)
    nowMs -= 61_000
  })
})

describe('conditions', () => {
  test('are answered as S3 answers them', async () => {
    const client = clientOf(s3.credentials('root'))
    const { ETag } = await put(client, 'c', { IfNoneMatch: '*' })
    expect(ETag).toBe(`"${createHash('md5').update('c').digest('hex')}"`)
    await expect(put(client, 'c', { IfNoneMatch: '*' })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await expect(put(client, 'c', { IfMatch: '"other"' })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await expect(put(client, 'nothing', { IfMatch: ETag })).rejects.toEqual(refusal('NoSuchKey', 404))
    await put(client, 'c', { IfMatch: ETag })
    const gone = (IfMatch: string) => client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'c', IfMatch }))
    await expect(gone('"other"')).rejects.toEqual(refusal('PreconditionFailed', 412))
    await gone(ETag!)
    await expect(client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'c' }))).rejects.toEqual(
      refusal('NotFound', 404),
    )
  })

  test('a body that is not what its checksum says is refused', async () => {
    const client = clientOf(s3.credentials('root'))
    await expect(put(client, 'd', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toEqual(
      refusal('BadDigest', 400),
    )
    await expect(put(client, 'd', { ChecksumCRC32: 'AAAAAA==' })).rejects.toEqual(refusal('BadDigest', 400))
  })
})

test('versions, delete markers, ranges, tags, pages and parts', async () => {
  const client = clientOf(s3.credentials('root'))
  const at = { Bucket: 'b', Key: 'v/1' }
  await client.send(new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } }))
  const first = await put(client, 'v/1', { Tagging: 'airlock=plan' })
  await put(client, 'v/1', { Body: '0123456789' })
  const part = await client.send(new GetObjectCommand({ ...at, Range: 'bytes=2-4' }))
  expect([part.ContentRange, await part.Body!.transformToString()]).toEqual(['bytes 2-4/10', '234'])
  await client.send(new DeleteObjectCommand(at))
  const all = await client.send(new ListObjectVersionsCommand({ Bucket: 'b', Prefix: 'v/' }))
  expect([all.Versions?.length, all.DeleteMarkers?.length]).toEqual([2, 1])
  const old = await client.send(new GetObjectCommand({ ...at, VersionId: first.VersionId! }))
  expect([old.TagCount, await old.Body!.transformToString()]).toEqual([1, 'v/1'])

  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'v/2', Tagging: 'a=b' }))
  const Parts = []
  for (const [index, Body] of ['one ', 'two'].entries()) {
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket: 'b', Key: 'v/2', UploadId, PartNumber: index + 1, Body }),
    )
    Parts.push({ ETag, PartNumber: index + 1 })
  }
  const done = { Bucket: 'b', Key: 'v/2', UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' }
  expect((await client.send(new CompleteMultipartUploadCommand(done))).ETag).toMatch(/-2"$/)
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: 'b', Key: 'v/2' }))
  expect(TagSet).toEqual([{ Key: 'a', Value: 'b' }])

  for (const Key of ['v/3/a', 'v/3/b', 'v/4']) await put(client, Key)
  const list = async (token?: string) =>
    client.send(
      new ListObjectsV2Command({
        Bucket: 'b',
        Prefix: 'v/',
        Delimiter: '/',
        MaxKeys: 2,
        ...(token && { ContinuationToken: token }),
      }),
    )
  const page = await list()
  const rest = await list(page.NextContinuationToken)
  const names = [page, rest].flatMap(({ Contents = [], CommonPrefixes = [] }) => [
    ...Contents.map(({ Key }) => Key),
    ...CommonPrefixes.map(({ Prefix }) => Prefix),
  ])
  expect([page.IsTruncated, rest.IsTruncated, names]).toEqual([true, false, ['v/2', 'v/3/', 'v/4']])
})

describe('policies', () => {
  const policy: Policy = {
    Statement: [
      { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/open/*' },
      {
        Effect: 'Allow',
        Action: ['s3:PutObject'],
        Resource: '*',
        Condition: { Null: { 's3:if-none-match': 'false' } },
      },
      { Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::b/open/secret' },
    ],
  }
  const of = (action: string, resource: string, context = {}) => verdict(policy, { action, resource, context })

  test('deny before they allow, and are silent about the rest', () => {
    expect(of('s3:GetObject', 'arn:aws:s3:::b/open/x')).toBe('allow')
    expect(of('s3:GetObject', 'arn:aws:s3:::b/open/secret')).toBe('deny')
    expect(of('s3:GetObject', 'arn:aws:s3:::b/other')).toBe('silent')
    expect(of('s3:PutObject', 'arn:aws:s3:::b/x')).toBe('silent')
    expect(of('s3:PutObject', 'arn:aws:s3:::b/x', { 's3:if-none-match': '*' })).toBe('allow')
  })

  test('with what the fake does not know are an error, not a yes', () => {
    const odd = (Condition: Record<string, Record<string, string>>): Policy => ({
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition }],
    })
    const ask = { action: 's3:GetObject', resource: 'x', context: {} }
    expect(() => verdict(odd({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), ask)).toThrow('IpAddress')
  })

  test('hide from whoever may not list that an object is missing', async () => {
    const reader = clientOf(s3.credentials('reader', policy))
    const get = (Key: string) => reader.send(new GetObjectCommand({ Bucket: 'b', Key }))
    await expect(get('open/none')).rejects.toEqual(refusal('AccessDenied', 403))
    await expect(get('other')).rejects.toEqual(refusal('AccessDenied', 403))
  })
})

/** A link that anybody may follow for a while. */
function presigned({ accessKeyId, secretAccessKey }: Caller, path: string, seconds: number): string {
  const date = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(seconds),
    'X-Amz-SignedHeaders': 'host',
  }).toString()
  const canonical = ['GET', path, query, `host:${new URL(s3.url).host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const hash = createHash('sha256').update(canonical).digest('hex')
  const mac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest()
  const key = scope.split('/').reduce<Buffer | string>((it, part) => mac(it, part), `AWS4${secretAccessKey}`)
  const signature = mac(key, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n')).toString('hex')
  return `${s3.url}${path}?${query}&X-Amz-Signature=${signature}`
}
