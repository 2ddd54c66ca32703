import { expect, test } from 'vitest'
import type { Baseline } from './baseline.ts'
import { type AddressDocument, GONE } from './document.ts'
import { type Applied, outdatedCommits, withThisVersion } from './fingerprints.ts'
import { applying, carriedOut, T0, vpc, vpcId } from './fixtures/sample.ts'

const done = carriedOut(applying(), {
  kind: 'conclude',
  fence: 1,
  attempt: 'apply-1',
  outcome: 'done',
  state: undefined,
  reads: [],
})
const applied = (fingerprint: string, adopted?: string): Applied => {
  const document: AddressDocument = { ...done, ledger: { ...done.ledger!, fingerprint } }
  const entry = { name: 'vpc@plat-ue2-prod', address: vpc, reads: [], standing: { kind: 'applied' } } as const
  const baseline: Baseline = {
    format: 1,
    commit: 'beef',
    atMs: T0,
    by: 'ann',
    addresses: { [vpcId]: { ...entry, fingerprint: adopted ?? 'fp1:same' } },
  }
  return { documents: new Map([[vpcId, document]]), baseline: adopted === undefined ? undefined : baseline }
}

test('only fingerprints of another version are asked for again, each commit once', () => {
  expect(outdatedCommits(applied('fp1:aaaa', 'fp1:bbbb'))).toEqual([])
  expect(outdatedCommits(applied(GONE))).toEqual([])
  expect(outdatedCommits(applied('fp0:aaaa', 'fp2:bbbb'))).toEqual(['beef', 'c0ffee'])
})

test('they take the form of this version, and what cannot be told stays', () => {
  const now = withThisVersion(applied('fp0:aaaa', 'fp0:bbbb'), (commit) => (commit === 'beef' ? 'fp1:new' : undefined))
  expect(now.baseline?.addresses[vpcId]?.fingerprint).toBe('fp1:new')
  expect(now.documents.get(vpcId)?.ledger?.fingerprint).toBe('fp0:aaaa')
})

test('what is of this version already is not touched', () => {
  const given = applied('fp1:aaaa', 'fp1:bbbb')
  const now = withThisVersion(given, () => 'fp1:wrong')
  expect(now.documents.get(vpcId)).toBe(given.documents.get(vpcId))
  expect(now.baseline?.addresses[vpcId]?.fingerprint).toBe('fp1:bbbb')
})
