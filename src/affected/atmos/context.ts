import { UserError } from '../../error.ts'
import type { Plain } from '../../stacks/value.ts'
import { asMap, type Described, listOf, mapOf, type PlainMap } from './described.ts'

/** The variables that place a component: `namespace`, `tenant`, `environment`, `stage`, and more for name patterns. */
export type Context = Readonly<Partial<Record<(typeof TEXTS)[number], string>>> & {
  readonly attributes?: readonly Plain[]
}

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
  const context: Record<string, string | readonly Plain[]> = {}
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
  if (Array.isArray(vars.attributes)) context.attributes = vars.attributes
  return context as Context
}

/** Fills the tokens of a name: `{tenant}-{stage}-{component}`. Slashes of a component's name become dashes. */
function filled(pattern: string, context: Context, component: string, base: string): string {
  const values: Readonly<Record<string, string>> = {
    'base-component': base,
    component: component.replaceAll('/', '-'),
    'component-path': context.component_path ?? '',
    namespace: context.namespace ?? '',
    environment: context.environment ?? '',
    region: context.region ?? '',
    tenant: context.tenant ?? '',
    stage: context.stage ?? '',
    workspace: context.workspace ?? '',
    attributes: listOf(context.attributes).join('-'),
  }
  return pattern.replace(/\{([a-z-]+)\}/g, (token, name: string) => values[name] ?? token)
}

/**
 * Name of a component's Spacelift stack; undefined where Spacelift is not on for it.
 * @param stackName the stack's name by the configuration's template or pattern, whatever the manifest calls itself
 */
export function spaceliftStack(it: Described, stackName: (it: Described) => string): string | undefined {
  const settings = mapOf(mapOf(it.section.settings).spacelift)
  if (settings.workspace_enabled !== true) return undefined
  const { stack_name_pattern: pattern, stack_name: name } = settings
  if (typeof pattern === 'string') return filled(pattern, contextOf(it), it.component, baseName(it))
  if (typeof name === 'string') return name
  return `${stackName(it)}-${it.component}`.replaceAll('/', '-')
}

/** Name of a component's Atlantis project; undefined where no project template is set for it. */
export function atlantisProject(it: Described, templates: PlainMap): string | undefined {
  const settings = mapOf(mapOf(it.section.settings).atlantis)
  const byName = settings.project_template_name
  const template =
    asMap(settings.project_template) ??
    (typeof byName === 'string' && byName !== '' ? named(byName, templates, it) : undefined)
  const name = template?.name
  return typeof name === 'string' && name !== '' ? filled(name, contextOf(it), it.component, baseName(it)) : undefined
}

function named(name: string, templates: PlainMap, it: Described): PlainMap {
  const template = asMap(templates[name])
  if (template) return template
  throw new UserError({
    code: 'atlantis-template-missing',
    message: `settings.atlantis.project_template_name of ${it.component} in ${it.stack} is "${name}", which integrations.atlantis.project_templates of atmos.yaml does not have`,
    fix: Object.keys(templates).length > 0 ? `it has: ${Object.keys(templates).join(', ')}` : 'add the template there',
    exit: 2,
  })
}

function baseName({ section, component }: Described): string {
  const base = section.component
  return typeof base === 'string' && base !== component ? base.replaceAll('/', '-') : ''
}
