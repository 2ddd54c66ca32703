/** Keeps secrets from whoever can read the store: encrypts what is stored, and hashes values so that only equality is told. */
export interface Vault {
  encrypt(bytes: Uint8Array): Promise<Uint8Array>
  /** @throws UserError `not-decryptable` when the bytes were changed, or were encrypted to another key */
  decrypt(bytes: Uint8Array): Promise<Uint8Array>
  /**
   * A keyed hash (HMAC-SHA-256), 64 lower-case hex digits: equal values give equal hashes, and nobody without the key can
   * try values out.
   */
  hash(value: string): string
}
