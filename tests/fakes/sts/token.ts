import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto'

/** Claims of a token whose signature holds. */
export type Claims = Readonly<Record<string, unknown>>

/** Reads a JWT and checks its signature against a key set. @throws Error that says what is wrong */
export function verified(token: string, keys: readonly Readonly<Record<string, unknown>>[]): Claims {
  const [head = '', body = '', signature = ''] = token.split('.')
  const { alg, kid } = json(head) as { alg?: unknown; kid?: unknown }
  if (alg !== 'RS256') throw new Error(`the token is signed with ${String(alg)}, not RS256`)
  const key = keys.find((it) => it.kid === kid)
  if (key === undefined) throw new Error(`the issuer has no key ${String(kid)}`)
  const isTrue = createVerify('RSA-SHA256')
    .update(`${head}.${body}`)
    .verify(createPublicKey({ key: key as JsonWebKey, format: 'jwk' }), Buffer.from(signature, 'base64url'))
  if (!isTrue) throw new Error('the signature of the token is wrong')
  return json(body)
}

/** What a token claims, whoever signed it. */
export function json(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
}
