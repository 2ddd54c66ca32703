import type { World } from './world.ts'

/** A name for a run on a laptop that no other run has: `local-63eea371`. */
export function runName(): string {
  return `local-${crypto.randomUUID().slice(0, 8)}`
}

/** Who runs this, as records say it: Git's user, else the account of the machine. */
export async function runBy({ repo, machine }: Pick<World, 'repo' | 'machine'>): Promise<string> {
  return (await repo.config('user.name')) ?? machine.user
}
