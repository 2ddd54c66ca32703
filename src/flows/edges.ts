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

/** What a node comes directly after. */
export function afterIn(edges: readonly Edge[]): (node: string) => string[] {
  const after = new Map<string, string[]>()
  for (const { from, to } of edges) after.set(from, [...(after.get(from) ?? []), to])
  return (node) => after.get(node) ?? []
}
