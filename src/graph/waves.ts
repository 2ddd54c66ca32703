import { place, UserError } from '../error.ts'
import { cycle, type Edge } from './graph.ts'

/**
 * The nodes in waves: all that a node depends on is in earlier waves, and each node is in the earliest wave that allows
 * it, in id order. Edges to or from other nodes count for nothing.
 * @throws UserError `dependency-cycle`
 */
export function waves(nodes: readonly string[], edges: readonly Edge[]): string[][] {
  const left = new Map([...nodes].sort().map((node) => [node, new Set<string>()]))
  const dependents = new Map<string, string[]>()
  for (const { from, to } of edges) {
    const waits = left.get(from)
    if (!waits || !left.has(to) || waits.has(to)) continue
    waits.add(to)
    const list = dependents.get(to)
    if (list) list.push(from)
    else dependents.set(to, [from])
  }
  const result: string[][] = []
  let ready = [...left].filter(([, waits]) => waits.size === 0).map(([node]) => node)
  while (ready.length > 0) {
    result.push(ready)
    const next: string[] = []
    for (const node of ready) {
      left.delete(node)
      for (const dependent of dependents.get(node) ?? []) {
        const waits = left.get(dependent)!
        waits.delete(node)
        if (waits.size === 0) next.push(dependent)
      }
    }
    ready = next.sort()
  }
  if (left.size > 0) throw cycleError(cycle([...left.keys()], edges)!)
  return result
}

/** The refusal that names a cycle edge by edge, each with its reason and its place. */
function cycleError(edges: readonly Edge[]): UserError {
  const chain = [...edges.map((edge) => edge.from), edges[0]!.from].join(' → ')
  const lines = edges.map(
    (edge) => `  ${edge.from} depends on ${edge.to}: ${edge.why}${edge.at ? ` (${place(edge.at)})` : ''}`,
  )
  const at = edges.find((edge) => edge.at)?.at
  return new UserError({
    code: 'dependency-cycle',
    message: `these depend on each other, so none can go first: ${chain}\n${lines.join('\n')}`,
    fix: 'remove one of these dependencies',
    exit: 2,
    ...(at ? { at } : {}),
  })
}
