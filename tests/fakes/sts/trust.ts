/** A role's trust policy as it is written in AWS; what this fake does not know is an error, never a yes. */
export interface TrustPolicy {
  readonly Version?: string
  readonly Statement: readonly TrustStatement[]
}

interface TrustStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** Whether a trust policy lets a token of an identity provider become the role; a denial counts over every permission. */
export function trusts(policy: TrustPolicy, provider: string, context: Readonly<Record<string, string>>): boolean {
  const hits = policy.Statement.filter(
    (it) =>
      names(it.Principal, provider) &&
      many(it.Action).some((action) => like('sts:AssumeRoleWithWebIdentity', action)) &&
      Object.entries(it.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, many(wanted), context[key.toLowerCase()])),
      ),
  )
  return hits.length > 0 && hits.every(({ Effect }) => Effect === 'Allow')
}

function names(principal: TrustStatement['Principal'], provider: string): boolean {
  if (principal === '*') return true
  return many(principal?.Federated ?? []).includes(provider)
}

function holds(operator: string, wanted: readonly string[], found: string | undefined): boolean {
  const [, name = '', ifExists] = /^(?:ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  if (found === undefined) return ifExists !== undefined || name.startsWith('StringNot')
  switch (name) {
    case 'StringEquals':
      return wanted.includes(found)
    case 'StringEqualsIgnoreCase':
      return wanted.some((it) => it.toLowerCase() === found.toLowerCase())
    case 'StringLike':
      return wanted.some((it) => like(found, it))
    case 'StringNotEquals':
      return !wanted.includes(found)
    case 'StringNotLike':
      return !wanted.some((it) => like(found, it))
    default:
      throw new Error(`the fake does not know the condition ${operator}`)
  }
}

/** `*` stands for any text, `?` for one character. */
function like(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

function many(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}
