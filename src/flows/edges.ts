import { dependencies } from '../affected/dependencies.ts'
import type { Subject } from '../affected/subject.ts'
import type { Edge } from '../graph/graph.ts'
import type { InstanceId } from '../stacks/instance.ts'

/** Who must be planned or applied after whom, among these. */
export function edgesOf(subjects: ReadonlyMap<InstanceId, Subject>): Edge[] {
  return [...subjects.values()].flatMap(({ instance }) =>
    dependencies(instance)
      .filter(({ on }) => subjects.has(on))
      .map(({ from, on, at, call }) => ({
        from,
        to: on,
        at,
        why: call ? `reads ${on} (!${call.name} ${call.args})` : `depends on ${on}`,
      })),
  )
}

/** Who must be applied after whom, among these: directly, or through instances of `all` that are not among them. */
export function orderAmong(ids: ReadonlySet<InstanceId>, all: ReadonlyMap<InstanceId, Subject>): Edge[] {
  return [...ids].flatMap((id) => {
    const first = all.get(id)
    const queue = first ? dependencies(first.instance) : []
    const seen = new Set<InstanceId>([id])
    const found: Edge[] = []
    for (const { from, on, at, call } of queue) {
      if (seen.has(on)) continue
      seen.add(on)
      const why = `${from === id ? '' : `${from} `}${call ? `reads ${on} (!${call.name} ${call.args})` : `depends on ${on}`}`
      const through = all.get(on)
      if (ids.has(on)) found.push({ from: id, to: on, at, why })
      else if (through) queue.push(...dependencies(through.instance))
    }
    return found
  })
}

/** What a node comes directly after. */
export function afterIn(edges: readonly Edge[]): (node: string) => string[] {
  const after = new Map<string, string[]>()
  for (const { from, to } of edges) after.set(from, [...(after.get(from) ?? []), to])
  return (node) => after.get(node) ?? []
}
