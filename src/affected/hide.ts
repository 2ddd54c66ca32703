import { isSecretName } from '../secrets.ts'
import type { Plain } from '../stacks/value.ts'
import type { Change } from './affected.ts'
import type { Reason } from './reasons.ts'

const hidden = '(sensitive)'

/**
 * The change as people may see it: values of variables that its module declares sensitive, and of settings with a secret's
 * name, are not shown. That they changed is.
 */
export function withoutSecrets(change: Change, sensitive: ReadonlySet<string>): Change {
  return { ...change, reasons: change.reasons.map((reason) => shown(reason, sensitive)) }
}

function shown(reason: Reason, sensitive: ReadonlySet<string>): Reason {
  if (reason.kind !== 'value') return reason
  return {
    ...reason,
    ...(reason.before !== undefined && { before: hide(reason.before, reason.path, sensitive) }),
    ...(reason.after !== undefined && { after: hide(reason.after, reason.path, sensitive) }),
  }
}

function hide(value: Plain, path: readonly string[], sensitive: ReadonlySet<string>): Plain {
  const [section, name] = path
  if (section === 'vars' && name !== undefined && sensitive.has(name)) return hidden
  if (path.slice(1).some(isSecretName)) return hidden
  if (Array.isArray(value)) return value.map((item: Plain, index) => hide(item, [...path, String(index)], sensitive))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, [...path, key], sensitive)]))
}
