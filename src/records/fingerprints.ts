import type { AddressId } from './address.ts'
import type { Baseline, BaselineEntry } from './baseline.ts'
import { type AddressDocument, GONE, type Target } from './document.ts'

/** Begins every fingerprint that this version makes. */
const version = 'fp1:'

/** What the records say is applied: by address, and by what adoption found. */
export interface Applied {
  readonly documents: ReadonlyMap<AddressId, AddressDocument>
  readonly baseline: Baseline | undefined
}

/** Commits whose fingerprints another version of Airlock made: `airlock` asks them again, so that nothing looks changed. */
export function outdatedCommits({ documents, baseline }: Applied): string[] {
  const ledgers = [...documents.values()].flatMap(({ ledger }) =>
    ledger && isOutdated(ledger.fingerprint) ? [ledger.commit] : [],
  )
  const adopted = Object.values(baseline?.addresses ?? {}).some(({ fingerprint }) => isOutdated(fingerprint))
  return [...new Set([...ledgers, ...(baseline && adopted ? [baseline.commit] : [])])].sort()
}

/**
 * The same with fingerprints of this version in place of others.
 * @param fingerprintAt what a commit asks of an address by this version's measure; undefined where that cannot be told, so
 * that the old one stays, and the address shows up as changed
 */
export function withThisVersion(
  applied: Applied,
  fingerprintAt: (commit: string, address: AddressId) => Target | undefined,
): Applied {
  const now = (fingerprint: Target, commit: string, id: AddressId) =>
    isOutdated(fingerprint) ? (fingerprintAt(commit, id) ?? fingerprint) : fingerprint
  const { documents, baseline } = applied
  return {
    documents: new Map(
      [...documents].map(([id, document]) => {
        const { ledger } = document
        if (ledger === undefined || !isOutdated(ledger.fingerprint)) return [id, document]
        return [id, { ...document, ledger: { ...ledger, fingerprint: now(ledger.fingerprint, ledger.commit, id) } }]
      }),
    ),
    baseline: baseline && {
      ...baseline,
      addresses: Object.fromEntries(
        (Object.entries(baseline.addresses) as [AddressId, BaselineEntry][]).map(([id, entry]) => [
          id,
          { ...entry, fingerprint: now(entry.fingerprint, baseline.commit, id) },
        ]),
      ),
    },
  }
}

function isOutdated(fingerprint: Target): boolean {
  return fingerprint !== GONE && !fingerprint.startsWith(version)
}
