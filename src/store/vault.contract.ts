import { describe, expect, test } from 'vitest'
import type { Vault } from './vault.ts'

/** What every driver of `Vault` does. `open` gives a vault with keys of its own. */
export function vaultContract(name: string, open: () => Promise<Vault>): void {
  describe(`vault: ${name}`, () => {
    const secret = new TextEncoder().encode('s3cr3t-T0ken '.repeat(1000))

    test('gives back what it encrypted, and what it encrypted tells nothing', async () => {
      const vault = await open()
      const hidden = await vault.encrypt(secret)
      expect(Buffer.from(hidden).includes('s3cr3t')).toBe(false)
      expect(Buffer.from(await vault.decrypt(hidden)).equals(secret)).toBe(true)
      expect(Buffer.from(await vault.encrypt(secret)).equals(hidden)).toBe(false)
      expect(await vault.decrypt(await vault.encrypt(new Uint8Array()))).toHaveLength(0)
    })

    test('refuses bytes that were changed anywhere, cut short, or are none of its own', async () => {
      const vault = await open()
      const hidden = await vault.encrypt(secret.slice(0, 40))
      const refused = expect.objectContaining({ name: 'UserError', code: 'not-decryptable' })
      for (const index of [0, Math.floor(hidden.length / 2), hidden.length - 1]) {
        const changed = Uint8Array.from(hidden)
        changed[index] = changed[index]! ^ 1
        await expect(vault.decrypt(changed), `byte ${index}`).rejects.toEqual(refused)
      }
      await expect(vault.decrypt(hidden.slice(0, -1))).rejects.toEqual(refused)
      await expect(vault.decrypt(new Uint8Array())).rejects.toEqual(refused)
      await expect((await open()).decrypt(hidden)).rejects.toEqual(refused)
    })

    test('hashes equal values equally, and otherwise with another key', async () => {
      const vault = await open()
      expect(vault.hash('10.0.0.0/16')).toMatch(/^[0-9a-f]{64}$/)
      expect(vault.hash('10.0.0.0/16')).toBe(vault.hash('10.0.0.0/16'))
      expect(vault.hash('10.0.0.0/16')).not.toBe(vault.hash('10.0.0.0/17'))
      expect((await open()).hash('10.0.0.0/16')).not.toBe(vault.hash('10.0.0.0/16'))
    })
  })
}
