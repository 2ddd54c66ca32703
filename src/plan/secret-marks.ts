import { exactJson } from '../json.ts'
import { array, object, type RawObject } from './raw.ts'
import { marked, type PlanValue } from './value.ts'

/**
 * Strings that Terraform marks as sensitive in a value. Providers repeat them in attributes that carry no mark, so
 * redaction looks for them everywhere.
 */
export function markedSecrets(value: PlanValue | undefined, inside = false): string[] {
  switch (value?.kind) {
    case 'known':
      return inside ? textOf(value.value) : []
    case 'map':
      return value.entries.flatMap(([, item]) => markedSecrets(item, inside))
    case 'list':
      return value.items.flatMap((item) => markedSecrets(item, inside))
    case 'sensitive':
      return markedSecrets(value.value, true)
    default:
      return []
  }
}

/** A number is no secret by itself unless it is long: a PIN of six digits, not a port. */
function textOf(value: string | boolean | null | number | bigint): string[] {
  if (typeof value === 'string') return [value]
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
  return text.length >= 6 ? [text] : []
}

/** The same for what `terraform show -json` printed of a state; none where it is no JSON. */
export function shownStateSecrets(json: string | undefined): string[] {
  if (json === undefined) return []
  try {
    return stateSecrets(exactJson(json))
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Strings that are marked as sensitive in the state that the plan was made from. */
export function stateSecrets(priorState: unknown): string[] {
  if (typeof priorState !== 'object' || priorState === null) return []
  const values = object(priorState as RawObject, 'values')
  const outputs = object(values, 'outputs')
  return [
    ...Object.keys(outputs).flatMap((name) => {
      const output = object(outputs, name)
      return output.sensitive === true ? markedSecrets(marked(output.value, false, true)) : []
    }),
    ...moduleSecrets(object(values, 'root_module')),
  ]
}

function moduleSecrets(module: RawObject): string[] {
  return [
    ...array(module, 'resources').flatMap((resource) =>
      markedSecrets(marked(resource.values, false, resource.sensitive_values)),
    ),
    ...array(module, 'child_modules').flatMap(moduleSecrets),
  ]
}
