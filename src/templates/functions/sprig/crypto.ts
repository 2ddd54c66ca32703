import { createDecipheriv, createHash, createHmac, scryptSync } from 'node:crypto'
import { bytesOf, textOfBytes } from '../../bytes.ts'
import { type GoFunctions, type GoNumber, GoPanic, goFunction } from '../../value.ts'
import { decodedBase64 } from '../base-encodings.ts'
import { needsWorld } from './world.ts'

/** sprig's hashes and ciphers; what draws random numbers is no part of a plan that must come out twice the same. */
export const cryptoFunctions: GoFunctions = {
  adler32sum: goFunction('func(string) string', (text: string) => String(adler32(bytesOf(text)))),
  bcrypt: needsWorld('bcrypt', 'func(string) string'),
  buildCustomCert: needsWorld('buildCustomCert', 'func(string, string) (sprig.certificate, error)'),
  decryptAES: goFunction('func(string, string) (string, error)', decryptedAes),
  derivePassword: goFunction('func(uint32, string, string, string, string) string', derivedPassword),
  encryptAES: needsWorld('encryptAES', 'func(string, string) (string, error)'),
  genCA: needsWorld('genCA', 'func(string, int) (sprig.certificate, error)'),
  genCAWithKey: needsWorld('genCAWithKey', 'func(string, int, string) (sprig.certificate, error)'),
  genPrivateKey: needsWorld('genPrivateKey', 'func(string) string'),
  genSelfSignedCert: needsWorld('genSelfSignedCert', 'func(string, []any, []any, int) (sprig.certificate, error)'),
  genSelfSignedCertWithKey: needsWorld(
    'genSelfSignedCertWithKey',
    'func(string, []any, []any, int, string) (sprig.certificate, error)',
  ),
  genSignedCert: needsWorld(
    'genSignedCert',
    'func(string, []any, []any, int, sprig.certificate) (sprig.certificate, error)',
  ),
  genSignedCertWithKey: needsWorld(
    'genSignedCertWithKey',
    'func(string, []any, []any, int, sprig.certificate, string) (sprig.certificate, error)',
  ),
  htpasswd: goFunction('func(string, string) string', (user: string, password: string) => {
    if (user.includes(':')) return `invalid username: ${user}`
    return needsWorld('htpasswd', 'func(string, string) string').call(user as never, password as never)
  }),
  sha1sum: goFunction('func(string) string', (text: string) => hash('sha1', text)),
  sha256sum: goFunction('func(string) string', (text: string) => hash('sha256', text)),
  sha512sum: goFunction('func(string) string', (text: string) => hash('sha512', text)),
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(bytesOf(text)).digest('hex')
}

function adler32(bytes: Uint8Array): number {
  let [one, two] = [1, 0]
  for (const byte of bytes) {
    one = (one + byte) % 65_521
    two = (two + one) % 65_521
  }
  return two * 65_536 + one
}

/** AES-256 in CBC: the key is the password filled with zeros, the first block of the text the vector. */
function decryptedAes(password: string, text: string): string {
  if (text === '') return ''
  const key = Buffer.alloc(32)
  key.set(bytesOf(password).subarray(0, 32))
  const sealed = decodedBase64(text)
  if (sealed.length < 16)
    throw new GoPanic(
      `runtime error: slice bounds out of range [:16] with capacity ${Math.floor(bytesOf(text).length / 4) * 3}`,
    )
  if (sealed.length % 16 !== 0) throw new GoPanic('crypto/cipher: input not full blocks')
  const cipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(0, 16)).setAutoPadding(false)
  const open = Buffer.concat([cipher.update(sealed.subarray(16)), cipher.final()])
  if (open.length === 0) throw new GoPanic('runtime error: index out of range [-1]')
  const end = open.length - open.at(-1)!
  if (end < 0) throw new GoPanic(`runtime error: slice bounds out of range [:${end}]`)
  return textOfBytes(open.subarray(0, end))
}

const consonants = 'bcdfghjklmnpqrstvwxyz'

/** What each letter of a password's pattern may become (the Master Password algorithm). */
const letters: Readonly<Record<string, string>> = {
  V: 'AEIOU',
  C: consonants.toUpperCase(),
  v: 'aeiou',
  c: consonants,
  A: `AEIOU${consonants.toUpperCase()}`,
  a: `AEIOUaeiou${consonants.toUpperCase()}${consonants}`,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `AEIOUaeiou${consonants.toUpperCase()}${consonants}0123456789!@#$%^&*()`,
}

/** The patterns of each kind of password. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  maximum: ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno'],
  long: [
    'CvcvnoCvcvCvcv',
    'CvcvCvcvnoCvcv',
    'CvcvCvcvCvcvno',
    'CvccnoCvcvCvcv',
    'CvccCvcvnoCvcv',
    'CvccCvcvCvcvno',
    'CvcvnoCvccCvcv',
    'CvcvCvccnoCvcv',
    'CvcvCvccCvcvno',
    'CvcvnoCvcvCvcc',
    'CvcvCvcvnoCvcc',
    'CvcvCvcvCvccno',
    'CvccnoCvccCvcv',
    'CvccCvccnoCvcv',
    'CvccCvccCvcvno',
    'CvcvnoCvccCvcc',
    'CvcvCvccnoCvcc',
    'CvcvCvccCvccno',
    'CvccnoCvcvCvcc',
    'CvccCvcvnoCvcc',
    'CvccCvcvCvccno',
  ],
  medium: ['CvcnoCvc', 'CvcCvcno'],
  short: ['Cvcn'],
  basic: ['aaanaaan', 'aannaaan', 'aaannaaa'],
  pin: ['nnnn'],
}

function derivedPassword(counter: GoNumber, kind: string, password: string, user: string, site: string): string {
  const choices = Object.hasOwn(patterns, kind) ? patterns[kind] : undefined
  if (!choices) return `cannot find password template ${kind}`
  const scope = Buffer.from('com.lyndir.masterpassword')
  const salt = Buffer.concat([scope, uint32(bytesOf(user).length), bytesOf(user)])
  const key = scryptSync(bytesOf(password), salt, 64, { N: 32_768, r: 8, p: 2, maxmem: 64 * 1024 * 1024 })
  const message = Buffer.concat([scope, uint32(bytesOf(site).length), bytesOf(site), uint32(Number(counter.value))])
  const seed = createHmac('sha256', key).update(message).digest()
  const pattern = choices[seed[0]! % choices.length]!
  return Array.from(pattern, (letter, index) => {
    const among = letters[letter]!
    return among[seed[index + 1]! % among.length]!
  }).join('')
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
