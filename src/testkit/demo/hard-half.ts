import { adoption } from './adoption.ts'
import { collisions } from './collisions.ts'
import { page } from './dashboard.ts'
import { drifted } from './drifted.ts'
import { fixAndRevert, killed } from './failures.ts'
import { removed } from './removed.ts'
import type { Scene } from './scene.ts'
import { wholeStack } from './whole-stack.ts'

/** What goes wrong every week, and what Airlock makes of it. */
export const hardHalf: readonly Scene[] = [
  ...collisions,
  fixAndRevert,
  killed,
  ...removed,
  adoption,
  drifted,
  page,
  wholeStack,
]
