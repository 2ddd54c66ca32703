import { type Bucket, current } from './bucket.ts'
import { Refusal } from './refusal.ts'
import { answer, element, leaf } from './xml.ts'

/** One page of `ListObjectsV2`, or of its predecessor: keys in byte order of UTF-8, common prefixes at a delimiter. */
export function list(bucket: Bucket, query: URLSearchParams): string {
  const isV2 = query.get('list-type') === '2'
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const token = query.get('continuation-token')
  const after = token !== null ? fromToken(token) : (query.get(isV2 ? 'start-after' : 'marker') ?? '')
  const shown = (key: string) =>
    query.get('encoding-type') === 'url' ? encodeURIComponent(key).replace(/%2F/g, '/') : key
  const keys = [...bucket.objects.keys()]
    .filter((key) => key.startsWith(prefix) && current(bucket, key) !== undefined)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const entries: { readonly name: string; readonly common: boolean }[] = []
  for (const key of keys) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length)
    if (entries.at(-1)?.name !== name) entries.push({ name, common: cut >= 0 })
  }
  const left = entries.filter(({ name }) => after === '' || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
  const page = left.slice(0, most)
  const truncated = left.length > page.length
  return answer(
    'ListBucketResult',
    leaf('Name', bucket.name),
    leaf('Prefix', shown(prefix)),
    leaf('MaxKeys', most),
    leaf('IsTruncated', truncated),
    ...(isV2 ? [leaf('KeyCount', page.length)] : []),
    ...(truncated && isV2 ? [leaf('NextContinuationToken', toToken(page.at(-1)!.name))] : []),
    ...(truncated && !isV2 ? [leaf('NextMarker', shown(page.at(-1)!.name))] : []),
    ...page.map(({ name, common }) => {
      if (common) return element('CommonPrefixes', leaf('Prefix', shown(name)))
      const { etag, bytes, modifiedMs } = current(bucket, name)!
      return element(
        'Contents',
        leaf('Key', shown(name)),
        leaf('LastModified', new Date(modifiedMs).toISOString()),
        leaf('ETag', etag),
        leaf('Size', bytes.length),
        leaf('StorageClass', 'STANDARD'),
      )
    }),
  )
}

/** All versions of all objects, newest first, on one page. */
export function listVersions(bucket: Bucket, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? ''
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix)).sort()
  const versions = keys.flatMap((key) =>
    (bucket.objects.get(key) ?? []).map(({ id, deleted, etag, bytes, modifiedMs }, index) =>
      element(
        deleted ? 'DeleteMarker' : 'Version',
        leaf('Key', key),
        leaf('VersionId', id),
        leaf('IsLatest', index === 0),
        leaf('LastModified', new Date(modifiedMs).toISOString()),
        ...(deleted ? [] : [leaf('ETag', etag), leaf('Size', bytes.length)]),
      ),
    ),
  )
  return answer('ListVersionsResult', leaf('Name', bucket.name), leaf('IsTruncated', false), ...versions)
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (toToken(key) !== token) throw new Refusal(400, 'InvalidArgument', 'The continuation token provided is incorrect')
  return key
}
