import type { Stage } from './stage.ts'

/**
 * A part of the story: what it is called, and what happens. Scenes on the `quickstart` go on from each other; every other
 * begins with its estate as it was made.
 */
export interface Scene {
  readonly name: string
  readonly title: string
  readonly on: Estate
  play(stage: Stage): Promise<void>
}

/** `quickstart`: examples/quickstart, nothing applied. `small`: six instances, all applied. `plain`: sixty, applied by plain Terraform. */
export type Estate = 'quickstart' | 'small' | 'plain'
