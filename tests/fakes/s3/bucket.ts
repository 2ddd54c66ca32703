import { createHash, randomBytes } from 'node:crypto'
import { Refusal } from './refusal.ts'

/** One version of an object; a delete marker has no bytes. */
export interface Version {
  readonly id: string
  readonly deleted: boolean
  readonly bytes: Uint8Array
  readonly etag: string
  readonly modifiedMs: number
  /** Headers that come back with it: content type, encoding, `x-amz-meta-…`, checksums. */
  readonly headers: Readonly<Record<string, string>>
  tags: Readonly<Record<string, string>>
}

interface Upload {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly parts: Map<number, { readonly bytes: Uint8Array; readonly etag: string }>
}

/** A bucket: all versions of its objects, newest first, and its sub-resources as they were sent. */
export interface Bucket {
  readonly name: string
  readonly region: string
  readonly objects: Map<string, Version[]>
  /** `policy`, `lifecycle`, … → body */
  readonly settings: Map<string, string>
  readonly uploads: Map<string, Upload>
}

/** A bucket with nothing in it. */
export function emptyBucket(name: string, region: string): Bucket {
  return { name, region, objects: new Map(), settings: new Map(), uploads: new Map() }
}

/** The object as it is read without a version; undefined where nothing is, or a delete marker is newest. */
export function current({ objects }: Bucket, key: string): Version | undefined {
  const newest = objects.get(key)?.[0]
  return newest?.deleted ? undefined : newest
}

/** Refuses a write or delete whose condition does not hold, with the answers of S3. */
export function mustHold(
  bucket: Bucket,
  key: string,
  { ifMatch, ifNoneMatch }: { readonly ifMatch: string | undefined; readonly ifNoneMatch?: string | undefined },
): void {
  const found = current(bucket, key)
  const failed = new Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new Refusal(501, 'NotImplemented', 'If-None-Match takes only * in a write')
    if (found !== undefined) throw failed
  }
  if (ifMatch === undefined) return
  if (found === undefined) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
  if (ifMatch !== '*' && bare(ifMatch) !== bare(found.etag)) throw failed
}

/** Writes a version, which is the only one where the bucket keeps none. */
export function write(bucket: Bucket, key: string, version: Omit<Version, 'id' | 'deleted'>): Version {
  const keeps = /Enabled/.test(bucket.settings.get('versioning') ?? '')
  const made = { ...version, id: keeps ? randomBytes(16).toString('hex') : 'null', deleted: false }
  bucket.objects.set(key, [made, ...(keeps ? (bucket.objects.get(key) ?? []) : [])])
  return made
}

/** Deletes an object: for good where the bucket keeps no versions or a version is named, else under a delete marker. */
export function remove(bucket: Bucket, key: string, version: string | undefined, nowMs: number): Version | undefined {
  const versions = bucket.objects.get(key) ?? []
  if (version !== undefined) {
    bucket.objects.set(
      key,
      versions.filter(({ id }) => id !== version),
    )
    return undefined
  }
  if (!/Enabled/.test(bucket.settings.get('versioning') ?? '')) {
    bucket.objects.delete(key)
    return undefined
  }
  const marker: Version = {
    id: randomBytes(16).toString('hex'),
    deleted: true,
    bytes: new Uint8Array(),
    etag: '',
    modifiedMs: nowMs,
    headers: {},
    tags: {},
  }
  bucket.objects.set(key, [marker, ...versions])
  return marker
}

/** The ETag of a whole upload: MD5 of its bytes, in quotes. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

function bare(etag: string): string {
  return etag.replace(/^W\//, '').replace(/"/g, '')
}
