import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json, verified } from './token.ts'
import { type TrustPolicy, trusts } from './trust.ts'

/** A role of an account, as IAM knows it. */
export interface FakeRole {
  /** `arn:aws:iam::111122223333:role/airlock-plan` */
  readonly arn: string
  readonly trust: TrustPolicy
  /** The longest session that may be asked for; an hour where left out, as in AWS. */
  readonly maxSessionSeconds?: number
}

/** An OIDC identity provider as accounts have it. */
export interface FakeProvider {
  /** As policies name it: `token.actions.githubusercontent.com`. */
  readonly name: string
  /** `iss` of its tokens; its key set is found below it. */
  readonly issuer: string
  readonly audiences: readonly string[]
  /** Accounts that have it; undefined: all. */
  readonly accounts?: readonly string[]
}

/** Keys that were handed out. */
export interface FakeSession {
  readonly role: string
  readonly sessionName: string
  /** `sub` of the token that they were given for. */
  readonly subject: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresMs: number
}

/** An STS in this process that knows `AssumeRoleWithWebIdentity`, and refuses what AWS refuses. */
export interface FakeSts {
  /** For AWS_ENDPOINT_URL_STS. */
  readonly url: string
  readonly roles: Map<string, FakeRole>
  /** Every exchange that was asked for, with what became of it. */
  readonly asked: { readonly role: string; readonly sessionName: string; readonly result: string }[]
  readonly sessions: readonly FakeSession[]
  credentialsOf(accessKeyId: string): FakeSession | undefined
  /** Asked before each exchange; a code and a status: that is the answer. */
  faults: () => { readonly status: number; readonly code: string } | undefined
  close(): Promise<void>
}

interface StsOptions {
  readonly providers: readonly FakeProvider[]
  readonly roles?: readonly FakeRole[]
  readonly clock?: () => number
}

/** A refusal as AWS words it. */
class Refused extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Starts a fake STS on a free port of this machine. */
export async function startSts({ providers, roles = [], clock = Date.now }: StsOptions): Promise<FakeSts> {
  const known = new Map(roles.map((role) => [role.arn, role]))
  const asked: FakeSts['asked'][number][] = []
  const sessions: FakeSession[] = []

  const exchange = async (form: URLSearchParams): Promise<FakeSession> => {
    if (form.get('Action') !== 'AssumeRoleWithWebIdentity')
      throw new Refused('InvalidAction', `Could not find operation ${form.get('Action')}`)
    const [arn, name, token] = ['RoleArn', 'RoleSessionName', 'WebIdentityToken'].map((key) => form.get(key) ?? '')
    const session = { role: arn!, sessionName: name! }
    if (!/^[\w+=,.@-]{2,64}$/.test(name!)) throw new Refused('ValidationError', `'${name}' at 'roleSessionName' failed`)
    const seconds = Number(form.get('DurationSeconds') ?? 3600)
    const { provider, claims } = await checked(token!, arn!)
    const role = known.get(arn!)
    const account = accountOf(arn!)
    const federated = `arn:aws:iam::${account}:oidc-provider/${provider.name}`
    const context = Object.fromEntries(
      Object.entries(claims).map(([key, value]) => [`${provider.name}:${key}`.toLowerCase(), String(value)]),
    )
    // AWS says the same of a role that is not there and of one that may not be taken.
    if (role === undefined || !trusts(role.trust, federated, context))
      throw new Refused('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
    if (seconds < 900 || seconds > (role.maxSessionSeconds ?? 3600))
      throw new Refused(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      )
    const random = (bytes: number) => randomBytes(bytes).toString('base64')
    return {
      ...session,
      subject: String(claims.sub),
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: random(30),
      sessionToken: random(200),
      expiresMs: Math.floor(clock() / 1000) * 1000 + seconds * 1000,
    }
  }

  const checked = async (token: string, arn: string) => {
    const { iss } = json(token.split('.')[1] ?? '')
    const provider = providers.find(
      ({ issuer, accounts }) => issuer === iss && (accounts?.includes(accountOf(arn)) ?? true),
    )
    if (provider === undefined)
      throw new Refused('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${String(iss)}`)
    const keys = await keysOf(provider.issuer)
    let claims: ReturnType<typeof verified>
    try {
      claims = verified(token, keys)
    } catch (error) {
      throw new Refused('InvalidIdentityToken', (error as Error).message)
    }
    const now = clock() / 1000
    if (typeof claims.exp !== 'number' || claims.exp <= now)
      throw new Refused(
        'ExpiredTokenException',
        `Token expired: current date/time ${Math.floor(now)} must be before the expiration date/time ${String(claims.exp)}`,
      )
    if (typeof claims.nbf === 'number' && claims.nbf > now)
      throw new Refused('InvalidIdentityToken', 'Token is not yet valid')
    if (!provider.audiences.includes(String(claims.aud)))
      throw new Refused('InvalidIdentityToken', 'Incorrect token audience')
    return { provider, claims }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const note = (result: string) =>
      asked.push({ role: form.get('RoleArn') ?? '', sessionName: form.get('RoleSessionName') ?? '', result })
    const send = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/xml' })
      response.end(body)
    }
    try {
      const fault = sts.faults()
      if (fault) throw new Refused(fault.code, 'as the test wishes', fault.status)
      const session = await exchange(form)
      sessions.push(session)
      note('given')
      send(200, answerXml(session))
    } catch (error) {
      const { code, message, status } =
        error instanceof Refused ? error : new Refused('InternalFailure', String(error), 500)
      note(code)
      send(status, refusalXml(code, message))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const sts: FakeSts = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    roles: known,
    asked,
    sessions,
    credentialsOf: (accessKeyId) => sessions.find((it) => it.accessKeyId === accessKeyId),
    faults: () => undefined,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
  return sts
}

function accountOf(arn: string): string {
  return /^arn:aws[\w-]*:iam::(\d{12}):role\/.+$/.exec(arn)?.[1] ?? ''
}

/** The key set of an issuer, found as OpenID Connect says. */
async function keysOf(issuer: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const read = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>
  const { jwks_uri: uri, issuer: named } = await read(`${issuer}/.well-known/openid-configuration`)
  if (named !== issuer) throw new Refused('InvalidIdentityToken', `${issuer} calls itself ${String(named)}`)
  return (await read(String(uri))).keys as readonly Readonly<Record<string, unknown>>[]
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

function answerXml(session: FakeSession): string {
  const field = (name: string, value: string) => `<${name}>${escaped(value)}</${name}>`
  const keys = [
    field('AccessKeyId', session.accessKeyId),
    field('SecretAccessKey', session.secretAccessKey),
    field('SessionToken', session.sessionToken),
    field('Expiration', new Date(session.expiresMs).toISOString().replace(/\.\d+Z/, 'Z')),
  ]
  const assumed = session.role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
  const user =
    field('Arn', `${assumed}/${session.sessionName}`) + field('AssumedRoleId', `AROAFAKE:${session.sessionName}`)
  return `<AssumeRoleWithWebIdentityResponse xmlns="${namespace}"><AssumeRoleWithWebIdentityResult>${field('SubjectFromWebIdentityToken', session.subject)}<AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${keys.join('')}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
}

function refusalXml(code: string, message: string): string {
  return `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
