import type { Bug } from './bugs.ts'
import type { Explored } from './explore.ts'

/** What exploring a scope came to, in a line. */
export function scopeLine(
  name: string,
  { worlds, states, steps, depth, complete, recovered, broken }: Explored,
): string {
  const bound = complete ? `complete (the farthest is ${depth} steps away)` : `bound: all within ${depth} steps`
  const found = broken === undefined ? '' : `; BROKEN ${broken.what}`
  return `${name}: ${worlds} worlds, ${states} states, ${steps} steps; ${bound}; ${recovered} crashes recovered from${found}`
}

/** How a planted bug was found, in a line. */
export function bugLine({ what }: Bug, { broken, states }: Explored): string {
  return broken === undefined
    ? `NOT FOUND in ${states} states: ${what}`
    : `found after ${broken.trace.length} steps: ${what}\n    invariant ${broken.what}`
}
