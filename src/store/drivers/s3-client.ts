import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'

/** Keys to AWS, as its SDK takes them. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export interface S3StoreOptions {
  /** `s3://bucket/prefix` */
  readonly url: string
  /** Undefined: what the environment says; `us-east-1` where an endpoint is given. */
  readonly region?: string | undefined
  /** For what is not AWS; the bucket is then a part of the path. */
  readonly endpoint?: string | undefined
  /** Asked when a request needs keys, and again when they expire; left out: the SDK's default chain. */
  readonly credentials?: () => Promise<AwsKeys>
  /** Tags that an object gets when it is written, for rules of how long it is kept. */
  readonly tags?: (key: string) => Readonly<Record<string, string>>
  readonly pause?: (ms: number) => Promise<void>
  /** Milliseconds of the machine, of which only differences count. */
  readonly clock?: () => number
}

/**
 * A client of the bucket's service; `heard` is told the time of each answer. The SDK is loaded here, and with it half of
 * what this program weighs.
 */
export async function s3Client(
  options: Pick<S3StoreOptions, 'region' | 'endpoint' | 'credentials'>,
  heard: (ms: number) => void,
): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  const region = options.region ?? (options.endpoint === undefined ? undefined : 'us-east-1')
  const config: S3ClientConfig = {
    maxAttempts: 1, // what is tried again is decided here: the SDK would take its own success for a conflict
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000 },
    ...(region !== undefined && { region }),
    ...(options.endpoint !== undefined && { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials && { credentials: options.credentials }),
  }
  const client = new S3Client(config)
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> }
      const ms = Date.parse(headers?.date ?? '')
      if (!Number.isNaN(ms)) heard(ms)
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'storeTime' },
  )
  return client
}
