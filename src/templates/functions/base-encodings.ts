import { bytesOf } from '../bytes.ts'
import { GoError } from '../value.ts'

const alphabet32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const alphabet64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const alphabet64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * The bytes that padded base64 stands for, line breaks aside, as encoding/base64 reads it.
 * @throws GoError `illegal base64 data at input byte 4`
 */
export function decodedBase64(text: string, { url = false }: { readonly url?: boolean } = {}): Uint8Array {
  const alphabet = url ? alphabet64Url : alphabet64
  const illegal = (at: number): GoError => new GoError(`illegal base64 data at input byte ${at}`)
  const input = bytesOf(text)
  let digits = ''
  for (let at = 0; at < input.length; at++) {
    const character = String.fromCharCode(input[at]!)
    if (character === '\r' || character === '\n') continue
    if (character === '=') return padded64(input, at, digits, illegal)
    if (!alphabet.includes(character)) throw illegal(at)
    digits += character
  }
  if (digits.length % 4 !== 0) throw illegal(input.length - (digits.length % 4))
  return Buffer.from(digits, 'base64')
}

function padded64(input: Uint8Array, at: number, digits: string, illegal: (at: number) => GoError): Uint8Array {
  const inGroup = digits.length % 4
  if (inGroup < 2) throw illegal(at)
  let next = skipBreaks(input, at + 1)
  if (inGroup === 2) {
    if (next === input.length) throw illegal(input.length)
    if (input[next] !== 0x3d) throw illegal(next)
    next = skipBreaks(input, next + 1)
  }
  if (next < input.length) throw illegal(next)
  return Buffer.from(digits, 'base64')
}

function skipBreaks(input: Uint8Array, from: number): number {
  let at = from
  while (input[at] === 0x0a || input[at] === 0x0d) at++
  return at
}

/** Bytes in padded base32. */
export function base32Text(bytes: Uint8Array): string {
  let result = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    for (; bits >= 5; bits -= 5) result += alphabet32[(value >> (bits - 5)) & 31]
  }
  if (bits > 0) result += alphabet32[(value << (5 - bits)) & 31]
  return result.padEnd(Math.ceil(result.length / 8) * 8, '=')
}

/**
 * The bytes that padded base32 stands for.
 * @throws GoError `illegal base32 data at input byte 0`
 */
export function decodedBase32(text: string): Uint8Array {
  const input = text.replace(/[\r\n]/g, '')
  const illegal = (at: number): GoError => new GoError(`illegal base32 data at input byte ${at}`)
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (let at = 0; at < input.length; at++) {
    if (input[at] === '=') {
      checkPadding32(input, at, illegal)
      return Uint8Array.from(bytes)
    }
    const digit = alphabet32.indexOf(input[at]!)
    if (digit < 0) throw illegal(at)
    value = ((value << 5) | digit) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 0xff)
    }
  }
  if (input.length % 8 !== 0) throw illegal(input.length - (input.length % 8))
  return Uint8Array.from(bytes)
}

/** Padding fills a group; less than a group after it is of no account. */
function checkPadding32(input: string, at: number, illegal: (at: number) => GoError): void {
  const inGroup = at % 8
  const end = at - inGroup + 8
  if (![2, 4, 5, 7].includes(inGroup)) throw illegal(at)
  if (input.length < end) throw illegal(input.length)
  for (let pad = at; pad < end; pad++) if (input[pad] !== '=') throw illegal(pad - 1)
  if (input.length >= end + 8) throw illegal(at)
}
