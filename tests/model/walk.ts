import { acts } from './acts.ts'
import { canonical, hash } from './canonical.ts'
import type { Broken } from './explore.ts'
import { wrong, wrongStep } from './invariants.ts'
import { stuck } from './recovery.ts'
import type { Rules } from './rules.ts'
import type { World } from './world.ts'

/** What walking at random came to: farther than an exploration of everything gets, but by few of the ways. */
export interface Walked {
  readonly worlds: number
  readonly steps: number
  readonly broken?: Broken
}

/** Walks from the first world at random, again and again; the same seed, the same walks. */
export function walk(
  rules: Rules,
  first: World,
  { seed, walks, length }: { readonly seed: number; readonly walks: number; readonly length: number },
): Walked {
  const random = chances(seed)
  const worlds = new Set<number>()
  let steps = 0
  for (let n = 0; n < walks; n++) {
    const trace: string[] = []
    let world = first
    for (let i = 0; i < length; i++) {
      // What changes nothing is no step.
      const all = acts(rules, world).filter(
        ({ words, next }) => !/once more$/.test(words) || isChange(world, next().world),
      )
      const act = all[Math.floor(random() * all.length)]
      if (act === undefined) break
      const { world: after, broken } = act.next()
      steps += 1
      trace.push(act.words)
      worlds.add(hash(canonical(after).text))
      const crashed = after.left.crash < world.left.crash
      const what =
        broken ??
        wrongStep(world, after, act.words) ??
        wrong(rules, after) ??
        (crashed || i === length - 1 ? stuck(rules, after) : undefined)
      if (what !== undefined) return { worlds: worlds.size, steps, broken: { what, trace } }
      world = after
    }
  }
  return { worlds: worlds.size, steps }
}

function isChange(before: World, after: World): boolean {
  return Object.entries(after.documents).some(([address, it]) => before.documents[address as 'a'] !== it)
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
