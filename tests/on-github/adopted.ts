import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { checkout, commitOf } from '../../src/flows/checkout.ts'
import { addressOf } from '../../src/flows/documents.ts'
import { addressId } from '../../src/records/address.ts'
import { encodeBaseline } from '../../src/records/baseline.ts'
import { baselineKey } from '../../src/records/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { openRepo } from '../../src/wire.ts'

/**
 * Writes the baseline of an estate whose every instance is as the default branch asks: a house whose tests are about what
 * somebody changes begins with nothing in flight, and no Terraform has run.
 * @param bare the bare repository
 * @param folder where a clone may be made
 */
export async function adopted(store: Store, bare: string, folder: string): Promise<void> {
  await promisify(execFile)('git', ['clone', '--quiet', bare, folder])
  const world = await openRepo({ cwd: folder, env: {} })
  const commit = await commitOf(world, 'HEAD')
  const { subjects } = await checkout(world, commit)
  const addresses = [...subjects.values()].map(({ instance, fingerprint }) => {
    const address = addressOf(instance)
    return [
      addressId(address),
      { name: instance.id, address, fingerprint, reads: [], standing: { kind: 'applied' } },
    ] as const
  })
  const baseline = {
    format: 1,
    commit,
    atMs: await store.now(),
    by: 'ann',
    addresses: Object.fromEntries(addresses),
  } as const
  await store.put(baselineKey, encodeBaseline(baseline), { kind: 'absent' })
}
