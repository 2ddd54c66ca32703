import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FakeIssuer, startIssuer } from '../../../tests/fakes/sts/issuer.ts'
import { type FakeSts, startSts } from '../../../tests/fakes/sts/sts.ts'
import { oidcCredentials } from './oidc.ts'

const github = 'token.actions.githubusercontent.com'
const roleOf = (account: string, name = 'airlock-plan') => `arn:aws:iam::${account}:role/${name}`
const dev = roleOf('111111111111')
const prod = roleOf('222222222222')

const trust = (account: string, condition: Readonly<Record<string, Readonly<Record<string, string>>>>) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow' as const,
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${github}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
    },
  ],
})

describe('keys for a job, in exchange for its token', () => {
  let issuer: FakeIssuer
  let sts: FakeSts
  let nowMs: number
  let masked: string[]
  const clock = () => nowMs

  beforeAll(async () => {
    nowMs = Date.UTC(2026, 10, 24, 10)
    issuer = await startIssuer({ clock })
    sts = await startSts({
      providers: [
        {
          name: github,
          issuer: issuer.url,
          audiences: ['sts.amazonaws.com'],
          accounts: ['111111111111', '222222222222'],
        },
      ],
      clock,
    })
    for (const account of ['111111111111', '222222222222'])
      sts.roles.set(roleOf(account), {
        arn: roleOf(account),
        trust: trust(account, {
          StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${github}:sub`]: 'repo:acme/infra:environment:*-apply' },
        }),
      })
  })
  afterAll(() => Promise.all([issuer.close(), sts.close()]))
  beforeEach(() => {
    sts.asked.length = 0
    sts.faults = () => undefined
    masked = []
  })

  const credentials = (subject = 'repo:acme/infra:environment:prod-apply', more: { audience?: string } = {}) =>
    oidcCredentials({
      ...issuer.job(subject),
      sessionName: 'airlock-4411',
      endpoint: sts.url,
      mask: (secret) => masked.push(secret),
      clock,
      ...more,
    })

  test('are those of the role, in a session that names the run, and nothing of others stays', async () => {
    const env = await credentials().forRole(prod)
    const session = sts.credentialsOf(env.AWS_ACCESS_KEY_ID ?? '')
    expect(session).toMatchObject({
      role: prod,
      sessionName: 'airlock-4411',
      subject: 'repo:acme/infra:environment:prod-apply',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
    })
    expect(env).toMatchObject({
      AWS_PROFILE: undefined,
      AWS_ROLE_ARN: undefined,
      AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
    })
  })

  test('are masked before they are used, and so is the token', async () => {
    const env = await credentials().forRole(prod)
    expect(masked).toHaveLength(4)
    expect(masked.slice(1)).toEqual([env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN])
    expect(masked[0]!.split('.')).toHaveLength(3)
  })

  test('cost one exchange a role, however many ask at once', async () => {
    const all = credentials()
    const envs = await Promise.all([prod, dev, prod, dev, prod].map((role) => all.forRole(role)))
    expect(sts.asked.map(({ role }) => role).sort()).toEqual([dev, prod])
    expect(new Set(envs.map((env) => env.AWS_ACCESS_KEY_ID)).size).toBe(2)
  })

  test('are renewed before they end, once', async () => {
    const all = credentials()
    const first = await all.forRole(prod)
    nowMs += 44 * 60_000
    expect(await all.forRole(prod)).toEqual(first)
    nowMs += 2 * 60_000
    const renewed = await Promise.all([all.forRole(prod), all.forRole(prod)])
    expect(renewed[0]).not.toEqual(first)
    expect(renewed[1]).toEqual(renewed[0])
    expect(sts.asked).toHaveLength(2)
  })

  test('are refused to a job that the role does not trust, with what it would have to trust', async () => {
    const subject = 'repo:acme/infra:ref:refs/heads/main'
    await expect(credentials(subject).forRole(prod)).rejects.toMatchObject({
      code: 'role-refused',
      message: `AWS does not let this job be ${prod}: the token that GitHub signs for it says sub "${subject}", aud "sts.amazonaws.com"`,
      fix: expect.stringContaining(`:sub equals "${subject}" and`),
    })
    await expect(credentials().forRole(roleOf('111111111111', 'gone'))).rejects.toMatchObject({ code: 'role-refused' })
  })

  test('need an identity provider in the account, for this audience', async () => {
    await expect(credentials().forRole(roleOf('333333333333'))).rejects.toMatchObject({
      code: 'role-refused',
      message: expect.stringContaining('No OpenIDConnect provider found in your account'),
      fix: expect.stringContaining('identity provider of the account 333333333333'),
    })
    await expect(credentials(undefined, { audience: 'elsewhere' }).forRole(prod)).rejects.toMatchObject({
      message: expect.stringContaining('Incorrect token audience'),
    })
  })

  test('are asked for again after a failure, which shows no token', async () => {
    const all = credentials()
    sts.faults = () => ({ status: 400, code: 'RegionDisabled' })
    const error = await all.forRole(prod).catch((it: Error) => it)
    const text = `${(error as Error).message} ${String((error as Error).cause)}`
    expect(text).toContain(`AWS' STS gives no keys for ${prod}`)
    for (const secret of masked) expect(text).not.toContain(secret)
    sts.faults = () => undefined
    expect((await all.forRole(prod)).AWS_ACCESS_KEY_ID).toMatch(/^ASIA/)
  })

  test('are refused once for a job: it is not asked again', async () => {
    const all = credentials('repo:acme/infra:pull_request')
    for (let time = 0; time < 3; time++) await expect(all.forRole(prod)).rejects.toMatchObject({ code: 'role-refused' })
    expect(sts.asked.map(({ result }) => result)).toEqual(['AccessDenied'])
    await expect(all.forRole('prod-admin')).rejects.toMatchObject({ message: '"prod-admin" is no role of AWS' })
  })

  test('need a token, and GitHub must want to sign one', async () => {
    const options = { ...issuer.job('x'), requestToken: 'wrong', sessionName: 'x', endpoint: sts.url, mask: () => {} }
    await expect(oidcCredentials(options).forRole(prod)).rejects.toMatchObject({
      code: 'role-unreachable',
      message: 'GitHub signs no token for this job: it answers 401',
    })
  })

  test('are not for a token that is forged or old', async () => {
    const ask = async (token: string) => {
      const form = {
        Action: 'AssumeRoleWithWebIdentity',
        RoleArn: prod,
        RoleSessionName: 'me',
        WebIdentityToken: token,
      }
      return (await fetch(sts.url, { method: 'POST', body: new URLSearchParams(form) })).text()
    }
    const claims = { sub: 'repo:acme/infra:environment:prod-apply', aud: 'sts.amazonaws.com' }
    expect(await ask(issuer.sign(claims))).toContain('<AccessKeyId>')
    expect(await ask(issuer.sign(claims, true))).toContain('signature of the token is wrong')
    expect(await ask(issuer.sign({ ...claims, exp: nowMs / 1000 - 1 }))).toContain('ExpiredTokenException')
  })
})
