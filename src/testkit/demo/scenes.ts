import { hardHalf } from './hard-half.ts'
import { mainJob } from './main-job.ts'
import type { Scene } from './scene.ts'

/** Every scene of the demo, in the order in which they are played. */
export const scenes: readonly Scene[] = [...mainJob, ...hardHalf]
