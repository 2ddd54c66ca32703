import type { Credentials } from '../credentials.ts'

/** Leaves every process what the environment has: on a laptop, or where a step before has logged in. */
export function ambientCredentials(): Credentials {
  return { forRole: async () => ({}) }
}
