import { type AddressId, addressId } from '../records/address.ts'
import { type Baseline, parseBaseline } from '../records/baseline.ts'
import type { AddressDocument, Target } from '../records/document.ts'
import { type Applied, outdatedCommits, withThisVersion } from '../records/fingerprints.ts'
import { baselineKey } from '../records/keys.ts'
import { type CommitCheckout, checkout } from './checkout.ts'
import { addressOf } from './documents.ts'
import type { World } from './world.ts'

/** What adoption found, where there was one. @throws UserError `record-newer`, `record-unreadable` */
export async function readBaseline({ store }: Pick<World, 'store'>): Promise<Baseline | undefined> {
  const stored = await store.get(baselineKey)
  return stored && parseBaseline(stored.bytes)
}

/**
 * What the records and adoption say is applied. Fingerprints that another version of Airlock made are computed anew from
 * their commits: a new version never makes an estate look changed.
 */
export async function appliedSoFar(
  world: Pick<World, 'repo' | 'ambient' | 'store'>,
  at: CommitCheckout,
  documents: ReadonlyMap<AddressId, AddressDocument>,
): Promise<Applied> {
  const applied = { documents, baseline: await readBaseline(world) }
  const found = new Map<string, ReadonlyMap<AddressId, Target>>()
  for (const name of outdatedCommits(applied)) {
    const commit = await world.repo.resolve(name)
    if (commit === undefined) continue // a shallow clone: what cannot be told again shows up as changed
    const { subjects } =
      commit === at.commit ? at : await checkout(world, commit, { name: commit.slice(0, 7), other: at })
    const fingerprints = [...subjects.values()].map(
      ({ instance, fingerprint }) => [addressId(addressOf(instance)), fingerprint] as const,
    )
    found.set(name, new Map(fingerprints))
  }
  return found.size === 0 ? applied : withThisVersion(applied, (commit, id) => found.get(commit)?.get(id))
}
