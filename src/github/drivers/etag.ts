import { createHash } from 'node:crypto'

/**
 * The `ETag` with which GitHub would give a body to whoever sends these headers. It covers the token, so that one that was given to
 * another job is never answered 304. GitHub does not document this: others found it out (docs/github-facts.md). Where it is not so
 * (any more), GitHub answers in full.
 */
export function etagOf(body: string, headers: { readonly accept?: string; readonly authorization?: string }): string {
  const hash = createHash('sha256')
  for (const value of [headers.accept, headers.authorization]) if (value !== undefined) hash.update(`${value}:`)
  return `"${hash.update(body).digest('hex')}"`
}
