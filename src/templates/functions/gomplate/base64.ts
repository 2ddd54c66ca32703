import { textOfBytes } from '../../bytes.ts'
import { GoError, type GoFunctions, type GoValue, goFunction } from '../../value.ts'
import { byteList, bytesOfValue } from './bytes.ts'
import { namespace } from './namespace.ts'
import { textOf } from './values.ts'

/** The namespace `base64`, which reads both alphabets, never without padding. */
export const base64Functions: GoFunctions = {
  base64: namespace('Base64Funcs', {
    Decode: goFunction('func(any) (string, error)', (value: GoValue) => textOfBytes(decoded(textOf(value)))),
    DecodeBytes: goFunction('func(any) ([]uint8, error)', (value: GoValue) => byteList(decoded(textOf(value)))),
    Encode: goFunction('func(any) (string, error)', (value: GoValue) =>
      Buffer.from(bytesOfValue(value)).toString('base64'),
    ),
  }),
}

function decoded(text: string): Uint8Array {
  if (problem(text, /[A-Za-z0-9+/]/) === undefined) return Buffer.from(text, 'base64')
  const at = problem(text, /[A-Za-z0-9_-]/)
  if (at === undefined) return Buffer.from(text, 'base64url')
  throw new GoError(`illegal base64 data at input byte ${at}`)
}

/** Where Go's decoder stops; undefined where it does not. */
function problem(text: string, alphabet: RegExp): number | undefined {
  let digits = 0
  let quantum = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\n' || character === '\r') continue
    if (character === '=') return paddingProblem(text, at, digits)
    if (!alphabet.test(character)) return at
    if (digits === 0) quantum = at
    digits = (digits + 1) % 4
  }
  return digits === 0 ? undefined : quantum
}

function paddingProblem(text: string, at: number, digits: number): number | undefined {
  if (digits < 2) return at
  let rest = at + 1
  while (/[\r\n]/.test(text[rest] ?? '')) rest++
  if (digits === 2) {
    if (rest === text.length) return text.length
    if (text[rest] !== '=') return rest
    rest++
    while (/[\r\n]/.test(text[rest] ?? '')) rest++
  }
  return rest < text.length ? rest : undefined
}
