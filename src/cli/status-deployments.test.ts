import { expect, test } from 'vitest'
import { differencesText } from './status-deployments.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const deployed = { fingerprint: 'fp1:a', digest: 'pd1:7c0e51d2', commit: 'a91f03b0'.repeat(5), atMs: nowMs - 3_600_000 }

test('where deployments and records agree, that is said', () => {
  expect(differencesText([], nowMs)).toContain('say of everything what the deployments')
})

test('what was deployed and is not in the records is named, with the way back', () => {
  const at = { environment: 'prod', address: 'a' }
  const text = differencesText(
    [
      { ...at, id: 'vpc@plat-ue2-prod', deployed, recorded: undefined },
      { ...at, id: 'cluster@plat-ue2-prod', deployed, recorded: { fingerprint: 'fp1:b', atMs: nowMs - 7_200_000 } },
    ],
    nowMs,
  )
  expect(text).toContain('of 2 instances')
  expect(text).toMatch(
    /vpc -s plat-ue2-prod +prod +applied .*at a91f03b, digest 7c0e 51d2 +the records know of no apply/,
  )
  expect(text).toMatch(/cluster -s plat-ue2-prod .*the records: another one/)
  expect(text).toContain('airlock adopt --at COMMIT')
})
