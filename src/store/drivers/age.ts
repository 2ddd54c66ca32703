import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { UserError } from '../../error.ts'
import type { Vault } from '../vault.ts'
import { keyFile } from './key-file.ts'

/**
 * A vault with an age key (https://age-encryption.org/v1) in the user's configuration folder, and beside it the key for
 * hashes. Both are made when first needed: opening a vault touches nothing.
 * @param folder usually `$XDG_CONFIG_HOME/airlock` or `~/.config/airlock`
 */
export function ageVault({ folder }: { readonly folder: string }): Vault {
  let hashKey: Buffer | undefined
  let identity: Promise<string> | undefined

  const loadIdentity = async () => {
    const path = join(folder, 'plans.key')
    // Made even when the file is there already: the file's first writer wins, and a key takes a millisecond.
    const fresh = await generateX25519Identity()
    const text = keyFile(path, () => `# Airlock's key to sealed plans on this machine (age)\n${fresh}\n`)
    const line = text.split('\n').find((it) => /^AGE-SECRET-KEY-1[0-9A-Z]+$/.test(it.trim()))
    if (line === undefined) throw unreadable(path, 'an age key (AGE-SECRET-KEY-1…)')
    return line.trim()
  }
  const theIdentity = () => {
    identity ??= loadIdentity().catch((error: unknown) => {
      identity = undefined
      throw error
    })
    return identity
  }
  const theHashKey = () => {
    if (hashKey === undefined) {
      const path = join(folder, 'reads.key')
      const text = keyFile(path, () => `${randomBytes(32).toString('hex')}\n`).trim()
      if (!/^[0-9a-f]{64}$/.test(text)) throw unreadable(path, '64 hex digits')
      hashKey = Buffer.from(text, 'hex')
    }
    return hashKey
  }

  return {
    async encrypt(bytes) {
      const encrypter = new Encrypter()
      encrypter.addRecipient(await identityToRecipient(await theIdentity()))
      return encrypter.encrypt(bytes)
    },
    async decrypt(bytes) {
      const decrypter = new Decrypter()
      decrypter.addIdentity(await theIdentity())
      try {
        return await decrypter.decrypt(bytes)
      } catch (cause) {
        throw new UserError({
          code: 'not-decryptable',
          message: `this cannot be decrypted with the key in ${folder}: it was changed, or encrypted to another key`,
          fix: 'plan again on this machine',
          cause,
        })
      }
    },
    hash: (value) => createHmac('sha256', theHashKey()).update(value).digest('hex'),
  }
}

function unreadable(path: string, expected: string): UserError {
  return new UserError({
    code: 'key-unreadable',
    message: `${path} holds no key: expected ${expected}`,
    fix: `put the key back; or remove the file, and plan again what was sealed with it`,
    exit: 2,
  })
}
