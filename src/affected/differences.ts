import type { Position } from '../error.ts'
import { type Plain, plain, same, type Value } from '../stacks/value.ts'

/** A value that is not the same in two trees. `at` is its place in the head, `was` in the base. */
export interface Difference {
  /** `['vars', 'subnets', '0']` */
  readonly path: readonly string[]
  readonly before?: Plain
  readonly after?: Plain
  readonly at?: Position
  readonly was?: Position
}

/** The smallest values that differ, in the order of their keys; a list of another length is one value. */
export function differences(
  path: readonly string[],
  before: Value | undefined,
  after: Value | undefined,
): Difference[] {
  if (same(before, after)) return []
  if (before?.kind === 'map' && after?.kind === 'map') {
    const keys = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort()
    return keys.flatMap((key) => differences([...path, key], before.entries.get(key), after.entries.get(key)))
  }
  if (before?.kind === 'list' && after?.kind === 'list' && before.items.length === after.items.length)
    return after.items.flatMap((item, index) => differences([...path, String(index)], before.items[index], item))
  return [
    {
      path,
      ...(before && { before: plain(before), was: before.at }),
      ...(after && { after: plain(after), at: after.at }),
    },
  ]
}
