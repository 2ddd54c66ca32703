import type { Scene } from './scene.ts'

/** What goes wrong every week, and what Airlock makes of it. */
export const hardHalf: readonly Scene[] = []
