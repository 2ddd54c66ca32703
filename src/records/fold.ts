import type { Store } from '../store/store.ts'
import type { InboxPlan } from './inbox.ts'
import { received } from './inbox.ts'
import { type Journal, transact } from './journal.ts'
import { inboxPrefix } from './keys.ts'

/** What a fold came to. `foreign`: objects that nobody vouches for, left where they are, with the reason. */
export interface Folded {
  readonly plans: readonly InboxPlan[]
  readonly foreign: readonly string[]
}

/**
 * Takes what plan jobs left in the inbox into the documents, oldest plan first, and removes it there. Runs no Terraform.
 * Doing it twice, or two at once, comes to the same.
 * @param run only this run's part; all of it where left out
 */
export async function fold(
  journal: Journal,
  { run, maxAgeMs }: { readonly run?: string; readonly maxAgeMs: number },
): Promise<Folded> {
  const { store } = journal
  const plans: { readonly key: string; readonly of: InboxPlan }[] = []
  const foreign: string[] = []
  for (const key of await store.list(inboxPrefix(run))) {
    const found = await store.get(key)
    if (found === undefined) continue // another fold took it
    const object = received(key, found.bytes, maxAgeMs)
    if (object.kind === 'foreign') foreign.push(object.why)
    else if (await isSealed(store, object.of)) plans.push({ key, of: object.of })
    else foreign.push(`${key} names a sealed plan that is not there: ${object.of.plan.blob}`)
  }
  plans.sort((a, b) => a.of.plan.createdMs - b.of.plan.createdMs)
  for (const { key, of } of plans) {
    const { status: _, ...plan } = of.plan
    await transact(journal, of.address, { kind: 'store-plan', name: of.name, plan })
    await store.delete(key, { kind: 'any' })
  }
  return { plans: plans.map(({ of }) => of), foreign }
}

async function isSealed(store: Store, { plan }: InboxPlan): Promise<boolean> {
  const [blob] = await store.list(plan.blob)
  return blob === plan.blob
}
