import { acts } from './acts.ts'
import { canonical, hash } from './canonical.ts'
import { wrong, wrongStep } from './invariants.ts'
import { stuck } from './recovery.ts'
import type { Rules } from './rules.ts'
import type { World } from './world.ts'

/** What an exploration may cost. */
export interface Bound {
  readonly depth: number
  readonly states: number
}

/** What an exploration came to. */
export interface Explored {
  /** Distinct worlds, whatever of its budget the environment had left. */
  readonly worlds: number
  /** Distinct worlds together with the budget. */
  readonly states: number
  /** Steps that were taken. */
  readonly steps: number
  /** All worlds within so many steps were seen. */
  readonly depth: number
  /** Whether there is nothing beyond. */
  readonly complete: boolean
  /** States right after a crash from which the way to rest was walked. */
  readonly recovered: number
  readonly broken?: Broken
}

/** A broken invariant, and the fewest steps that lead to it, in words. */
export interface Broken {
  readonly what: string
  readonly trace: readonly string[]
}

/** Looks at every world that can be reached, the nearest first, until one is wrong. */
export function explore(rules: Rules, first: World, bound: Bound): Explored {
  const seen = new Map<number, number>()
  const worlds = new Set<number>()
  const parents: number[] = []
  const chosen: number[] = []
  let steps = 0
  let recovered = 0
  let layer: { readonly world: World; readonly at: number }[] = []
  const add = (world: World, parent: number, act: number) => {
    const { text, budget } = canonical(world)
    const key = hash(`${text}\n${budget}`)
    if (seen.has(key)) return undefined
    const at = parents.length
    seen.set(key, at)
    worlds.add(hash(text))
    parents.push(parent)
    chosen.push(act)
    return { world, at }
  }
  const result = (depth: number, complete: boolean) => ({
    worlds: worlds.size,
    states: seen.size,
    steps,
    depth,
    complete,
    recovered,
  })
  layer.push(add(first, -1, -1)!)
  for (let depth = 0; ; depth++) {
    if (layer.length === 0) return result(depth - 1, true)
    if (depth === bound.depth) return result(depth, false)
    const next: typeof layer = []
    for (const { world, at } of layer) {
      const all = acts(rules, world)
      for (let i = 0; i < all.length; i++) {
        const act = all[i]!
        steps += 1
        const { world: after, broken } = act.next()
        const found = add(after, at, i)
        let what = broken ?? wrongStep(world, after, act.words)
        if (what === undefined && found !== undefined) {
          what = wrong(rules, after)
          // Every way to rest begins right after a crash.
          if (what === undefined && after.left.crash < world.left.crash) {
            recovered += 1
            what = stuck(rules, after)
          }
        }
        if (what !== undefined) {
          const trace = [...traceOf(rules, first, parents, chosen, at), act.words]
          return { ...result(depth, false), broken: { what, trace } }
        }
        if (found !== undefined) next.push(found)
      }
      if (seen.size > bound.states) return result(depth, false)
    }
    layer = next
  }
}

function traceOf(
  rules: Rules,
  first: World,
  parents: readonly number[],
  chosen: readonly number[],
  at: number,
): string[] {
  const path: number[] = []
  for (let it = at; parents[it]! >= 0; it = parents[it]!) path.push(chosen[it]!)
  let world = first
  return path.reverse().map((i) => {
    const act = acts(rules, world)[i]!
    world = act.next().world
    return act.words
  })
}
