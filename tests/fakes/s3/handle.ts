import { createHash, randomBytes } from 'node:crypto'
import { type Bucket, current, emptyBucket, etagOf, mustHold, remove, type Version, write } from './bucket.ts'
import { list, listVersions } from './list.ts'
import { type Ask, decoded, headerTags, mustBeIntact, settingOf, settings, tagSet } from './operation.ts'
import { Refusal } from './refusal.ts'
import { answer, contents, element, leaf, text } from './xml.ts'

/** What is sent back. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** Carries out a request that is allowed. One at a time: that makes conditions atomic. @throws Refusal */
export function handle(buckets: Map<string, Bucket>, ask: Ask, nowMs: number, region: string): Answer {
  const { method, query, key } = ask
  if (key === '' && method === 'PUT' && settingOf(ask) === undefined) return createBucket(buckets, ask, region)
  const bucket = buckets.get(ask.bucket)
  if (bucket === undefined) throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist')
  if (key === '') return ofBucket(buckets, bucket, ask, nowMs)
  if (query.has('tagging')) return tagging(bucket, ask)
  if (query.has('uploads') || query.has('uploadId')) return multipart(bucket, ask, nowMs)
  if (method === 'PUT') return put(bucket, ask, nowMs)
  if (method === 'DELETE') {
    const version = query.get('versionId') ?? undefined
    const ifMatch = ask.headers['if-match']
    const isThere = current(bucket, key) !== undefined
    if (ifMatch === '*' && !isThere) throw new Refusal(412, 'PreconditionFailed', 'There is no such object')
    // An ETag for what is not there is no failure: there is nothing left to delete.
    if (version === undefined && isThere) mustHold(bucket, key, { ifMatch })
    const marker = remove(bucket, key, version, nowMs)
    return { status: 204, headers: marker ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.id } : {} }
  }
  return get(bucket, ask)
}

function createBucket(buckets: Map<string, Bucket>, { bucket, body }: Ask, region: string): Answer {
  if (buckets.has(bucket))
    throw new Refusal(409, 'BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new Refusal(400, 'InvalidBucketName', 'The specified bucket is not valid.')
  const place = text(decoded(body), 'LocationConstraint')
  if (place === 'us-east-1') throw new Refusal(400, 'InvalidLocationConstraint', 'us-east-1 is no location constraint')
  if ((place ?? 'us-east-1') !== region)
    throw new Refusal(
      400,
      'IllegalLocationConstraintException',
      `The ${place ?? 'unspecified'} location constraint is incompatible`,
    )
  buckets.set(bucket, emptyBucket(bucket, region))
  return { status: 200, headers: { location: `/${bucket}` } }
}

function ofBucket(buckets: Map<string, Bucket>, bucket: Bucket, ask: Ask, nowMs: number): Answer {
  const { method, query } = ask
  const setting = settingOf(ask)
  if (setting !== undefined) return ofSetting(bucket, setting, ask)
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } }
  if (method === 'DELETE') {
    if ([...bucket.objects.values()].some((versions) => versions.length > 0))
      throw new Refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty')
    buckets.delete(bucket.name)
    return { status: 204 }
  }
  if (query.has('location'))
    return { status: 200, body: answer('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region) }
  if (query.has('versions')) return { status: 200, body: listVersions(bucket, query) }
  if (method === 'POST' && query.has('delete')) {
    const deleted = contents(decoded(ask.body), 'Object').map((it) => {
      const key = text(it, 'Key') ?? ''
      remove(bucket, key, text(it, 'VersionId'), nowMs)
      return element('Deleted', leaf('Key', key))
    })
    return { status: 200, body: answer('DeleteResult', ...deleted) }
  }
  if (method !== 'GET') throw new Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed')
  return { status: 200, body: list(bucket, query) }
}

function ofSetting(bucket: Bucket, name: string, { method, body }: Ask): Answer {
  const sent = decoded(body)
  switch (method) {
    case 'PUT':
      if (name === 'policy') JSON.parse(sent)
      else if (!sent.includes('<')) throw new Refusal(400, 'MalformedXML', 'The XML you provided was not well-formed')
      bucket.settings.set(name, sent)
      return { status: name === 'policy' ? 204 : 200 }
    case 'DELETE':
      bucket.settings.delete(name)
      return { status: 204 }
    default: {
      const found = bucket.settings.get(name)
      if (found !== undefined) return { status: 200, body: found }
      const { missing } = settings[name]!
      if (missing === '') return { status: 200, body: answer('VersioningConfiguration') }
      throw new Refusal(404, missing, `There is no ${name}`)
    }
  }
}

function get(bucket: Bucket, { key, method, query, headers }: Ask): Answer {
  const id = query.get('versionId')
  const found = id === null ? current(bucket, key) : bucket.objects.get(key)?.find((it) => it.id === id)
  if (found === undefined || found.deleted) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
  if (headers['if-none-match'] === found.etag) return { status: 304, headers: { etag: found.etag } }
  if (headers['if-match'] !== undefined) mustHold(bucket, key, { ifMatch: headers['if-match'] })
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '')
  const size = found.bytes.length
  // The checksum is of the whole, and told to whoever asks for it.
  const isWhole = range === null && headers['x-amz-checksum-mode'] === 'ENABLED'
  const told = Object.entries(describing(found)).filter(([name]) => isWhole || !name.startsWith('x-amz-checksum-'))
  const all = { ...Object.fromEntries(told), 'content-length': String(size) }
  if (range === null) return { status: 200, headers: all, ...(method === 'GET' && { body: found.bytes }) }
  const from = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1])
  const to = range[1] === '' || range[2] === '' ? size - 1 : Math.min(size - 1, Number(range[2]))
  if (from > to) throw new Refusal(416, 'InvalidRange', 'The requested range is not satisfiable')
  const part = found.bytes.subarray(from, to + 1)
  const partHeaders = { ...all, 'content-length': String(part.length), 'content-range': `bytes ${from}-${to}/${size}` }
  return { status: 206, headers: partHeaders, ...(method === 'GET' && { body: part }) }
}

function put(bucket: Bucket, ask: Ask, nowMs: number): Answer {
  const { key, body, headers } = ask
  if (headers['x-amz-copy-source'] !== undefined) throw new Refusal(501, 'NotImplemented', 'The fake copies nothing')
  mustBeIntact(ask)
  mustHold(bucket, key, { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] })
  const version = write(bucket, key, {
    bytes: Uint8Array.from(body),
    etag: etagOf(body),
    modifiedMs: nowMs,
    headers: kept(headers),
    tags: headerTags(headers),
  })
  return { status: 200, headers: written(version) }
}

function tagging(bucket: Bucket, { key, method, body }: Ask): Answer {
  const found = current(bucket, key)
  if (found === undefined) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
  if (method === 'PUT') found.tags = tagSet(decoded(body))
  if (method === 'DELETE') found.tags = {}
  if (method !== 'GET') return { status: method === 'PUT' ? 200 : 204 }
  const tags = Object.entries(found.tags).map(([name, value]) =>
    element('Tag', leaf('Key', name), leaf('Value', value)),
  )
  return { status: 200, body: answer('Tagging', element('TagSet', ...tags)) }
}

function multipart(bucket: Bucket, ask: Ask, nowMs: number): Answer {
  const { method, query, key, headers, body } = ask
  if (method === 'POST' && query.has('uploads')) {
    const id = randomBytes(12).toString('hex')
    bucket.uploads.set(id, { key, headers: kept(headers), tags: headerTags(headers), parts: new Map() })
    const parts = [leaf('Bucket', bucket.name), leaf('Key', key), leaf('UploadId', id)]
    return { status: 200, body: answer('InitiateMultipartUploadResult', ...parts) }
  }
  const id = query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(id)
  if (upload === undefined || upload.key !== key)
    throw new Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.')
  if (method === 'PUT') {
    mustBeIntact(ask)
    const etag = etagOf(body)
    upload.parts.set(Number(query.get('partNumber')), { bytes: Uint8Array.from(body), etag })
    return { status: 200, headers: { etag } }
  }
  if (method === 'DELETE') {
    bucket.uploads.delete(id)
    return { status: 204 }
  }
  const wanted = contents(decoded(body), 'Part').map((it) => ({
    number: Number(text(it, 'PartNumber')),
    etag: text(it, 'ETag')?.replace(/"/g, ''),
  }))
  const parts = wanted.map(({ number, etag }) => {
    const part = upload.parts.get(number)
    if (part === undefined || part.etag.replace(/"/g, '') !== etag)
      throw new Refusal(400, 'InvalidPart', 'One or more of the specified parts could not be found.')
    return part
  })
  mustHold(bucket, key, { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] })
  const digests = parts.map(({ etag }) => Buffer.from(etag.replace(/"/g, ''), 'hex'))
  const version = write(bucket, key, {
    bytes: Uint8Array.from(Buffer.concat(parts.map(({ bytes }) => bytes))),
    etag: `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`,
    modifiedMs: nowMs,
    headers: upload.headers,
    tags: upload.tags,
  })
  bucket.uploads.delete(id)
  const told = [leaf('Bucket', bucket.name), leaf('Key', key), leaf('ETag', version.etag)]
  return { status: 200, headers: written(version), body: answer('CompleteMultipartUploadResult', ...told) }
}

function kept(headers: Ask['headers']): Record<string, string> {
  const names = /^(content-type|content-encoding|cache-control|content-disposition|x-amz-meta-.+|x-amz-checksum-.+)$/
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => names.test(name))
      .map(([name, value]) => [name, value.replace(/^aws-chunked,?/, '')])
      .filter(([, value]) => value !== ''),
  ) as Record<string, string>
}

function describing({ etag, id, headers, modifiedMs, tags }: Version): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...headers,
    etag,
    'last-modified': new Date(modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...(id !== 'null' && { 'x-amz-version-id': id }),
    ...(Object.keys(tags).length > 0 && { 'x-amz-tagging-count': String(Object.keys(tags).length) }),
  }
}

function written({ etag, id }: Version): Record<string, string> {
  return { etag, 'x-amz-server-side-encryption': 'AES256', ...(id !== 'null' && { 'x-amz-version-id': id }) }
}
