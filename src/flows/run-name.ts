import type { World } from './world.ts'

/** Names the run in records: on GitHub Actions the workflow run's id, on a laptop `local-63eea371`, which no other has. */
export function runName({ machine }: Pick<World, 'machine'>): string {
  return machine.run?.name ?? `local-${crypto.randomUUID().slice(0, 8)}`
}

/** Who runs this, as records say it: Git's user, else the account of the machine. */
export async function runBy({ repo, machine }: Pick<World, 'repo' | 'machine'>): Promise<string> {
  return (await repo.config('user.name')) ?? machine.user
}
