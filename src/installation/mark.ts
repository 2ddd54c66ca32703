import { createHash } from 'node:crypto'

/** What a workflow file says of itself: which of ours it is, and of which version. */
export interface Mark {
  readonly kind: 'full' | 'try' | 'shared'
  readonly version: string
}

/** Whose a workflow file is. `changed`: we wrote it, and somebody changed it since. */
export type Standing =
  | { readonly kind: 'ours'; readonly mark: Mark }
  | { readonly kind: 'changed'; readonly mark: Mark }
  | { readonly kind: 'foreign' }

const line = /^# airlock:file (full|try|shared) (\S+) ([0-9a-f]{64})$/m

/** The text with a first line that names it, and the SHA-256 of all that follows. */
export function marked(body: string, { kind, version }: Mark): string {
  const text = body.endsWith('\n') ? body : `${body}\n`
  return `# airlock:file ${kind} ${version} ${sha256(text)}\n${text}`
}

/** Whether we wrote a file, and nobody changed it since. Line ends that Git made of ours are no change. */
export function standing(text: string): Standing {
  const [, kind, version, hash] = line.exec(text) ?? []
  if (kind === undefined) return { kind: 'foreign' }
  const mark = { kind: kind as Mark['kind'], version: version! }
  const body = text.replaceAll('\r\n', '\n').replace(line, '').replace(/^\n/, '')
  return { kind: sha256(body) === hash ? 'ours' : 'changed', mark }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
