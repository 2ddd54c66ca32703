import { createHmac, randomBytes } from 'node:crypto'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { UserError } from '../../error.ts'
import type { Vault } from '../vault.ts'

/** Keys as a team gives them to its jobs: plan jobs have recipients alone, apply jobs the identity as well. */
export interface TeamKeys {
  /** `age1…` */
  readonly recipients: readonly string[]
  /** `AGE-SECRET-KEY-1…`, a line each: what `AIRLOCK_AGE_IDENTITY` holds. */
  readonly identities: string | undefined
  /** 64 hex digits: what `AIRLOCK_READS_KEY` holds. */
  readonly readsKey: string | undefined
}

/**
 * A vault with the keys of a team (https://age-encryption.org/v1): it encrypts to everybody who may apply, and decrypts where
 * one of the identities is at hand. What is not given is missed when it is needed.
 * @throws UserError `recipients-missing`, `recipient-invalid`, `identity-missing`, `identity-invalid`, `reads-key-missing`
 */
export function recipientVault({ recipients, identities, readsKey }: TeamKeys): Vault {
  return {
    async encrypt(bytes) {
      if (recipients.length === 0) throw noRecipients()
      const encrypter = new Encrypter()
      for (const recipient of recipients) addRecipient(encrypter, recipient)
      return encrypter.encrypt(bytes)
    },
    async decrypt(bytes) {
      const decrypter = new Decrypter()
      for (const identity of identitiesIn(identities)) addIdentity(decrypter, identity)
      try {
        return await decrypter.decrypt(bytes)
      } catch (cause) {
        throw new UserError({
          code: 'not-decryptable',
          message:
            'this cannot be decrypted with the identity in AIRLOCK_AGE_IDENTITY: it was changed, or encrypted to other recipients',
          fix: 'look whether the identity belongs to integrations.airlock.recipients, then plan again',
          cause,
        })
      }
    },
    hash: (value) => createHmac('sha256', hashKey(readsKey)).update(value).digest('hex'),
  }
}

/** A vault whose key ends with the process: for a try without a store, in which nobody will apply what was planned. */
export function throwAwayVault(): Vault {
  const readsKey = randomBytes(32).toString('hex')
  let opened: Promise<Vault> | undefined
  const vault = () => {
    opened ??= generateX25519Identity().then(async (identity) =>
      recipientVault({ recipients: [await identityToRecipient(identity)], identities: identity, readsKey }),
    )
    return opened
  }
  return {
    encrypt: async (bytes) => (await vault()).encrypt(bytes),
    decrypt: async (bytes) => (await vault()).decrypt(bytes),
    hash: (value) => createHmac('sha256', Buffer.from(readsKey, 'hex')).update(value).digest('hex'),
  }
}

/** New keys for a team. */
export async function newTeamKeys(): Promise<{
  readonly identity: string
  readonly recipient: string
  readonly readsKey: string
}> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity), readsKey: randomBytes(32).toString('hex') }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    throw new UserError({
      code: 'recipient-invalid',
      message: `integrations.airlock.recipients holds what is no age recipient: ${recipient.startsWith('AGE-SECRET') ? 'a secret key' : recipient}`,
      fix: recipient.startsWith('AGE-SECRET')
        ? 'that key is public now: make a new pair (airlock store keygen), and put its recipient (age1…) there'
        : 'put a recipient there (age1…): airlock store keygen makes a pair',
      exit: 2,
      cause,
    })
  }
}

function identitiesIn(text: string | undefined): string[] {
  const lines = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length > 0) return lines
  throw new UserError({
    code: 'identity-missing',
    message: 'sealed plans are encrypted to integrations.airlock.recipients, and AIRLOCK_AGE_IDENTITY is not set here',
    fix: 'give the job the identity from the secret AIRLOCK_AGE_IDENTITY of its environment; plan jobs need none',
    exit: 2,
  })
}

function addIdentity(decrypter: Decrypter, identity: string): void {
  try {
    decrypter.addIdentity(identity)
  } catch {
    // The text is a secret, and so may be what the library says of it.
    throw new UserError({
      code: 'identity-invalid',
      message: 'AIRLOCK_AGE_IDENTITY has a line that is no age identity (AGE-SECRET-KEY-1…)',
      fix: 'store the whole line that airlock store keygen printed; several identities stand on lines of their own',
      exit: 2,
    })
  }
}

function hashKey(text: string | undefined): Buffer {
  const digits = text?.trim() ?? ''
  if (/^[0-9a-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex')
  throw new UserError({
    code: 'reads-key-missing',
    message:
      digits === ''
        ? 'AIRLOCK_READS_KEY is not set: without it nobody can tell whether a value that was read is the same'
        : 'AIRLOCK_READS_KEY is no key: 64 hex digits are expected',
    fix: 'give every job the same secret AIRLOCK_READS_KEY; airlock store keygen makes one',
    exit: 2,
  })
}

function noRecipients(): UserError {
  return new UserError({
    code: 'recipients-missing',
    message: 'nobody is named to encrypt sealed plans to: integrations.airlock.recipients is empty',
    fix: 'airlock store keygen makes a pair: put its recipient there, and its identity into a secret',
    exit: 2,
  })
}
