import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closure, cycle, type Edge } from './graph.ts'
import { waves } from './waves.ts'

const edge = (from: string, to: string, line?: number): Edge => ({
  from,
  to,
  why: 'dependencies.components',
  ...(line ? { at: { file: 'stacks/dev.yaml', line, column: 7 } } : {}),
})

/** Graphs without a cycle: every edge goes from a later to an earlier node. */
const acyclic = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 12 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges:
      nodes.length < 2
        ? fc.constant<Edge[]>([])
        : fc.array(
            fc
              .tuple(fc.nat(nodes.length - 1), fc.nat(nodes.length - 1))
              .filter(([a, b]) => a !== b)
              .map(([a, b]) => edge(nodes[Math.max(a, b)]!, nodes[Math.min(a, b)]!)),
            { maxLength: 30 },
          ),
  }),
)

const anyGraph = fc
  .record({
    nodes: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }),
    edges: fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x'), fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x')),
      { maxLength: 10 },
    ),
  })
  .map(({ nodes, edges }) => ({ nodes, edges: edges.map(([from, to]) => edge(from, to)) }))

test('every node is in one wave, as early as its dependencies allow, in id order', () => {
  fc.assert(
    fc.property(acyclic, ({ nodes, edges }) => {
      const result = waves(nodes, edges)
      expect(result.flat().sort()).toEqual([...nodes].sort())
      const wave = new Map(result.flatMap((names, at) => names.map((name) => [name, at])))
      for (const node of nodes) {
        const before = edges.filter((it) => it.from === node).map((it) => wave.get(it.to)!)
        expect(wave.get(node)).toBe(Math.max(-1, ...before) + 1)
      }
      for (const names of result) expect(names).toEqual([...names].sort())
    }),
  )
})

test('a cycle is found exactly where no waves exist, and closes', () => {
  fc.assert(
    fc.property(anyGraph, ({ nodes, edges }) => {
      const found = cycle(nodes, edges)
      if (found) {
        for (const [at, it] of found.entries()) {
          expect(edges).toContainEqual(it)
          expect(it.to).toBe(found[(at + 1) % found.length]!.from)
        }
        expect(new Set(found.map((it) => it.from)).size).toBe(found.length)
        expect(() => waves(nodes, edges)).toThrow('depend on each other')
      } else expect(waves(nodes, edges).flat().length).toBe(nodes.length)
    }),
  )
})

test('a cycle names its chain with the places', () => {
  const edges = [edge('app', 'cluster', 4), edge('cluster', 'vpc', 9), edge('vpc', 'app'), edge('vpc', 'dns', 2)]
  expect(() => waves(['app', 'cluster', 'vpc', 'dns'], edges)).toThrow(
    [
      'these depend on each other, so none can go first: app → cluster → vpc → app',
      '  app depends on cluster: dependencies.components (stacks/dev.yaml:4:7)',
      '  cluster depends on vpc: dependencies.components (stacks/dev.yaml:9:7)',
      '  vpc depends on app: dependencies.components',
    ].join('\n'),
  )
})

test('edges to nodes that are not asked for order nothing', () => {
  expect(waves(['a', 'c'], [edge('a', 'b'), edge('b', 'c')])).toEqual([['a', 'c']])
})

test('a closure follows edges either way, through cycles', () => {
  const edges = [edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('d', 'b')]
  expect(closure(['b'], edges, 'dependencies')).toEqual(['a', 'b', 'c'])
  expect(closure(['b'], edges, 'dependents')).toEqual(['a', 'b', 'c', 'd'])
})

test('a chain of 100,000 is ordered without exhausting the stack', () => {
  const nodes = Array.from({ length: 100_000 }, (_, at) => String(at).padStart(6, '0'))
  const edges = nodes.slice(1).map((node, at) => edge(node, nodes[at]!))
  expect(waves(nodes, edges).length).toBe(100_000)
  expect(cycle(nodes, [...edges, edge(nodes[0]!, nodes.at(-1)!)])?.length).toBe(100_000)
})
