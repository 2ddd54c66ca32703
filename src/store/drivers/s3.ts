import { randomUUID } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { storeTime } from '../clock.ts'
import { validKey } from '../key.ts'
import type { Condition, PutResult, Store } from '../store.ts'
import { type Asking, asking, type Outcome } from './s3-asking.ts'
import { unwrap, wrap } from './s3-body.ts'
import { type S3StoreOptions, s3Client } from './s3-client.ts'

const nonceName = 'airlock-nonce'

/** So long a machine's clock runs well enough to tell the store's time from the last answer. */
const toldMs = 60_000

/**
 * A store in a bucket of S3, by conditional writes alone. Each write carries a nonce, in the object's metadata and in the bytes
 * that are stored: so that equal bytes written twice have two ETags, and a write whose answer was lost is known again when it
 * is repeated. The SDK is loaded at the first request.
 */
export function s3Store(options: S3StoreOptions): Store {
  const { bucket, prefix } = placeOf(options.url)
  const path = (key: string) => `${prefix}${validKey(key)}`
  const clock = options.clock ?? (() => performance.now())
  /** The time that the last answer told, and when it came. */
  let told: { readonly ms: number; readonly at: number } | undefined
  let mark = storeTime(0, undefined)
  let opened: Promise<S3Client> | undefined
  const client = () => {
    opened ??= s3Client(options, (ms) => {
      told = { ms, at: clock() }
    })
    return opened
  }
  const ask: Asking = asking(options.url, options.pause)

  /** Whether what is there carries the nonce: its ETag, `other` for another's object, `hidden` where this role may not look. */
  const lookFor = async (key: string, nonce: string): Promise<{ etag: string } | 'other' | 'hidden'> => {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3')
    const s3 = await client()
    const head = await ask(`look at ${key}`, ['missing', 'forbidden'], () =>
      s3.send(new HeadObjectCommand({ Bucket: bucket, Key: path(key) })),
    )
    if (head.kind === 'forbidden') return 'hidden'
    if (head.kind !== 'done' || head.value.Metadata?.[nonceName] !== nonce) return 'other'
    return { etag: head.value.ETag ?? '' }
  }

  /** What a write whose condition did not hold in the end came to, when an earlier try of it may have been carried out. */
  const settled = async (key: string, nonce: string, condition: Condition): Promise<PutResult> => {
    const found = await lookFor(key, nonce)
    if (typeof found === 'object') return { kind: 'written', etag: found.etag }
    // Who only creates may not look: something is there under this name, which is all that a conflict says to it.
    if (found === 'hidden' || condition.kind === 'absent') return { kind: 'conflict' }
    throw new Error(
      `${options.url}: whether ${key} was written cannot be told: the answer was lost, and others wrote since`,
    )
  }

  const listed = async (start: string): Promise<ReadonlyMap<string, string>> => {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
    const s3 = await client()
    const found = new Map<string, string>()
    let token: string | undefined
    do {
      const input = { Bucket: bucket, Prefix: prefix + start, ...(token !== undefined && { ContinuationToken: token }) }
      const page = await ask(`list ${start}`, [], () => s3.send(new ListObjectsV2Command(input)))
      if (page.kind !== 'done') break
      for (const { Key = '', ETag = '' } of page.value.Contents ?? [])
        if (!Key.endsWith('/')) found.set(Key.slice(prefix.length), ETag)
      token = page.value.NextContinuationToken
    } while (token !== undefined)
    return found
  }

  return {
    url: options.url,
    async get(key) {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3')
      const s3 = await client()
      const got = await ask(`read ${key}`, ['missing'], async () => {
        const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: path(key) }))
        return { answer, bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array() }
      })
      if (got.kind !== 'done') return undefined
      const { answer, bytes } = got.value
      const isWrapped = answer.Metadata?.[nonceName] !== undefined
      return { bytes: isWrapped ? unwrap(bytes) : bytes, etag: answer.ETag ?? '' }
    },
    async put(key, bytes, condition) {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3')
      const nonce = randomUUID()
      const tags = new URLSearchParams({ ...options.tags?.(validKey(key)) }).toString()
      const input = {
        Bucket: bucket,
        Key: path(key),
        Body: wrap(bytes, nonce, key.endsWith('.json')),
        ContentType: key.endsWith('.json') ? 'application/json' : 'application/octet-stream',
        ContentEncoding: 'gzip',
        Metadata: { [nonceName]: nonce },
        ...(tags !== '' && { Tagging: tags }),
        ...(condition.kind === 'absent' && { IfNoneMatch: '*' }),
        ...(condition.kind === 'match' && { IfMatch: condition.etag }),
      }
      const s3 = await client()
      const put = await ask(`write ${key}`, ['unmet', 'missing'], () => s3.send(new PutObjectCommand(input)))
      if (put.kind === 'done') return { kind: 'written', etag: put.value.ETag ?? '' }
      return put.doubtful ? settled(key, nonce, condition) : { kind: 'conflict' }
    },
    async delete(key, condition) {
      const { DeleteObjectCommand, HeadObjectCommand } = await import('@aws-sdk/client-s3')
      const s3 = await client()
      const at = { Bucket: bucket, Key: path(key) }
      const head = await ask(`look at ${key}`, ['missing'], () => s3.send(new HeadObjectCommand(at)))
      if (head.kind !== 'done') return { kind: 'absent' }
      if (condition.kind === 'match' && head.value.ETag !== condition.etag) return { kind: 'conflict' }
      const only = condition.kind === 'match' ? { IfMatch: condition.etag } : {}
      const gone = await ask(`delete ${key}`, ['unmet', 'missing'], () =>
        s3.send(new DeleteObjectCommand({ ...at, ...only })),
      )
      return { kind: gone.kind === 'done' || (gone.kind === 'missing' && gone.doubtful) ? 'deleted' : leftAlone(gone) }
    },
    list: async (start) => [...(await listed(start)).keys()].sort(),
    versions: listed,
    async now() {
      const age = told && clock() - told.at
      if (age === undefined || age < 0 || age > toldMs) {
        const { HeadBucketCommand } = await import('@aws-sdk/client-s3')
        const s3 = await client()
        told = undefined
        // Any answer tells the time, a refusal as well: who only creates may not look at the bucket.
        await ask('tell the time', ['forbidden', 'missing'], () => s3.send(new HeadBucketCommand({ Bucket: bucket })))
      }
      if (told === undefined) throw new Error(`${options.url} answered without saying what time it is`)
      mark = storeTime(Math.floor(told.ms + clock() - told.at), mark.highMs === 0 ? undefined : mark)
      return mark.highMs
    },
  }
}

function leftAlone(outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): 'absent' | 'conflict' {
  return outcome.kind === 'missing' ? 'absent' : 'conflict'
}

function placeOf(url: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? []
  if (bucket === undefined) throw new Error(`not the URL of a bucket: ${url}`)
  const bare = path.replace(/\/+$/, '')
  return { bucket, prefix: bare === '' ? '' : `${bare}/` }
}
