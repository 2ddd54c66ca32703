import { expect, test } from 'vitest'
import { privateDigestInput } from './digest.ts'
import { fixtureBytes, fixtureText, fromEnvironment } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import { type SealedPlan, seal, unseal } from './seal.ts'

const plan: SealedPlan = {
  manifest: {
    component: 'vpc',
    stack: 'plat-ue2-prod',
    address: 'local-1f2e',
    fingerprint: 'fp1:00',
    digest: 'pd1:7c0e',
    privateDigest: 'pd1:90b1',
    state: { lineage: 'fbb3a3fc', serial: 6 },
    tool: { kind: 'terraform', version: '1.11.4' },
    commit: 'a91f03b',
    pullRequest: undefined,
    mode: 'normal',
    ephemeral: ['eph'],
    madeMs: 1,
    expiresMs: 2,
  },
  planfile: fixtureBytes('change/planfile'),
  lockFile: '# lock',
  made: new Map([['dist/lambda.zip', new Uint8Array([1, 2, 3])]]),
  covered: privateDigestInput(parsePlan(fixtureText('change/plan.json.golden')), fromEnvironment),
}

const expected = { component: 'vpc', stack: 'plat-ue2-prod', sealedBy: 'run 4410 at 09:58 UTC' }

test('what was sealed is unsealed, whole', () => {
  const { bytes, sha256 } = seal(plan)
  const back = unseal(bytes, { ...expected, sha256 })
  expect({ ...back, planfile: Buffer.from(back.planfile) }).toEqual({ ...plan, planfile: Buffer.from(plan.planfile) })
  const bare = { ...plan, lockFile: undefined, made: new Map() }
  const sealed = seal(bare)
  expect(unseal(sealed.bytes, { ...expected, sha256: sealed.sha256 })).toMatchObject({
    lockFile: undefined,
    made: new Map(),
  })
})

test('equal plans have equal seals, whatever the order of their files', () => {
  const made = (names: string[]) => new Map(names.map((name) => [name, new Uint8Array([name.length])]))
  expect(seal({ ...plan, made: made(['a', 'bb', '__proto__']) }).sha256).toBe(
    seal({ ...plan, made: made(['__proto__', 'bb', 'a']) }).sha256,
  )
  expect(seal({ ...plan, made: made(['a']) }).sha256).not.toBe(seal({ ...plan, made: made(['b']) }).sha256)
})

test('one changed byte breaks the seal, and the refusal says what to do', () => {
  const { bytes, sha256 } = seal(plan)
  for (const index of [0, 40, bytes.length >> 1, bytes.length - 1]) {
    const changed = Uint8Array.from(bytes)
    changed[index] = changed[index]! ^ 1
    expect(() => unseal(changed, { ...expected, sha256 })).toThrow(
      expect.objectContaining({
        code: 'seal-broken',
        exit: 3,
        message: expect.stringMatching(
          /^the sealed plan of vpc in plat-ue2-prod was changed after it was sealed\.\n {2}sealed {2}sha256 [0-9a-f]{4}… {2}by run 4410 at 09:58 UTC\n {2}found {3}sha256 [0-9a-f]{4}…\n {2}Nothing was applied\.$/,
        ),
        fix: 'plan again: airlock plan vpc -s plat-ue2-prod',
      }),
    )
  }
})
