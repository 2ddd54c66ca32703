import { describe, expect, test } from 'vitest'
import type { Condition, Store } from './store.ts'

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)
const bytes = (content: string) => new TextEncoder().encode(content)
const absent: Condition = { kind: 'absent' }
const any: Condition = { kind: 'any' }

/** What every driver of `Store` does. `open` gives a new, empty store whose machine's time is `clock`. */
export function storeContract(name: string, open: (clock: () => number) => Promise<Store>): void {
  const fresh = () => open(Date.now)

  describe(`store: ${name}`, () => {
    test('keeps bytes as they are, and answers undefined for what is not there', async () => {
      const store = await fresh()
      const all = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256)
      expect(await store.get('a/b')).toBeUndefined()
      const put = await store.put('a/b', all, absent)
      const got = await store.get('a/b')
      expect(Buffer.from(got?.bytes ?? []).equals(all)).toBe(true)
      expect(put).toEqual({ kind: 'written', etag: got?.etag })
      expect(await store.get('a')).toBeUndefined()
      await store.put('empty', new Uint8Array(), absent)
      expect((await store.get('empty'))?.bytes.length).toBe(0)
    })

    test('writes where nothing is, once', async () => {
      const store = await fresh()
      expect((await store.put('k', bytes('one'), absent)).kind).toBe('written')
      expect(await store.put('k', bytes('two'), absent)).toEqual({ kind: 'conflict' })
      expect(text((await store.get('k'))?.bytes)).toBe('one')
    })

    test('writes over the version that was read, and over no other', async () => {
      const store = await fresh()
      expect(await store.put('k', bytes('x'), { kind: 'match', etag: 'none' })).toEqual({ kind: 'conflict' })
      const first = await store.put('k', bytes('1'), absent)
      const etag = first.kind === 'written' ? first.etag : ''
      const second = await store.put('k', bytes('2'), { kind: 'match', etag })
      expect(second.kind).toBe('written')
      expect(await store.put('k', bytes('3'), { kind: 'match', etag })).toEqual({ kind: 'conflict' })
      expect(text((await store.get('k'))?.bytes)).toBe('2')
      expect(second).toEqual({ kind: 'written', etag: (await store.get('k'))?.etag })
    })

    test('tells versions apart even when their bytes are equal', async () => {
      const store = await fresh()
      const etags = []
      for (const content of ['a', 'b', 'a', 'a']) {
        await store.put('k', bytes(content), any)
        etags.push((await store.get('k'))?.etag)
      }
      expect(new Set(etags).size).toBe(4)
    })

    test('deletes under the same conditions', async () => {
      const store = await fresh()
      expect(await store.delete('k', any)).toEqual({ kind: 'absent' })
      await store.put('k', bytes('1'), absent)
      const old = (await store.get('k'))?.etag ?? ''
      await store.put('k', bytes('2'), any)
      expect(await store.delete('k', { kind: 'match', etag: old })).toEqual({ kind: 'conflict' })
      expect(await store.delete('k', { kind: 'match', etag: (await store.get('k'))?.etag ?? '' })).toEqual({
        kind: 'deleted',
      })
      expect(await store.get('k')).toBeUndefined()
      expect((await store.put('k', bytes('3'), absent)).kind).toBe('written')
    })

    test('lists keys by any prefix, in byte order', async () => {
      const store = await fresh()
      for (const key of ['b/2', 'b/10', 'b/1/x', 'B', 'bb', 'a', 'b-1', '.x']) await store.put(key, bytes(key), absent)
      expect(await store.list('')).toEqual(['.x', 'B', 'a', 'b-1', 'b/1/x', 'b/10', 'b/2', 'bb'])
      expect(await store.list('b/1')).toEqual(['b/1/x', 'b/10'])
      expect(await store.list('b')).toEqual(['b-1', 'b/1/x', 'b/10', 'b/2', 'bb'])
      expect(await store.list('b/')).toEqual(['b/1/x', 'b/10', 'b/2'])
      expect(await store.list('nothing/here')).toEqual([])
    })

    test('gives out nothing that a caller can change', async () => {
      const store = await fresh()
      const mine = bytes('abc')
      await store.put('k', mine, absent)
      mine[0] = 0
      const got = await store.get('k')
      got?.bytes.fill(0)
      expect(text((await store.get('k'))?.bytes)).toBe('abc')
    })

    test('refuses keys that some driver could not keep', async () => {
      const store = await fresh()
      for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/..', './a', 'a b', 'ü', 'a~', 'a\\b', 'a\0'])
        await expect((async () => store.put(key, bytes(''), any))(), key).rejects.toThrow('not a store key')
    })

    test('lets one of many racing writers win', async () => {
      const store = await fresh()
      const race = async (key: string, condition: Condition) => {
        const puts = Array.from({ length: 20 }, (_, i) => store.put(key, bytes(`writer ${i}`), condition))
        const kinds = (await Promise.all(puts)).map(({ kind }) => kind)
        expect(kinds.filter((kind) => kind === 'written').length).toBe(1)
        expect(text((await store.get(key))?.bytes)).toBe(`writer ${kinds.indexOf('written')}`)
      }
      await race('k', absent)
      await race('k', { kind: 'match', etag: (await store.get('k'))?.etag ?? '' })
    })

    test('tells a time that never goes back, and never stands still for long', async () => {
      let machineMs = 1_000_000
      const store = await open(() => machineMs)
      const times: number[] = []
      for (const step of [0, 5_000, -3_600_000, 10_000, 10_000, -50_000, 5_000, 9_000_000]) {
        machineMs += step
        times.push(await store.now())
      }
      expect([...times].sort((a, b) => a - b)).toEqual(times)
      expect(times[0]).toBe(1_000_000)
      expect((times[4] ?? 0) - (times[2] ?? 0)).toBe(20_000)
      expect(times.at(-1)).toBe(machineMs)
    })
  })
}
