import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from './refusal.ts'

/** An access key that the fake knows. */
export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiresMs?: number
}

/** A request as it came over the wire. */
export interface Wire {
  readonly method: string
  /** Encoded, without the query. */
  readonly path: string
  /** Without `?`. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

interface Claim {
  readonly accessKeyId: string
  readonly scope: readonly string[]
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20260102T030405Z` */
  readonly date: string
  readonly token: string | undefined
  /** Only of a presigned URL. */
  readonly lifeSeconds?: number
}

/**
 * The key that signed a request (AWS Signature Version 4, in the header or presigned), and its body without the chunks that a
 * client may have cut it into. Refuses what S3 refuses: no signature, unknown or expired keys, a wrong signature, a body that
 * is not the one signed, a time too far off.
 */
export function signer<K extends Key>(
  wire: Wire,
  find: (accessKeyId: string) => K | undefined,
  nowMs: number,
): { readonly key: K; readonly body: Uint8Array } {
  const claim = claimed(wire)
  const key = find(claim.accessKeyId)
  if (key === undefined)
    throw new Refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  if (key.sessionToken !== claim.token)
    throw new Refusal(
      claim.token === undefined ? 403 : 400,
      claim.token === undefined ? 'InvalidAccessKeyId' : 'InvalidToken',
      'The provided token is malformed or otherwise invalid.',
    )
  if (key.expiresMs !== undefined && key.expiresMs <= nowMs)
    throw new Refusal(400, 'ExpiredToken', 'The provided token has expired.')
  const signedMs = timeOf(claim.date)
  if (claim.lifeSeconds === undefined) {
    if (Math.abs(signedMs - nowMs) > 15 * 60_000)
      throw new Refusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      )
  } else if (signedMs + claim.lifeSeconds * 1000 < nowMs) throw new Refusal(403, 'AccessDenied', 'Request has expired')
  const payload =
    claim.lifeSeconds === undefined
      ? (wire.headers['x-amz-content-sha256'] ?? '')
      : (wire.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD')
  if (payload === '')
    throw new Refusal(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  const expected = signature(key.secretAccessKey, claim, wire, payload)
  if (!equal(expected, claim.signature))
    throw new Refusal(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    )
  if (/^[0-9a-f]{64}$/.test(payload) && sha256(wire.body) !== payload)
    throw new Refusal(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  return { key, body: payload.startsWith('STREAMING-') ? joined(wire.body) : wire.body }
}

function claimed({ headers, query }: Wire): Claim {
  const params = new URLSearchParams(query)
  const header = headers.authorization
  if (header !== undefined) {
    const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    )
    if (found === null)
      throw new Refusal(400, 'InvalidRequest', 'The authorization mechanism you have provided is not supported.')
    const [accessKeyId = '', ...scope] = found[1]!.split('/')
    const signedHeaders = found[2]!.split(';')
    const unsigned = Object.keys(headers).filter(
      (name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
    )
    if (unsigned.length > 0)
      throw new Refusal(
        403,
        'AccessDenied',
        `There were headers present in the request which were not signed: ${unsigned}`,
      )
    return {
      accessKeyId,
      scope,
      signedHeaders,
      signature: found[3]!,
      date: headers['x-amz-date'] ?? '',
      token: headers['x-amz-security-token'],
    }
  }
  if (params.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256') {
    const [accessKeyId = '', ...scope] = (params.get('X-Amz-Credential') ?? '').split('/')
    const lifeSeconds = Number(params.get('X-Amz-Expires') ?? Number.NaN)
    if (!(lifeSeconds >= 0 && lifeSeconds <= 604_800))
      throw new Refusal(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires must be less than a week')
    return {
      accessKeyId,
      scope,
      signedHeaders: (params.get('X-Amz-SignedHeaders') ?? '').split(';'),
      signature: params.get('X-Amz-Signature') ?? '',
      date: params.get('X-Amz-Date') ?? '',
      token: params.get('X-Amz-Security-Token') ?? undefined,
      lifeSeconds,
    }
  }
  throw new Refusal(403, 'AccessDenied', 'Access Denied')
}

function signature(secret: string, { scope, signedHeaders, date }: Claim, wire: Wire, payload: string): string {
  const [day = '', region = '', service = ''] = scope
  if (service !== 's3' || !date.startsWith(day))
    throw new Refusal(400, 'AuthorizationHeaderMalformed', `The credential scope ${scope.join('/')} is not valid here`)
  const canonical = [
    wire.method,
    wire.path,
    canonicalQuery(wire.query),
    ...signedHeaders.map((name) => `${name}:${(wire.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payload,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (it, part) => hmac(it, part),
    `AWS4${secret}`,
  )
  return hmac(key, toSign).toString('hex')
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((it) => it !== '' && !it.startsWith('X-Amz-Signature='))
    .map((it) => {
      const [name = '', ...value] = it.split('=')
      return [name, value.join('=')].map((part) => uriEncoded(decodeURIComponent(part.replace(/\+/g, '%20')))) as [
        string,
        string,
      ]
    })
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map((pair) => pair.join('='))
    .join('&')
}

function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The body of `aws-chunked` transfer, without sizes, signatures of chunks and trailers. */
function joined(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body)
  const parts: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1').split(';')[0]!, 16)
    if (Number.isNaN(size)) throw new Refusal(400, 'IncompleteBody', 'A chunk has no size')
    if (size === 0) break
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}

function timeOf(date: string): number {
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(time))
    throw new Refusal(403, 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
  return time
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
