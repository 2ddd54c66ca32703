import { UserError } from '../error.ts'
import { type MapValue, mapOf, scalarAt, textOf, type Value } from './value.ts'

/**
 * A `secrets` section whose declarations say where they stand: in the stack, or in one instance of a component.
 * @throws UserError `secret-scope` where one says otherwise of itself
 */
export function scoped(secrets: MapValue | undefined, scope: 'stack' | 'instance'): MapValue | undefined {
  const vars = mapOf(secrets?.entries.get('vars'))
  if (secrets === undefined || vars === undefined) return secrets
  const entries = new Map<string, Value>()
  for (const [name, value] of vars.entries)
    entries.set(name, value.kind === 'map' ? stamped(name, value, scope) : value)
  return { ...secrets, entries: new Map(secrets.entries).set('vars', { ...vars, entries }) }
}

function stamped(name: string, declaration: MapValue, scope: string): MapValue {
  const written = declaration.entries.get('scope')
  const text = textOf(written)
  if (text === 'global') return declaration
  if (text && text !== scope)
    throw new UserError({
      code: 'secret-scope',
      message: `secret ${name} has scope ${text}, but where it stands its scope is ${scope}`,
      fix: 'remove scope, or move the declaration',
      at: written!.at,
      exit: 2,
    })
  return { ...declaration, entries: new Map(declaration.entries).set('scope', scalarAt(declaration.at, scope)) }
}
