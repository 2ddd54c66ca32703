import { createHash } from 'node:crypto'

/** What our comment remembers of itself, invisibly: a version, and which plans it showed. Nothing is believed because of it. */
export interface CommentState {
  readonly version: 1
  /** The first 16 hex digits of each plan digest that was shown, sorted, each once. */
  readonly digests: readonly string[]
  /** Where there were too many to list: how many, and the start of a hash over all. `digests` holds the first ones. */
  readonly of?: number
  readonly all?: string
}

/** Begins the last line of our comment, and tells it from any other on a pull request. */
export const commentMarker = '<!-- airlock:1 '

/** With more digests than this the line would take room that people need. */
const mostDigests = 200

/** The comment's last line. */
export function stateLine(digests: Iterable<string>): string {
  const all = [...new Set([...digests].map((digest) => digest.replace(/^\w+:/, '').slice(0, 16)))].sort()
  const state =
    all.length <= mostDigests
      ? { digests: all }
      : { digests: all.slice(0, mostDigests), of: all.length, all: hash(all.join('\n')) }
  return `${commentMarker}${JSON.stringify(state)} -->`
}

/** Reads the state of a comment back; undefined for a comment that is not ours, or of a version that is not known. */
export function commentState(body: string): CommentState | undefined {
  const last = body.trimEnd().split('\n').at(-1)!
  const json = /^<!-- airlock:1 (\{.*\}) -->$/.exec(last)?.[1]
  if (json === undefined) return undefined
  try {
    const { digests, of, all } = JSON.parse(json) as Readonly<Record<string, unknown>>
    if (!Array.isArray(digests) || !digests.every((it): it is string => typeof it === 'string')) return undefined
    return {
      version: 1,
      digests,
      ...(typeof of === 'number' && { of }),
      ...(typeof all === 'string' && { all }),
    }
  } catch {
    return undefined
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
