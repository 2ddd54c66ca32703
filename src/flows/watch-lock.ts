import { isOfApply, type StateLock } from '../terraform/state-lock.ts'
import type { StateRef } from '../terraform/states.ts'
import type { World } from './world.ts'

const everyMs = 500

/**
 * Looks at Terraform's own lock where a backend keeps it beside the state, until there is one of an apply that was not there
 * before; the answer stops it. A look that fails is made again: what nobody saw is released by a person.
 */
export async function watchLock(
  { states, machine }: Pick<World, 'states' | 'machine'>,
  ref: StateRef,
  seen: (lock: StateLock) => void,
): Promise<() => void> {
  const look = async () => states.lock?.(ref)
  if (states.lock === undefined) return () => {}
  const before = await look().catch(() => undefined)
  let over = false
  const stop = machine.every(everyMs, async () => {
    if (over) return
    const found = await look()
    if (over || found === undefined || found.id === before?.id || !isOfApply(found)) return
    over = true
    seen(found)
  })
  return () => {
    over = true
    stop()
  }
}
