import { UserError } from '../../error.ts'
import { type AwsSession, awsEnv, type Credentials, type EnvChange } from '../credentials.ts'
import { exchangeError, notARole, unreachable } from './oidc-error.ts'

interface OidcOptions {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN, which a job with `id-token: write` has. */
  readonly requestUrl: string
  readonly requestToken: string
  /** Names the sessions in AWS' logs: the run. */
  readonly sessionName: string
  /** Undefined: the main region of the role's partition. */
  readonly region?: string | undefined
  /** For what is not AWS, and for private endpoints. */
  readonly endpoint?: string | undefined
  /** Of GitHub's token; undefined: what AWS' own action asks for. */
  readonly audience?: string | undefined
  /** Is told every secret before it is used, so that no log shows it. */
  readonly mask: (secret: string) => void
  readonly clock?: () => number
}

/** AWS gives sessions of an hour unless the role says more. */
const sessionSeconds = 3600
/** A session that ends sooner than this is renewed. */
const leftMs = 15 * 60_000
const tries = 3

/**
 * Exchanges the token that GitHub signs for a job for sessions of roles in AWS: one exchange a role, renewed before it ends. AWS'
 * SDK is loaded at the first one.
 */
export function oidcCredentials(options: OidcOptions): Credentials {
  const now = options.clock ?? Date.now
  const sessions = new Map<string, Promise<{ readonly env: EnvChange; readonly endsMs: number }>>()

  const exchanged = async (role: string) => {
    if (!/^arn:aws[\w-]*:iam::\d{12}:role\/./.test(role)) throw notARole(role)
    const token = await idToken(options, role)
    options.mask(token)
    const { session, endsMs } = await assume(options, role, token)
    for (const secret of [session.accessKeyId, session.secretAccessKey, session.sessionToken]) options.mask(secret)
    return { env: awsEnv(session), endsMs }
  }

  const begin = (role: string) => {
    const exchange = exchanged(role)
    sessions.set(role, exchange)
    // What failed is asked for again, but a no stays a no for as long as a job takes.
    exchange.catch((error: unknown) => {
      const isNo = error instanceof UserError && error.code === 'role-refused'
      if (!isNo && sessions.get(role) === exchange) sessions.delete(role)
    })
    return exchange
  }

  return {
    async forRole(role) {
      const known = sessions.get(role)
      const session = await (known ?? begin(role))
      if (session.endsMs - now() > leftMs) return session.env
      // Whoever comes while it is renewed gets the new one too.
      const newer = sessions.get(role)
      return (await (newer === undefined || newer === known ? begin(role) : newer)).env
    },
  }
}

/** GitHub's token for this job. @throws UserError `role-unreachable` */
async function idToken({ requestUrl, requestToken, audience }: OidcOptions, role: string): Promise<string> {
  const url = new URL(requestUrl)
  url.searchParams.set(
    'audience',
    audience ?? (role.startsWith('arn:aws-cn:') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'),
  )
  let why = ''
  for (let attempt = 0; attempt < tries; attempt++) {
    try {
      const answer = await fetch(url, {
        headers: { authorization: `bearer ${requestToken}` },
        signal: AbortSignal.timeout(10_000),
      })
      why = `it answers ${answer.status}`
      if (answer.ok) {
        const { value } = (await answer.json()) as { readonly value?: unknown }
        if (typeof value === 'string' && value !== '') return value
        why = 'its answer has no token'
      }
      if (answer.status < 500) break
    } catch (error) {
      why = error instanceof Error ? error.message : String(error)
    }
  }
  throw unreachable(`GitHub signs no token for this job: ${why}`)
}

async function assume(
  { region, endpoint, sessionName }: OidcOptions,
  role: string,
  token: string,
): Promise<{ readonly session: AwsSession; readonly endsMs: number }> {
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient({ region: region ?? regionOf(role), ...(endpoint !== undefined && { endpoint }) })
  try {
    const { Credentials: keys } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: role,
        RoleSessionName: sessionName.replace(/[^\w+=,.@-]/g, '-').slice(0, 64),
        WebIdentityToken: token,
        DurationSeconds: sessionSeconds,
      }),
    )
    if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken || !keys.Expiration)
      throw unreachable(`AWS' answer for the role ${role} has no keys`)
    return {
      session: {
        accessKeyId: keys.AccessKeyId,
        secretAccessKey: keys.SecretAccessKey,
        sessionToken: keys.SessionToken,
      },
      endsMs: keys.Expiration.getTime(),
    }
  } catch (error) {
    throw error instanceof UserError ? error : exchangeError(error, role, token)
  } finally {
    client.destroy()
  }
}

/** A partition of AWS' has endpoints of its own. */
function regionOf(role: string): string {
  if (role.startsWith('arn:aws-cn:')) return 'cn-north-1'
  return role.startsWith('arn:aws-us-gov:') ? 'us-gov-west-1' : 'us-east-1'
}
