import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../tests/fakes/s3/policy.ts'
import { type FakeS3, startS3 } from '../../tests/fakes/s3/s3.ts'
import { keepingTags } from '../records/keeping.ts'
import type { StoreRole } from '../settings.ts'
import { s3Store } from '../store/drivers/s3.ts'
import { s3Admin } from '../store/drivers/s3-admin.ts'
import type { Store } from '../store/store.ts'
import { bucketWish, provisionBucket } from './provision.ts'
import { roleDesigns, type StoreDesign, subjectsOf } from './provision-roles.ts'

const design: StoreDesign = {
  bucket: 'acme-airlock',
  prefix: 'infra',
  region: 'us-east-1',
  repository: 'Acme/infra',
  ids: { owner: 12, repository: 345 },
  environments: ['dev', 'prod'],
  provider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  account: 'arn:aws:iam::111122223333:root',
}
const roles = new Map(roleDesigns(design).map((it) => [it.role, it]))
const bytes = (text: string) => new TextEncoder().encode(text)
const absent = { kind: 'absent' } as const
const forbidden = expect.objectContaining({ code: 'store-forbidden' })

let s3: FakeS3
let admin: Store
beforeAll(async () => {
  s3 = await startS3()
  const keys = s3.credentials('admin')
  const at = { url: 's3://acme-airlock/infra', region: 'us-east-1', endpoint: s3.url, credentials: async () => keys }
  await provisionBucket(s3Admin(at), bucketWish(design, { planDays: 14 }), { really: true })
  admin = s3Store(at)
})
afterAll(() => s3.close())

/** A store as a job with a role sees it. */
function as(role: StoreRole): Store {
  const keys = s3.credentials(role, roles.get(role)!.policy as Policy)
  return s3Store({
    url: 's3://acme-airlock/infra',
    endpoint: s3.url,
    credentials: async () => keys,
    tags: keepingTags,
    pause: async () => {},
  })
}

const everything = ['documents/a.json', 'pulls/1.json', 'baseline.json', 'events/a/1.json', 'inbox/r/a/p.json']
const secret = ['plans/x', 'errored/a/1']
let made = 0
const fresh = (folder: string) => `${folder}/new-${++made}`

describe('the plan role', () => {
  const plan = () => as('plan')

  test('creates sealed plans, models and inbox objects, with their tags', async () => {
    for (const folder of ['plans', 'models', 'inbox/run/address']) {
      const key = fresh(folder)
      expect((await plan().put(key, bytes('1'), absent)).kind).toBe('written')
      expect(s3.buckets.get('acme-airlock')!.objects.get(`infra/${key}`)![0]!.tags).toEqual({
        airlock: folder.split('/')[0]!.replace(/s$/, ''),
      })
    }
  })

  test('cannot write over what is there, nor delete it', async () => {
    const key = fresh('plans')
    await plan().put(key, bytes('mine'), absent)
    const etag = (await admin.get(key))!.etag
    expect(await plan().put(key, bytes('2'), absent)).toEqual({ kind: 'conflict' })
    await expect(plan().put(key, bytes('2'), { kind: 'any' })).rejects.toEqual(forbidden)
    await expect(plan().put(key, bytes('2'), { kind: 'match', etag })).rejects.toEqual(forbidden)
    await expect(plan().delete(key, { kind: 'any' })).rejects.toEqual(forbidden)
  })

  test('reads and lists nothing, and writes no records', async () => {
    for (const key of [...everything, ...secret]) {
      await admin.put(key, bytes('x'), { kind: 'any' })
      await expect(plan().get(key), key).rejects.toEqual(forbidden)
    }
    await expect(plan().list('')).rejects.toEqual(forbidden)
    for (const folder of ['documents', 'pulls', 'runs/1/approvals', 'events/a', 'errored/a', 'answers'])
      await expect(plan().put(fresh(folder), bytes('x'), absent), folder).rejects.toEqual(forbidden)
  })

  test('cannot give an object another life by another tag, or another prefix', async () => {
    const keys = s3.credentials('plan', roles.get('plan')!.policy as Policy)
    const tagged = (tags: Record<string, string>, url = 's3://acme-airlock/infra') =>
      s3Store({ url, endpoint: s3.url, credentials: async () => keys, tags: () => tags, pause: async () => {} })
    const put = (store: Store) => store.put(fresh('plans'), bytes('x'), absent)
    await expect(put(tagged({ airlock: 'document' }))).rejects.toEqual(forbidden)
    await expect(put(tagged({ airlock: 'plan', owner: 'me' }))).rejects.toEqual(forbidden)
    await expect(put(tagged({ airlock: 'plan' }, 's3://acme-airlock/other'))).rejects.toEqual(forbidden)
    expect((await put(tagged({ airlock: 'plan' }))).kind).toBe('written')
  })

  test('a write whose answer was lost goes on: it may not look, and something is there', async () => {
    let lost = 0
    s3.faults = (ask) => (ask.by === 'plan' && ask.method === 'PUT' && lost++ === 0 ? { kind: 'lost' } : undefined)
    const key = fresh('plans')
    expect(await plan().put(key, bytes('mine'), absent)).toEqual({ kind: 'conflict' })
    expect(new TextDecoder().decode((await admin.get(key))!.bytes)).toBe('mine')
    s3.faults = () => undefined
  })

  test('knows what time it is', async () => {
    expect(Math.abs((await plan().now()) - Date.now())).toBeLessThan(5_000)
  })
})

describe('the fold role', () => {
  test('reads and writes records by compare-and-swap, and empties the inbox', async () => {
    const fold = as('fold')
    for (const folder of ['documents', 'pulls', 'runs/1/approvals', 'events/a', 'models', 'answers']) {
      const key = `${fresh(folder)}.json`
      expect(await fold.get(key)).toBeUndefined()
      expect((await fold.put(key, bytes('1'), absent)).kind).toBe('written')
    }
    for (const key of [fresh('documents'), fresh('answers')]) {
      const first = await fold.put(key, bytes('1'), absent)
      const etag = first.kind === 'written' ? first.etag : ''
      expect((await fold.put(key, bytes('2'), { kind: 'match', etag })).kind).toBe('written')
    }
    await admin.put('inbox/r/a/q.json', bytes('x'), { kind: 'any' })
    expect(await fold.list('inbox/r/a/q')).toEqual(['inbox/r/a/q.json'])
    expect(await fold.delete('inbox/r/a/q.json', { kind: 'any' })).toEqual({ kind: 'deleted' })
  })

  test('cannot read sealed plans or kept states, write documents blindly, or delete records', async () => {
    const fold = as('fold')
    for (const key of secret) await expect(fold.get(key), key).rejects.toEqual(forbidden)
    await expect(fold.put('documents/a.json', bytes('x'), { kind: 'any' })).rejects.toEqual(forbidden)
    await expect(fold.put(fresh('plans'), bytes('x'), absent)).rejects.toEqual(forbidden)
    await admin.put('documents/a.json', bytes('x'), { kind: 'any' })
    await expect(fold.delete('documents/a.json', { kind: 'any' })).rejects.toEqual(forbidden)
  })
})

test('the apply role does all that an apply needs, and deletes neither records nor plans', async () => {
  const apply = as('apply')
  for (const key of [...everything, ...secret]) {
    await admin.put(key, bytes(key), { kind: 'any' })
    expect(new TextDecoder().decode((await apply.get(key))!.bytes)).toBe(key)
  }
  for (const folder of ['plans', 'models', 'inbox/r/a', 'errored/a', 'documents', 'events/a'])
    expect((await apply.put(fresh(folder), bytes('x'), absent)).kind).toBe('written')
  for (const key of ['documents/a.json', 'plans/x'])
    await expect(apply.delete(key, { kind: 'any' }), key).rejects.toEqual(forbidden)
  await expect(apply.put('plans/x', bytes('x'), { kind: 'any' })).rejects.toEqual(forbidden)
})

test('the read role reads records, and only reads', async () => {
  const read = as('read')
  await admin.put('documents/a.json', bytes('x'), { kind: 'any' })
  await admin.put('plans/x', bytes('x'), { kind: 'any' })
  expect(await read.get('documents/a.json')).toBeDefined()
  expect(await read.get('documents/none.json')).toBeUndefined()
  expect(await read.list('documents/a.json')).toEqual(['documents/a.json'])
  await expect(read.get('plans/x')).rejects.toEqual(forbidden)
  for (const folder of ['documents', 'events/a', 'models', 'plans', 'inbox/r/a'])
    await expect(read.put(fresh(folder), bytes('x'), absent), folder).rejects.toEqual(forbidden)
  await expect(read.delete('documents/a.json', { kind: 'any' })).rejects.toEqual(forbidden)
})

test('roles trust environments by name: both subjects of a job, never a pattern', () => {
  expect(subjectsOf(design, ['airlock-plan'])).toEqual([
    'repo:Acme/infra:environment:airlock-plan',
    'repo:Acme@12/infra@345:environment:airlock-plan',
  ])
  const trusted = JSON.stringify([...roles.values()].map(({ trust }) => trust))
  expect(trusted).not.toContain('StringLike')
  expect(trusted).not.toContain('ref:')
  expect(roles.get('apply')!.trust.Statement[0]!.Condition!.StringEquals).toMatchObject({
    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
    'token.actions.githubusercontent.com:sub': expect.arrayContaining(['repo:Acme/infra:environment:prod-apply']),
  })
})

describe('a bucket', () => {
  test('that is as it should be asks for nothing', async () => {
    const keys = s3.credentials('admin')
    const at = { url: 's3://acme-airlock', region: 'us-east-1', endpoint: s3.url, credentials: async () => keys }
    expect(await s3Admin(at).steps(bucketWish(design, { planDays: 14 }))).toEqual([])
  })

  test('that others use keeps their rules and statements', async () => {
    const keys = s3.credentials('admin')
    const at = { url: 's3://shared', region: 'us-east-1', endpoint: s3.url, credentials: async () => keys }
    const wish = bucketWish({ ...design, bucket: 'shared' }, { planDays: 14 })
    await provisionBucket(s3Admin(at), wish, { really: true })
    const { settings } = s3.buckets.get('shared')!
    const theirs = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucket',
      Resource: 'arn:aws:s3:::shared',
    }
    settings.set('policy', JSON.stringify({ Version: '2012-10-17', Statement: [theirs] }))
    settings.set(
      'lifecycle',
      settings
        .get('lifecycle')!
        .replace(/airlock-plans/, 'their-rule')
        .replace('44', '7'),
    )
    const done: string[] = []
    await provisionBucket(s3Admin(at), wish, { really: true, done: ({ kind }) => done.push(kind) })
    expect(done).toEqual(['policy', 'lifecycle'])
    expect(settings.get('policy')).toContain('Theirs')
    expect(settings.get('policy')).toContain('AirlockTlsOnly')
    expect(settings.get('lifecycle')).toMatch(/their-rule[\s\S]*airlock-plans/)
  })

  test('refuses requests without TLS', async () => {
    const plainS3 = await startS3({ secure: false, buckets: ['acme-airlock'] })
    const keys = plainS3.credentials('admin')
    const at = { url: 's3://acme-airlock', endpoint: plainS3.url, region: 'us-east-1', credentials: async () => keys }
    const store = s3Store({ ...at, pause: async () => {} })
    expect((await store.put('before', bytes('x'), absent)).kind).toBe('written')
    const { policy } = bucketWish(design, { planDays: 14 })
    await s3Admin(at).carryOut(bucketWish(design, { planDays: 14 }), { kind: 'policy', now: '' })
    expect(JSON.parse(plainS3.buckets.get('acme-airlock')!.settings.get('policy')!)).toEqual(policy)
    await expect(store.put('k', bytes('x'), absent)).rejects.toEqual(forbidden)
    await plainS3.close()
  })
})
