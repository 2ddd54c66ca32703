import { createSign, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An issuer of tokens as GitHub is for jobs: RS256, a key set at a known address, and an address at which a job asks. */
export interface FakeIssuer {
  /** `iss` of its tokens. */
  readonly url: string
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN of a job whose tokens have this subject. */
  job(subject: string): { readonly requestUrl: string; readonly requestToken: string }
  /** A token with any claims; signed by a key that the issuer never had, where `forged`. */
  sign(claims: Readonly<Record<string, unknown>>, forged?: boolean): string
  close(): Promise<void>
}

/** Starts an issuer on a free port of this machine; tokens are valid for five minutes. */
export async function startIssuer({ clock = Date.now }: { readonly clock?: () => number } = {}): Promise<FakeIssuer> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jobs: string[] = []
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer.url)
    if (pathname === '/.well-known/openid-configuration')
      return send(200, { issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/jwks` })
    if (pathname === '/.well-known/jwks')
      return send(200, {
        keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
      })
    const job = Number(searchParams.get('job'))
    if (pathname !== '/token' || request.headers.authorization !== `bearer job-${job}`) return send(401, {})
    const aud = searchParams.get('audience') ?? 'https://github.com/acme'
    return send(200, { value: issuer.sign({ sub: jobs[job], aud }) })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer: FakeIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    job(subject) {
      const id = jobs.push(subject) - 1
      return { requestUrl: `${issuer.url}/token?job=${id}`, requestToken: `job-${id}` }
    },
    sign(claims, forged = false) {
      const now = Math.floor(clock() / 1000)
      const all = { iss: issuer.url, iat: now, nbf: now - 5, exp: now + 300, repository: 'acme/infra', ...claims }
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${part(all)}`
      const { privateKey } = forged ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : pair
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
  return issuer
}
