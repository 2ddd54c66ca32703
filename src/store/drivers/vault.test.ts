import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { vaultContract } from '../vault.contract.ts'
import { ageVault } from './age.ts'
import { memoryVault } from './memory-vault.ts'

const root = mkdtempSync(join(tmpdir(), 'airlock-vault-'))
let count = 0
const fresh = () => {
  count += 1
  return join(root, String(count), 'airlock')
}
afterAll(() => rmSync(root, { recursive: true }))

vaultContract('memory', async () => memoryVault())
vaultContract('age', async () => ageVault({ folder: fresh() }))

test('keys are made at first use, for their owner alone, and kept', async () => {
  const folder = fresh()
  const vault = ageVault({ folder })
  expect(existsSync(folder)).toBe(false)
  const hidden = await vault.encrypt(new Uint8Array([1, 2, 3]))
  const hash = vault.hash('x')
  expect(readdirSync(folder).sort()).toEqual(['plans.key', 'reads.key'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  const again = ageVault({ folder })
  expect(await again.decrypt(hidden)).toEqual(new Uint8Array([1, 2, 3]))
  expect(again.hash('x')).toBe(hash)
})

test('a key that others may read is refused, with the command that closes it', async () => {
  const folder = fresh()
  await ageVault({ folder }).encrypt(new Uint8Array())
  chmodSync(join(folder, 'plans.key'), 0o644)
  await expect(ageVault({ folder }).encrypt(new Uint8Array())).rejects.toMatchObject({
    code: 'key-exposed',
    message: expect.stringContaining('mode 644'),
    fix: `chmod 600 ${join(folder, 'plans.key')}`,
  })
})

test('a file that holds no key is never written over', async () => {
  const folder = fresh()
  mkdirSync(folder, { recursive: true })
  for (const name of ['plans.key', 'reads.key']) writeFileSync(join(folder, name), 'half a', { mode: 0o600 })
  await expect(ageVault({ folder }).encrypt(new Uint8Array())).rejects.toMatchObject({ code: 'key-unreadable' })
  expect(() => ageVault({ folder }).hash('x')).toThrow(expect.objectContaining({ code: 'key-unreadable' }))
  expect(readFileSync(join(folder, 'plans.key'), 'utf8')).toBe('half a')
})

test('a folder that cannot be made says what to do', () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  expect(() => ageVault({ folder: join(file, 'airlock') }).hash('x')).toThrow(
    expect.objectContaining({ name: 'UserError', code: expect.stringMatching(/^key-un(writable|readable)$/) }),
  )
})

test('of processes that make the first key at once, all end up with the same', async () => {
  const folder = fresh()
  const script = `
    const { ageVault } = await import(${JSON.stringify(new URL('./age.ts', import.meta.url).href)})
    const { readFileSync } = await import('node:fs')
    while (Date.now() < Number(process.argv.at(-1))) {}
    const vault = ageVault({ folder: ${JSON.stringify(folder)} })
    await vault.encrypt(new Uint8Array())
    process.stdout.write(vault.hash('x'))`
  const tsx = fileURLToPath(import.meta.resolve('tsx'))
  const start = String(Date.now() + 2500)
  const runs = Array.from(
    { length: 6 },
    () =>
      new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script, start])
        let out = ''
        let err = ''
        child.stdout.on('data', (data) => {
          out += String(data)
        })
        child.stderr.on('data', (data) => {
          err += String(data)
        })
        child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(err))))
      }),
  )
  const hashes = new Set(await Promise.all(runs))
  expect([...hashes]).toEqual([ageVault({ folder }).hash('x')])
  expect(readdirSync(folder).sort()).toEqual(['plans.key', 'reads.key'])
})
