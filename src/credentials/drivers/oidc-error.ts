import { UserError } from '../../error.ts'

/** What an exchange that AWS refused means, with what the token says of the job, which the role's trust policy must allow. */
export function exchangeError(error: unknown, role: string, token: string): UserError {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown }
  const words = String(message).replaceAll(token, '***')
  const { iss, sub, aud } = claimsOf(token)
  const issuer = iss?.replace(/^https?:\/\//, '') ?? 'token.actions.githubusercontent.com'
  const account = /^arn:[\w-]+:iam::(\d+):/.exec(role)?.[1] ?? 'of the role'
  const cause = new Error(`${String(name)}: ${words}`)
  switch (name) {
    case 'AccessDenied':
    case 'AccessDeniedException':
      return new UserError({
        code: 'role-refused',
        message: `AWS does not let this job be ${role}: the token that GitHub signs for it says sub "${sub}", aud "${aud}"`,
        fix:
          `if there is such a role, let its trust policy allow that: sts:AssumeRoleWithWebIdentity for ` +
          `arn:aws:iam::${account}:oidc-provider/${issuer} where ${issuer}:sub equals "${sub}" and ${issuer}:aud equals "${aud}"`,
        cause,
      })
    case 'InvalidIdentityToken':
    case 'InvalidIdentityTokenException':
      return new UserError({
        code: 'role-refused',
        message: `AWS does not take GitHub's token for ${role}: ${words}`,
        fix: `make ${iss ?? issuer} an OIDC identity provider of the account ${account}, with the audience "${aud}"`,
        cause,
      })
    case 'ExpiredTokenException':
    case 'ValidationError':
    case 'MalformedPolicyDocument':
    case 'RegionDisabledException':
      return new UserError({ code: 'role-refused', message: `AWS refuses ${role}: ${words}`, cause })
    default:
      return unreachable(`AWS' STS gives no keys for ${role}: ${words}`, cause)
  }
}

/** Something on the way to a role that may be better when tried again. */
export function unreachable(message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'role-unreachable',
    message,
    fix: 'run the job again; it needs the permission id-token: write, and a way to AWS',
    cause,
  })
}

/** What a token claims; its signature is for AWS to check. */
function claimsOf(token: string): { readonly iss?: string; readonly sub?: string; readonly aud?: string } {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return {}
  }
}

/** What is set as a role, and is none of AWS'. */
export function notARole(role: string): UserError {
  return new UserError({
    code: 'role-refused',
    message: `"${role}" is no role of AWS`,
    fix: 'write it as arn:aws:iam::111122223333:role/NAME; for other clouds leave it out, and log in before Airlock runs',
    exit: 2,
  })
}
