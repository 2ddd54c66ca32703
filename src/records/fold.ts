import type { Store } from '../store/store.ts'
import { addressId } from './address.ts'
import { type InboxPlan, isOutcomeKey, received } from './inbox.ts'
import { type Journal, transact } from './journal.ts'
import { inboxPrefix } from './keys.ts'

/** What a fold came to. `foreign`: objects that nobody vouches for, left where they are, with the reason. */
export interface Folded {
  readonly plans: readonly InboxPlan[]
  readonly foreign: readonly string[]
}

/**
 * Takes what plan jobs left in the inbox into the documents, oldest plan first, and removes it there; what came to no plan stays, to be told. Runs no Terraform.
 * Doing it twice, or two at once, comes to the same.
 * @param run only this run's part; all of it where left out
 * @param sealed `elsewhere`: sealed plans were not handed on with what tells of them, since nothing is ever applied from here
 */
export async function fold(
  journal: Journal,
  {
    run,
    maxAgeMs,
    sealed = 'here',
  }: { readonly run?: string; readonly maxAgeMs: number; readonly sealed?: 'here' | 'elsewhere' },
): Promise<Folded> {
  const { store } = journal
  const keys = (await store.list(inboxPrefix(run))).filter((key) => !isOutcomeKey(key))
  const looked = await inParallel(keys, (key) => look(store, key, maxAgeMs, sealed))
  const plans = looked.flatMap((it) => (it?.kind === 'plan' ? [it] : []))
  const byAddress = new Map<string, (typeof plans)[number][]>()
  for (const it of plans.sort((a, b) => a.of.plan.createdMs - b.of.plan.createdMs)) {
    const id = addressId(it.of.address)
    byAddress.set(id, [...(byAddress.get(id) ?? []), it])
  }
  await inParallel([...byAddress.values()], async (ofOne) => {
    for (const { key, of } of ofOne) {
      const { status: _, ...plan } = of.plan
      await transact(journal, of.address, { kind: 'store-plan', name: of.name, plan })
      await store.delete(key, { kind: 'any' })
    }
  })
  return {
    plans: plans.map(({ of }) => of),
    foreign: looked.flatMap((it) => (it?.kind === 'foreign' ? [it.why] : [])),
  }
}

async function look(
  store: Store,
  key: string,
  maxAgeMs: number,
  sealed: 'here' | 'elsewhere',
): Promise<
  | { readonly kind: 'plan'; readonly key: string; readonly of: InboxPlan }
  | { readonly kind: 'foreign'; readonly why: string }
  | undefined
> {
  const found = await store.get(key)
  if (found === undefined) return undefined // another fold took it
  const object = received(key, found.bytes, maxAgeMs)
  if (object.kind === 'foreign') return object
  if (sealed === 'elsewhere' || (await isSealed(store, object.of))) return { kind: 'plan', key, of: object.of }
  return { kind: 'foreign', why: `${key} names a sealed plan that is not there: ${object.of.plan.blob}` }
}

async function isSealed(store: Store, { plan }: InboxPlan): Promise<boolean> {
  const [blob] = await store.list(plan.blob)
  return blob === plan.blob
}

/** Answers in order, a bounded number of questions at a time. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const width = 16
  for (let at = 0; at < items.length; at += width) {
    results.push(...(await Promise.all(items.slice(at, at + width).map(work))))
  }
  return results
}
