import type { ActionsSource } from './dialect.ts'
import { standing } from './mark.ts'

/** What becomes of a file of the repository. `blocked`: it is not as we wrote it, so that a person has to decide. */
export type FileEdit =
  | { readonly kind: 'write'; readonly path: string; readonly before: string | undefined; readonly after: string }
  | { readonly kind: 'same'; readonly path: string; readonly before: string }
  | { readonly kind: 'remove'; readonly path: string; readonly before: string }
  | {
      readonly kind: 'blocked'
      readonly path: string
      readonly before: string
      readonly after: string
      /** `changed`: ours, and somebody changed it. */
      readonly why: 'changed' | 'foreign'
    }

/** What writing `after` comes to where `before` is: only what we wrote, and nobody changed, is replaced. */
export function fileEdit(path: string, before: string | undefined, after: string): FileEdit {
  if (before === undefined) return { kind: 'write', path, before, after }
  if (before === after) return { kind: 'same', path, before }
  const { kind } = standing(before)
  return kind === 'ours' ? { kind: 'write', path, before, after } : { kind: 'blocked', path, before, after, why: kind }
}

/** The actions that a workflow file uses; undefined where it uses none of ours by full commit. */
export function sourceIn(text: string): ActionsSource | undefined {
  const [, repository, commit, version] =
    /^\s*uses: ([\w.-]+\/[\w.-]+)\/actions\/affected@([0-9a-f]{40}) # v(\S+)$/m.exec(text) ?? []
  return repository === undefined ? undefined : { repository, commit: commit!, version: version! }
}
