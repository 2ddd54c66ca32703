import type { Position } from '../error.ts'

/** What was found of one thing that Airlock needs or can use. */
export interface Finding {
  readonly name: string
  /**
   * `missing`: not there, and not needed for everything; `wrong`: stands in the way; `trap`: works, and likely not as its
   * writer meant.
   */
  readonly state: 'ok' | 'missing' | 'wrong' | 'trap'
  /** `1.11.4 at /usr/bin/terraform` */
  readonly found: string
  /** The next thing to do, where there is one. */
  readonly fix?: string
  /** The place in the repository that it is about. */
  readonly at?: Position
  /** The instances that it is about. */
  readonly instances?: readonly string[]
}
