import { UserError } from '../../error.ts'
import { asMap, type Described, mapOf } from './described.ts'

/** The variables that place a component: `namespace`, `tenant`, `environment`, `stage`, and more for name patterns. */
export type Context = Readonly<Partial<Record<(typeof TEXTS)[number], string>>>

const TEXTS = [
  'namespace',
  'tenant',
  'environment',
  'stage',
  'region',
  'component',
  'base_component',
  'component_path',
  'workspace',
  'terraform_workspace',
] as const

/** The four that are compared and printed. */
export const PLACES = ['namespace', 'tenant', 'environment', 'stage'] as const

/**
 * The context that a component's variables hold.
 * @throws UserError `wrong-type` where one of them is no text
 */
export function contextOf(it: Described): Context {
  const vars = mapOf(it.section.vars)
  const context: Record<string, string> = {}
  for (const name of TEXTS) {
    const value = vars[name]
    if (value === undefined || value === null) continue
    if (typeof value !== 'string')
      throw new UserError({
        code: 'wrong-type',
        message: `vars.${name} of ${it.component} in ${it.stack} is ${asMap(value) ? 'a map' : Array.isArray(value) ? 'a list' : `${value}`}; Atmos needs a text there to find dependents`,
        fix: 'put the value in quotes, or rename the variable',
        exit: 2,
      })
    context[name] = value
  }
  return context
}
