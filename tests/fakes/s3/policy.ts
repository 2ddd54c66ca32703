/** An IAM policy as it is written: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Policy {
  readonly Version?: string
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  /** Only in bucket policies. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** What is asked: one action on one resource, and the condition keys that the request has. */
export interface Question {
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, string | readonly string[] | undefined>>
}

const elements = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']

/** `deny` when a statement denies it, else `allow` when one allows it, else `silent`. What is not known here is an error. */
export function verdict(policy: Policy, question: Question): 'allow' | 'deny' | 'silent' {
  const hits = policy.Statement.filter((statement) => {
    const unknown = Object.keys(statement).filter((it) => !elements.includes(it))
    if (unknown.length > 0) throw new Error(`the fake does not know ${unknown} of a policy's statement`)
    return (
      many(statement.Action).some((it) => like(it.toLowerCase(), question.action.toLowerCase())) &&
      many(statement.Resource).some((it) => like(it, question.resource)) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, many(wanted), valuesAt(question.context, key))),
      )
    )
  })
  if (hits.some(({ Effect }) => Effect === 'Deny')) return 'deny'
  return hits.length > 0 ? 'allow' : 'silent'
}

function valuesAt(context: Question['context'], key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
  return found === undefined ? undefined : many(found)
}

function holds(operator: string, wanted: readonly string[], found: readonly string[] | undefined): boolean {
  if (operator === 'Null') return wanted.some((it) => (it === 'true') === (found === undefined))
  const [, quantifier, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const negated = name.includes('Not')
  const test = tests[name]
  if (test === undefined) throw new Error(`the fake does not know the condition operator ${operator}`)
  if (found === undefined) return negated || ifExists !== undefined || quantifier === 'ForAllValues'
  const one = (value: string) =>
    negated ? wanted.every((it) => !test(it, value)) : wanted.some((it) => test(it, value))
  if (quantifier === 'ForAllValues') return found.every(one)
  return found.some(one)
}

const tests: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringNotEquals: (wanted, value) => wanted === value,
  StringLike: like,
  StringNotLike: like,
  ArnLike: like,
  ArnEquals: like,
  Bool: (wanted, value) => wanted === value,
  NumericLessThanEquals: (wanted, value) => Number(value) <= Number(wanted),
}

/** `*` stands for any text, `?` for any one character. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]')
  return new RegExp(`^${source}$`).test(text)
}

function many<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
