import { createHash, createHmac } from 'node:crypto'
import {
  GoError,
  type GoFunction,
  type GoFunctions,
  GoPanic,
  type GoValue,
  goFunction,
  NeedsWorld,
} from '../../value.ts'
import { byteList, bytesOfValue } from './bytes.ts'
import { namespace } from './namespace.ts'
import { integerOf } from './values.ts'

/** Hashes by the names of gomplate's functions, with what node calls them. */
const hashes = {
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  SHA512_224: 'sha512-224',
  SHA512_256: 'sha512-256',
} as const

function digest(hash: string, value: GoValue): Buffer {
  return createHash(hash).update(bytesOfValue(value)).digest()
}

const hashFunctions: GoFunctions = Object.fromEntries(
  Object.entries(hashes).flatMap(([name, hash]): [string, GoFunction][] => [
    [name, goFunction('func(any) string', (value: GoValue) => digest(hash, value).toString('hex'))],
    [`${name}Bytes`, goFunction('func(any) ([]uint8, error)', (value: GoValue) => byteList(digest(hash, value)))],
  ]),
)

/** Hash functions as PBKDF2 is asked for them: `SHA-256`, `SHA256`, `SHA-512/256`. */
function hashNamed(name: string): string {
  const known = /^SHA-?(1|224|256|384|512|512\/224|512\/256)$/.exec(name)?.[1]
  if (known === undefined) throw new GoError(`no such hash ${name}`)
  return `sha${known.replace('/', '-')}`
}

interface Stretching {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly rounds: number
  readonly sizeBytes: number
  readonly hash: string
}

/** How much work a template may ask for: more would hold up whoever renders it. */
const mostRounds = 5_000_000

/** PBKDF2 (RFC 8018), in steps of HMAC. */
function stretched({ password, salt, rounds, sizeBytes, hash }: Stretching): Uint8Array {
  if (sizeBytes < 0) throw new GoPanic(`runtime error: slice bounds out of range [:${sizeBytes}]`)
  const blockBytes = createHash(hash).digest().length
  const count = Math.ceil(sizeBytes / blockBytes)
  if (count * rounds > mostRounds)
    throw new GoError(`crypto.PBKDF2: ${count * rounds} rounds are more than ${mostRounds}`)
  const blocks = Array.from({ length: count }, (_, index) => block(password, salt, rounds, hash, index + 1))
  return Buffer.concat(blocks).subarray(0, sizeBytes)
}

function block(password: Uint8Array, salt: Uint8Array, rounds: number, hash: string, index: number): Buffer {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(index)
  let step = createHmac(hash, password).update(salt).update(number).digest()
  const result = Buffer.from(step)
  for (let round = 1; round < rounds; round++) {
    step = createHmac(hash, password).update(step).digest()
    for (let at = 0; at < result.length; at++) result[at]! ^= step[at]!
  }
  return result
}

function pbkdf2(password: GoValue, salt: GoValue, rounds: GoValue, size: GoValue, ...hash: string[]): string {
  const asked: Stretching = {
    password: bytesOfValue(password),
    salt: bytesOfValue(salt),
    rounds: Number(integerOf(rounds)),
    sizeBytes: Number(integerOf(size)),
    hash: hashNamed(hash[0] ?? 'SHA-1'),
  }
  return Buffer.from(stretched(asked)).toString('hex')
}

/** The key of a wireless network from its name and its pass phrase. */
function wpaPsk(network: GoValue, phrase: GoValue): string {
  const asked = {
    password: bytesOfValue(phrase),
    salt: bytesOfValue(network),
    rounds: 4096,
    sizeBytes: 32,
    hash: 'sha1',
  }
  return Buffer.from(stretched(asked)).toString('hex')
}

/** A function behind a switch of gomplate that Atmos 1.227 leaves off. */
export function experimental(signature: string): GoFunction {
  return goFunction(signature, (): GoValue => {
    throw new GoError('experimental function, but experimental mode not enabled')
  })
}

function bcrypt(...args: GoValue[]): GoValue {
  if (args.length === 0) throw new GoError("bcrypt requires at least an 'input' value")
  const cost = args.length === 2 ? integerOf(args[0]!) : 10n
  if (cost > 31n) throw new GoError(`crypto/bcrypt: cost ${cost} is outside allowed range (4,31)`)
  throw new NeedsWorld('crypto.Bcrypt')
}

/** The namespace `crypto`: what is the same every time; a salt that is drawn needs the world. */
export const cryptoFunctions: GoFunctions = {
  crypto: namespace('CryptoFuncs', {
    ...hashFunctions,
    Bcrypt: goFunction('func(...any) (string, error)', bcrypt),
    DecryptAES: experimental('func(string, ...any) (string, error)'),
    DecryptAESBytes: experimental('func(string, ...any) ([]uint8, error)'),
    ECDSADerivePublicKey: experimental('func(string) (string, error)'),
    ECDSAGenerateKey: experimental('func(...any) (string, error)'),
    EncryptAES: experimental('func(string, ...any) ([]uint8, error)'),
    PBKDF2: goFunction('func(any, any, any, any, ...string) (string, error)', pbkdf2),
    RSADecrypt: experimental('func(string, []uint8) (string, error)'),
    RSADecryptBytes: experimental('func(string, []uint8) ([]uint8, error)'),
    RSADerivePublicKey: experimental('func(string) (string, error)'),
    RSAEncrypt: experimental('func(string, any) ([]uint8, error)'),
    RSAGenerateKey: experimental('func(...any) (string, error)'),
    WPAPSK: goFunction('func(any, any) (string, error)', wpaPsk),
  }),
}
