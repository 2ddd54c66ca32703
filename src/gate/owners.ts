import type { OwnersNeed, OwnersOutlook } from '../records/pull-request.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { type Codeowners, ownersOf } from './codeowners.ts'

/** An instance that a change affects, and the files that say whose it is. */
export interface OwnedInstance {
  readonly id: InstanceId
  readonly paths: readonly string[]
}

/**
 * Whose word a change needs: of the owners of every file that an affected instance is made of, one each.
 * @param wanted the setting; undefined: where there is a file
 * @param file undefined where the repository has none
 */
export function ownersOutlook(
  wanted: boolean | undefined,
  file: Codeowners | undefined,
  instances: readonly OwnedInstance[],
): OwnersOutlook {
  if (wanted === false || (wanted === undefined && file === undefined)) return { kind: 'off', needs: [], problems: [] }
  if (file === undefined) return { kind: 'none', needs: [], problems: [] }
  const needs = new Map<number, OwnersNeed>()
  for (const { id, paths } of instances)
    for (const path of paths) {
      const found = ownersOf(file, path)
      if (found === undefined) continue
      const { line, owners } = found
      const ids = needs.get(line)?.ids ?? []
      if (!ids.includes(id)) needs.set(line, { owners, file: file.file, line, ids: [...ids, id] })
    }
  return { kind: 'file', needs: [...needs.values()].sort((a, b) => a.line - b.line), problems: file.problems }
}
