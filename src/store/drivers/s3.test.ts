import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeS3, type Fault, startS3 } from '../../../tests/fakes/s3/s3.ts'
import { storeContract } from '../store.contract.ts'
import type { Store } from '../store.ts'
import { s3Store } from './s3.ts'

const open: FakeS3[] = []
const started = async (clock: () => number = Date.now) => {
  const s3 = await startS3({ buckets: ['records'], clock })
  open.push(s3)
  return s3
}
afterAll(async () => {
  await Promise.all(open.map((it) => it.close()))
})

function storeOf(s3: FakeS3, by = 'fold', clock?: () => number): Store {
  const keys = s3.credentials(by)
  const at = { url: 's3://records/acme', endpoint: s3.url, credentials: async () => keys }
  return s3Store({ ...at, pause: async () => {}, ...(clock && { clock }) })
}

storeContract('s3', async (clock) => storeOf(await started(clock), 'fold', clock))

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (found: { readonly bytes: Uint8Array } | undefined) => found && new TextDecoder().decode(found.bytes)
const absent = { kind: 'absent' } as const

let s3: FakeS3
let key = ''
let count = 0
beforeAll(async () => {
  s3 = await started()
})

/** A store on a new key, whose next writes (or requests of another method) meet faults, one each. */
function meeting(faults: readonly (Fault | undefined)[], method = 'PUT'): Store {
  const by = `caller-${++count}`
  key = `documents/${by}.json`
  const left = [...faults]
  s3.faults = (ask) => (ask.method === method && ask.by === by ? left.shift() : undefined)
  return storeOf(s3, by)
}

const refuse = (status: number, code: string): Fault => ({ kind: 'refuse', status, code })
const after500: Fault = { kind: 'after', status: 500, code: 'InternalError' }

test('one of 50 racing writers wins, and each learns whether it was', async () => {
  const stores = Array.from({ length: 5 }, () => storeOf(s3))
  const race = async (condition: { kind: 'absent' } | { kind: 'match'; etag: string }) => {
    const puts = Array.from({ length: 50 }, (_, i) => stores[i % 5]!.put('race', bytes(`writer ${i}`), condition))
    const kinds = (await Promise.all(puts)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'written')).toHaveLength(1)
    const won = await stores[0]!.get('race')
    expect(text(won)).toBe(`writer ${kinds.indexOf('written')}`)
    return won!.etag
  }
  const etag = await race(absent)
  await race({ kind: 'match', etag })
})

test.each([
  ['its answer was lost', [{ kind: 'lost' }]],
  ['it was carried out, and the answer said 500', [after500]],
  ['its answer was lost, and then two writes met', [{ kind: 'lost' }, refuse(409, 'ConditionalRequestConflict')]],
  ['two answers were lost', [{ kind: 'lost' }, { kind: 'lost' }]],
  ['the connection broke before it', [{ kind: 'dropped' }]],
  ['two writes met', [refuse(409, 'ConditionalRequestConflict'), refuse(409, 'OperationAborted')]],
  ['S3 was overloaded', [refuse(503, 'SlowDown'), refuse(500, 'InternalError'), refuse(503, 'ServiceUnavailable')]],
] satisfies [string, Fault[]][])('a write is made once, and known as ours, when %s', async (_, faults) => {
  for (const kind of ['absent', 'match'] as const) {
    const store = meeting([])
    const before = kind === 'match' ? await store.put(key, bytes('before'), absent) : undefined
    const mine = key
    const again = meeting(faults)
    const condition = before?.kind === 'written' ? ({ kind: 'match', etag: before.etag } as const) : absent
    const put = await again.put(mine, bytes('mine'), condition)
    const found = await again.get(mine)
    expect(put).toEqual({ kind: 'written', etag: found?.etag })
    expect(text(found)).toBe('mine')
    expect(s3.requests.filter(({ by, method }) => by === `caller-${count}` && method === 'PUT')).toHaveLength(
      faults.length + 1,
    )
  }
})

test('a write that others overtook while its answer was lost is not called a conflict', async () => {
  const store = meeting([])
  const first = await store.put(key, bytes('1'), absent)
  const mine = key
  const other = storeOf(s3, 'other')
  const slow = meeting([{ kind: 'lost' }, { kind: 'slow', ms: 0 }])
  const faults = s3.faults
  let tries = 0
  s3.faults = (ask) => {
    // Between the lost answer and the second try somebody reads what was written, and writes over it.
    if (ask.by !== 'other' && ask.method === 'PUT' && ++tries === 2) overwrite(mine)
    return faults(ask)
  }
  const condition = { kind: 'match', etag: first.kind === 'written' ? first.etag : '' } as const
  await expect(slow.put(mine, bytes('2'), condition)).rejects.toThrow('cannot be told')
  expect(text(await other.get(mine))).toBe('theirs')

  function overwrite(path: string): void {
    const versions = s3.buckets.get('records')!.objects.get(`acme/${path}`)!
    versions[0] = { ...versions[0]!, bytes: bytes('theirs'), etag: '"theirs"', headers: {} }
  }
})

test('a delete whose answer was lost is a delete', async () => {
  const store = meeting([{ kind: 'lost' }], 'DELETE')
  await store.put(key, bytes('1'), absent)
  expect(await store.delete(key, { kind: 'any' })).toEqual({ kind: 'deleted' })
  expect(await store.get(key)).toBeUndefined()
})

test('reads survive broken connections and slow answers', async () => {
  const store = meeting([{ kind: 'dropped' }, refuse(500, 'InternalError'), { kind: 'slow', ms: 20 }], 'GET')
  await store.put(key, bytes('1'), absent)
  expect(text(await store.get(key))).toBe('1')
})

test('a store that does not answer is given up, and the error says what to do', async () => {
  const store = meeting(Array.from({ length: 20 }, () => refuse(503, 'SlowDown')))
  await expect(store.put(key, bytes('1'), absent)).rejects.toMatchObject({
    code: 'store-unreachable',
    message: `s3://records/acme did not write ${key} in 7 tries: SlowDown (503)`,
  })
})

test('lists past one page', async () => {
  const store = storeOf(s3)
  const objects = s3.buckets.get('records')!.objects
  await store.put('many/0000', bytes(''), absent)
  for (let i = 1; i < 2300; i++) objects.set(`acme/many/${String(i).padStart(4, '0')}`, objects.get('acme/many/0000')!)
  const keys = await store.list('many/')
  expect(keys).toHaveLength(2300)
  expect(keys.at(-1)).toBe('many/2299')
  expect(new Set(keys).size).toBe(2300)
})

test('keeps what is as large as a planfile gets, and gives it back bit by bit the same', async () => {
  const store = storeOf(s3)
  const large = Uint8Array.from({ length: 6_000_000 }, (_, i) => (i * 2654435761) >>> 24)
  await store.put('plans/large', large, absent)
  expect(Buffer.compare((await store.get('plans/large'))!.bytes, large)).toBe(0)
})

test('what is stored can be opened without Airlock: JSON in gzip', async () => {
  const store = storeOf(s3)
  await store.put('documents/x.json', bytes('{"a":1}'), absent)
  const stored = s3.buckets.get('records')!.objects.get('acme/documents/x.json')![0]!
  const { gunzipSync } = await import('node:zlib')
  expect(gunzipSync(stored.bytes).toString()).toBe('{"a":1}')
  expect(stored.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/json' })
})

test.each([
  ['store-missing', 's3://nowhere/acme', undefined],
  ['store-credentials-refused', 's3://records', { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }],
])('%s is told in words', async (code, url, keys) => {
  const given = keys ?? s3.credentials('x')
  const store = s3Store({ url, endpoint: s3.url, credentials: async () => given })
  await expect(store.get('k')).rejects.toMatchObject({ code, message: expect.stringContaining(url) })
})

test('a machine whose clock is hours off reads, writes and tells the time of the store', async () => {
  const early = await started(() => Date.now() - 5 * 3_600_000)
  const store = storeOf(early)
  expect((await store.put('k', bytes('1'), absent)).kind).toBe('written')
  expect(Math.abs((await store.now()) - (Date.now() - 5 * 3_600_000))).toBeLessThan(60_000)
})

test('an answer tells the time for a minute, by the clock of the machine; then the bucket is asked', async () => {
  let machineMs = 0
  const store = storeOf(s3, 'timed', () => machineMs)
  const asked = () => s3.requests.filter(({ by, method }) => by === 'timed' && method === 'HEAD').length
  await store.get('documents/none.json')
  const first = await store.now()
  machineMs += 59_000
  expect([await store.now(), asked()]).toEqual([first + 59_000, 0])
  machineMs += 2_000
  expect([await store.now(), asked()]).toEqual([first + 59_000, 1])
})

test('a list tells the version that reading gives, and another one after each write', async () => {
  const store = storeOf(s3, 'versions')
  await store.put('versions/a.json', bytes('{}'), absent)
  const first = await store.versions!('versions/')
  expect([...first]).toEqual([['versions/a.json', (await store.get('versions/a.json'))!.etag]])
  await store.put('versions/a.json', bytes('{}'), { kind: 'any' })
  expect((await store.versions!('versions/')).get('versions/a.json')).not.toBe(first.get('versions/a.json'))
})
