import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { folderCache } from './folder-cache.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-cache-'))
  folders.push(folder)
  return join(folder, 'cache')
}

const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found)

test('what was put is there for the next process, and nothing else is', async () => {
  const folder = emptyFolder()
  await folderCache({ folder, maxBytes: 1000 }).put('a', bytes('answer'))
  const next = folderCache({ folder, maxBytes: 1000 })
  expect(textOf(await next.get('a'))).toBe('answer')
  expect(await next.get('b')).toBeUndefined()
})

test('a damaged entry, a shortened one, and one of another key are not believed', async () => {
  const folder = emptyFolder()
  const cache = folderCache({ folder, maxBytes: 1000 })
  await cache.put('a', bytes('answer'))
  const [name] = readdirSync(folder)
  const whole = readFileSync(join(folder, name!))
  for (const damaged of [
    whole.subarray(0, -1),
    whole.subarray(0, 10),
    Buffer.alloc(0),
    Buffer.concat([whole, whole]),
  ]) {
    writeFileSync(join(folder, name!), damaged)
    expect(await cache.get('a')).toBeUndefined()
  }
  await cache.put('b', bytes('other'))
  const other = readdirSync(folder).find((it) => it !== name)!
  writeFileSync(join(folder, name!), readFileSync(join(folder, other)))
  expect(await cache.get('a')).toBeUndefined()
  await cache.put('a', bytes('again'))
  expect(textOf(await cache.get('a'))).toBe('again')
})

test('it stays below its bound: what was used longest ago goes', async () => {
  const folder = emptyFolder()
  const cache = folderCache({ folder, maxBytes: 2 * (32 + 110) })
  await cache.put('old', randomBytes(100))
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1000, 1000)
  await cache.put('used', randomBytes(100))
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1000, 1000)
  expect(await cache.get('used')).toBeDefined()
  await cache.put('new', randomBytes(100))
  expect(await cache.get('old')).toBeUndefined()
  expect(await cache.get('used')).toBeDefined()
  expect(await cache.get('new')).toBeDefined()
})

test('where nothing can be written, nothing is kept and nothing fails', async () => {
  const folder = emptyFolder()
  writeFileSync(folder, 'a file where the folder should be')
  const cache = folderCache({ folder, maxBytes: 1000 })
  await cache.put('a', bytes('answer'))
  expect(await cache.get('a')).toBeUndefined()
  expect(readFileSync(folder, 'utf8')).toBe('a file where the folder should be')
})

test('what is kept is for nobody else to read, and no half-written file stays', async () => {
  const folder = emptyFolder()
  const cache = folderCache({ folder, maxBytes: 1000 })
  await Promise.all(Array.from({ length: 8 }, () => cache.put('a', bytes('answer'))))
  expect(readdirSync(folder)).toHaveLength(1)
  expect(existsSync(folder)).toBe(true)
  chmodSync(folder, 0o500)
  expect(textOf(await cache.get('a'))).toBe('answer')
  chmodSync(folder, 0o700)
})
