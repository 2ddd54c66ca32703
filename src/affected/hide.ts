import { hiddenText, redactText, type Secrets } from '../plan/secrets.ts'
import { isSecretName } from '../secrets.ts'
import type { Plain } from '../stacks/value.ts'
import type { Change } from './affected.ts'
import type { Reason } from './reasons.ts'

/** What decides whether a value of an instance may be seen. */
export interface Hiding {
  /** Variables that the instance's module declares sensitive. */
  readonly sensitive: ReadonlySet<string>
  readonly secrets: Secrets
}

/**
 * The change as people may see it: values of variables that its module declares sensitive, of settings with a secret's
 * name, and secrets inside of other values, are not shown. That they changed is.
 */
export function withoutSecrets(change: Change, hiding: Hiding): Change {
  const { reasons, besides } = change
  return {
    ...change,
    reasons: reasons.map((reason) => withoutSecret(reason, hiding)),
    ...(besides && { besides: besides.map((reason) => withoutSecret(reason, hiding)) }),
  }
}

/**
 * A value of an instance as people may see it.
 * @param path `['vars', 'password']`
 */
export function shownValue(path: readonly string[], value: Plain, hiding: Hiding): Plain {
  const { sensitive, secrets } = hiding
  const [section, ...names] = path
  if (section === 'vars' && sensitive.has(names[0] ?? '')) return hiddenText
  if (names.some((name, index) => isSecretName(name) && !(index < names.length - 1 && isSection(name))))
    return hiddenText
  if (typeof value === 'string') return redactText(value, secrets)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value !== 'object') return secrets.whole.has(String(value)) ? hiddenText : value
  if (Array.isArray(value)) return value.map((item: Plain, index) => shownValue([...path, String(index)], item, hiding))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, Plain]) => [
      redactText(key, secrets),
      shownValue([...path, key], item, hiding),
    ]),
  )
}

/** `auth` is also how people call settings about roles: what is below it is judged by its own name. */
function isSection(name: string): boolean {
  return /^auth$/i.test(name)
}

/** The reason as people may see it. */
export function withoutSecret<R extends Reason>(reason: R, hiding: Hiding): R {
  if (reason.kind !== 'value' && reason.kind !== 'config') return reason
  const { path, before, after } = reason
  return {
    ...reason,
    path: path.map((step) => redactText(step, hiding.secrets)),
    ...(before !== undefined && { before: shownValue(path, before, hiding) }),
    ...(after !== undefined && { after: shownValue(path, after, hiding) }),
  }
}
