import { type ApprovalKind, instanceSettings } from '../settings.ts'
import type { Instance } from '../stacks/instance.ts'
import type { World } from './world.ts'

/** Who approves plans of an instance: as it says; else Git's user with records on this machine, and reviews with others. */
export function approvalKind({ store }: Pick<World, 'store'>, { sections }: Pick<Instance, 'sections'>): ApprovalKind {
  return instanceSettings(sections).approval ?? (store.url.startsWith('file:') ? 'local' : 'review')
}
