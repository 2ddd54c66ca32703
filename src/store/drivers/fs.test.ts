import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'
import { UserError } from '../../error.ts'
import { storeContract } from '../store.contract.ts'
import type { Store } from '../store.ts'
import { type Fault, faultyFiles } from './faulty-files.ts'
import { realFiles } from './files.ts'
import { fsStore } from './fs.ts'
import { thisOwner } from './owner.ts'
import type { RaceCommand } from './race-worker.ts'

const base = mkdtempSync(join(tmpdir(), 'airlock-store-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const newFolder = () => mkdtempSync(join(base, 'a folder-'))
const bytes = (content: string) => new TextEncoder().encode(content)
const read = async (store: Store, key: string) => {
  const got = await store.get(key)
  return got && new TextDecoder().decode(got.bytes)
}

storeContract('fs', async (clock) => fsStore({ folder: newFolder(), clock }))

describe('when the disk fails', () => {
  const faults: readonly (Fault & { readonly lasting?: boolean })[] = [
    { code: 'ENOSPC', when: 'before' },
    { code: 'ENOSPC', when: 'middle' },
    { code: 'ENOSPC', when: 'before', lasting: true },
    { code: 'EROFS', when: 'before', lasting: true },
    { code: 'EIO', when: 'before' },
    { code: 'EIO', when: 'middle', lasting: true },
    { code: 'EIO', when: 'after' },
  ]
  const operations: Readonly<Record<string, (store: Store, etag: string) => Promise<unknown>>> = {
    'put absent': (store) => store.put('new', bytes('NEW NEW'), { kind: 'absent' }),
    'put match': (store, etag) => store.put('old', bytes('NEW NEW'), { kind: 'match', etag }),
    'put any': (store) => store.put('old', bytes('NEW NEW'), { kind: 'any' }),
    delete: (store, etag) => store.delete('old', { kind: 'match', etag }),
  }
  for (const [name, operation] of Object.entries(operations)) {
    test.each(faults)(
      `${name}: $code $when (lasting: $lasting) at every call leaves the old or the new, whole and unlocked`,
      async (fault) => {
        let reached = 0
        let failures = 0
        for (let at = 1; at <= reached + 1; at++) {
          const folder = newFolder()
          const healthy = fsStore({ folder, waitMs: 500 })
          await healthy.put('old', bytes('old'), { kind: 'absent' })
          const etag = (await healthy.get('old'))?.etag ?? ''
          const faulty = faultyFiles(realFiles, { ...fault, at })
          const outcome = await operation(fsStore({ folder, files: faulty.files, waitMs: 500 }), etag).catch(
            (error) => error,
          )
          reached = Math.max(reached, faulty.count() >= at ? at : 0)
          if (outcome instanceof Error) {
            failures += 1
            expect(outcome).toBeInstanceOf(UserError)
            expect(outcome).toMatchObject({ code: 'store-unwritable', fix: expect.stringContaining('run again') })
          }
          const after = { old: await read(healthy, 'old'), new: await read(healthy, 'new') }
          const whole =
            name === 'put absent' ? [{ old: 'old', new: 'NEW NEW' }] : name === 'delete' ? [{}] : [{ old: 'NEW NEW' }]
          const untouched = { old: 'old' }
          expect(outcome instanceof Error ? [untouched, ...whole] : whole, `call ${at}`).toContainEqual(after)
          if (fault.when !== 'after' && outcome instanceof Error && at <= 3) expect(after).toEqual(untouched)
          for (const key of ['old', 'new'])
            expect((await healthy.put(key, bytes('next'), { kind: 'any' })).kind).toBe('written')
          expect(await healthy.list('')).toEqual(['new', 'old'])
        }
        expect(reached).toBeGreaterThan(5)
        expect(failures).toBeGreaterThan(3)
      },
    )
  }

  test('the time is still told, though its mark cannot be kept', async () => {
    const { files } = faultyFiles(realFiles, { code: 'EROFS', when: 'before', at: 1, lasting: true })
    expect(await fsStore({ folder: newFolder(), files, clock: () => 42 }).now()).toBe(42)
  })
})

describe('between processes', () => {
  const compiled = join(base, 'race-worker.mjs')
  const worker = async (folder: string) => {
    const child = spawn(process.execPath, [compiled], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = lineReader(child)
    child.stdin.write(`${folder}\n`)
    expect(await lines.next()).toBe('ready')
    return { child, lines, ask: (line: RaceCommand) => child.stdin.write(`${line}\n`) }
  }
  const compile = () =>
    build({
      entryPoints: [join(import.meta.dirname, 'race-worker.ts')],
      outfile: compiled,
      bundle: true,
      platform: 'node',
      format: 'esm',
    })

  test('50 that race for one key have exactly one winner, for a new object and for a version', async () => {
    await compile()
    const folder = newFolder()
    const workers = await Promise.all(Array.from({ length: 50 }, () => worker(folder)))
    const race = async (line: RaceCommand) => {
      for (const { ask } of workers) ask(line)
      const answers = await Promise.all(workers.map(({ lines }) => lines.next()))
      expect(answers.filter((answer) => answer === 'conflict').length).toBe(49)
      return workers[answers.indexOf('written')]?.child.pid
    }
    const store = fsStore({ folder })
    expect(await race('absent claim')).toBe(Number(await read(store, 'claim')))
    for (let round = 0; round < 3; round++)
      expect(await race(`match claim ${(await store.get('claim'))?.etag}`)).toBe(Number(await read(store, 'claim')))
    for (const { child } of workers) child.stdin.end()
  }, 180_000)

  test('killed at any instant, they lose no answered write and leave nothing locked', async () => {
    await compile()
    const folder = newFolder()
    let counted = 0
    let highest = 0
    let kills = 0
    const end = Date.now() + 15_000
    const lives = Array.from({ length: 4 }, async () => {
      while (Date.now() < end && (counted < 60 || kills < 24)) {
        const { child, lines, ask } = await worker(folder)
        ask('count n')
        setTimeout(() => child.kill('SIGKILL'), 10 + Math.random() * 120)
        kills += 1
        for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
          const now = /^counted (\d+)$/.exec(line)?.[1]
          if (now === undefined) continue
          counted += 1
          highest = Math.max(highest, Number(now))
        }
      }
    })
    await Promise.all(lives)
    const store = fsStore({ folder, waitMs: 1000 })
    const value = Number(await read(store, 'n'))
    expect(value).toBeGreaterThanOrEqual(highest)
    expect(value).toBeGreaterThanOrEqual(counted)
    expect(value).toBeLessThanOrEqual(counted + kills)
    expect(counted).toBeGreaterThan(0)
    expect((await store.put('n', bytes('0'), { kind: 'any' })).kind).toBe('written')
  }, 180_000)

  test('a living process that holds the lock is named; one of an earlier boot is not waited for', async () => {
    const folder = newFolder()
    const store = fsStore({ folder, waitMs: 50 })
    await store.put('k', bytes('1'), { kind: 'any' })
    const lockFile = join(folder, '~lock', '8254c329a92850f6d539dd376f4816ee')
    const us = thisOwner()
    writeFileSync(lockFile, JSON.stringify(us))
    await expect(store.put('k', bytes('2'), { kind: 'any' })).rejects.toMatchObject({
      code: 'store-busy',
      message: expect.stringContaining(`process ${us.pid} on`),
    })
    const [host, , namespace] = us.machine.split('|')
    for (const left of [{ ...us, machine: `${host}|earlier|${namespace}` }, { ...us, started: '1' }, 'cut o']) {
      writeFileSync(lockFile, typeof left === 'string' ? left : JSON.stringify(left))
      expect((await store.put('k', bytes('2'), { kind: 'any' })).kind).toBe('written')
    }
    expect(readdirSync(join(folder, '~lock'))).toEqual([])
    expect(readdirSync(join(folder, '~tmp'))).toEqual([])
  })
})

/** Lines of a process's stdout, one at a time; undefined when it has ended. */
function lineReader(child: ChildProcess): { next(): Promise<string | undefined> } {
  const lines: string[] = []
  const waiting: ((line: string | undefined) => void)[] = []
  let rest = ''
  let ended = false
  child.stdout?.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      const wanted = waiting.shift()
      if (wanted) wanted(line)
      else lines.push(line)
    }
  })
  child.on('close', () => {
    ended = true
    for (const wanted of waiting.splice(0)) wanted(undefined)
  })
  return {
    next: async () => lines.shift() ?? (ended ? undefined : new Promise((resolve) => waiting.push(resolve))),
  }
}
