/** Kinds of stored objects, as lifecycle rules of a bucket know them by their tag `airlock`. */
export type Keeping = 'document' | 'event' | 'inbox' | 'plan' | 'model' | 'errored' | 'answer'

const byFolder: Readonly<Record<string, Keeping>> = {
  events: 'event',
  inbox: 'inbox',
  plans: 'plan',
  models: 'model',
  errored: 'errored',
  answers: 'answer',
}

/** The tag that an object gets when it is written; what is no other kind is a document, which is kept for ever. */
export function keepingTags(key: string): { readonly airlock: Keeping } {
  return { airlock: byFolder[key.slice(0, key.indexOf('/'))] ?? 'document' }
}
