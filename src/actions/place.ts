import type { InstanceId, Inventory } from '../stacks/instance.ts'
import type { Note } from './step.ts'

/** Where an instance is written, for a note about it; no place for one that is there no more. */
export function placeOf({ inventory }: { readonly inventory: Inventory }, id: InstanceId): Pick<Note, 'path' | 'line'> {
  const at = inventory.get(id)?.at
  return at === undefined ? {} : { path: at.file, line: at.line }
}
