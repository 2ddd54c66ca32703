import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { UserError } from '../../error.ts'
import type { Vault } from '../vault.ts'

/** A vault whose keys last as long as the process; for tests. */
export function memoryVault(): Vault {
  const key = randomBytes(32)
  return {
    async encrypt(bytes) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Uint8Array.from(Buffer.concat([nonce, cipher.getAuthTag(), body]))
    },
    async decrypt(bytes) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        decipher.setAuthTag(bytes.subarray(12, 28))
        return Uint8Array.from(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]))
      } catch (cause) {
        throw new UserError({
          code: 'not-decryptable',
          message: 'this was not encrypted here, or was changed since',
          cause,
        })
      }
    },
    hash: (value) => createHmac('sha256', key).update(value).digest('hex'),
  }
}
