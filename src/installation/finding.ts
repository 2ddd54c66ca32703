/** What was found of one thing that Airlock needs or can use. */
export interface Finding {
  readonly name: string
  /** `missing`: not there, and not needed for everything; `wrong`: stands in the way. */
  readonly state: 'ok' | 'missing' | 'wrong'
  /** `1.11.4 at /usr/bin/terraform` */
  readonly found: string
  /** The next thing to do, where there is one. */
  readonly fix?: string
}
