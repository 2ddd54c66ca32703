import type { World } from '../flows/world.ts'
import type { Terminal } from './command.ts'

/** Tells a person that what is not committed counts for nothing. */
export async function noteDirty(
  terminal: Pick<Terminal, 'note'>,
  { repo }: Pick<World, 'repo'>,
  what: 'planned' | 'judged' = 'planned',
): Promise<void> {
  const dirty = await repo.dirty()
  if (dirty.length === 0) return
  terminal.note(`Uncommitted changes are not ${what}: ${dirty.slice(0, 3).join(', ')}${dirty.length > 3 ? ', …' : ''}`)
}
