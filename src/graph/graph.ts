import type { Position } from '../error.ts'

/** One thing depends on another, and where that was said. */
export interface Edge {
  /** Depends on `to`. */
  readonly from: string
  readonly to: string
  readonly at?: Position | undefined
  /** Why, as a person reads it: `reads vpc.subnets`, `dependencies.components`. */
  readonly why: string
}

/** Which way to follow edges: to what a node depends on, or to what depends on it. */
export type Direction = 'dependencies' | 'dependents'

/** The nodes and all that they reach, in id order. */
export function closure(nodes: readonly string[], edges: readonly Edge[], direction: Direction): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) {
    const [here, there] = direction === 'dependencies' ? [from, to] : [to, from]
    const list = next.get(here)
    if (list) list.push(there)
    else next.set(here, [there])
  }
  const seen = new Set(nodes)
  for (const node of seen) for (const there of next.get(node) ?? []) seen.add(there)
  return [...seen].sort()
}

/** A cycle, each edge beginning where the one before it ends; undefined when there is none. The same edges give the same cycle. */
export function cycle(nodes: readonly string[], edges: readonly Edge[]): Edge[] | undefined {
  const known = new Set(nodes)
  const from = new Map<string, Edge[]>()
  for (const edge of edges) {
    if (!known.has(edge.from) || !known.has(edge.to)) continue
    const list = from.get(edge.from)
    if (list) list.push(edge)
    else from.set(edge.from, [edge])
  }
  for (const list of from.values()) list.sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0))

  const done = new Set<string>()
  for (const start of [...known].sort()) {
    // Depth first with a stack of our own: a chain may be longer than the call stack is deep.
    const path: Edge[] = []
    const open = new Set([start])
    const left = [{ node: start, at: 0 }]
    while (left.length > 0) {
      const top = left.at(-1)!
      const edge = done.has(top.node) ? undefined : from.get(top.node)?.[top.at++]
      if (!edge) {
        done.add(top.node)
        open.delete(top.node)
        left.pop()
        path.pop()
      } else if (open.has(edge.to)) {
        const begin = path.findIndex((it) => it.from === edge.to)
        return begin < 0 ? [edge] : [...path.slice(begin), edge]
      } else if (!done.has(edge.to)) {
        open.add(edge.to)
        path.push(edge)
        left.push({ node: edge.to, at: 0 })
      }
    }
  }
  return undefined
}
