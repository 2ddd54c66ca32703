/** How long objects with a tag are kept; what is replaced or deleted goes after `oldDays`. */
export interface KeepingRule {
  readonly id: string
  /** Value of the tag `airlock`; undefined: every object. */
  readonly tag: string | undefined
  /** Days after which an object goes; undefined: it stays. */
  readonly days: number | undefined
  /** Days after which a version goes that is no longer the newest. */
  readonly oldDays: number
}

/** What a bucket is to be, as far as a store needs it. */
export interface BucketWish {
  readonly bucket: string
  readonly prefix: string
  readonly region: string
  readonly policy: { readonly Version: string; readonly Statement: readonly { readonly Sid: string }[] }
  readonly rules: readonly KeepingRule[]
}

/** One thing that is done to a bucket; `now` says what is there, in a few words. */
export interface BucketStep {
  readonly kind: 'create' | 'block-public' | 'ownership' | 'versions' | 'encryption' | 'policy' | 'lifecycle'
  readonly now: string
}

/** Makes a bucket what it is to be, where it is not yet. Rules and statements of others in it are kept. */
export interface BucketAdmin {
  /** What is to be done, in order; empty where all is as wished. */
  steps(wish: BucketWish): Promise<BucketStep[]>
  carryOut(wish: BucketWish, step: BucketStep): Promise<void>
}
