import type { Plan, ProviderConfig, Provisioner } from './plan.ts'
import { array, object, type RawObject, strings, text, textOrNone } from './raw.ts'
import { markedSecrets } from './secret-marks.ts'
import { marked, type PlanValue } from './value.ts'

interface Configuration {
  readonly parts: Pick<Plan, 'providers' | 'provisioners' | 'inputs'>
  readonly secrets: readonly string[]
}

/**
 * What a plan's configuration says beyond its changes: how providers are set up, which provisioners run, and the root
 * variables both depend on. A reference whose value the plan does not tell (a local, a module, a data source) may depend
 * on any variable, so then all of them count.
 */
export function parseConfiguration(
  raw: RawObject,
  variables: RawObject,
  versions: ReadonlyMap<string, string>,
): Configuration {
  const root = object(raw, 'root_module')
  const providers = object(raw, 'provider_config')
  const provisioners = moduleProvisioners(root, '')
  const values = rootVariables(variables, object(root, 'variables'))
  const names = variablesBehind([
    ...Object.keys(providers).map((key) => ({
      root: textOrNone(object(providers, key), 'module_address') === undefined,
      references: references(object(providers, key).expressions),
    })),
    ...provisioners.map((it) => ({ root: it.root, references: references(it.raw) })),
  ])
  return {
    parts: {
      providers: Object.keys(providers)
        .sort()
        .map((key) => providerConfig(key, object(providers, key), versions)),
      provisioners: provisioners.map((it) => it.provisioner),
      inputs: values.filter(({ name }) => names === 'all' || names.has(name)),
    },
    secrets: values.flatMap(({ value }) => markedSecrets(value)),
  }
}

function providerConfig(key: string, raw: RawObject, versions: ReadonlyMap<string, string>): ProviderConfig {
  const source = textOrNone(raw, 'full_name') ?? text(raw, 'name')
  return {
    key,
    source,
    constraint: textOrNone(raw, 'version_constraint'),
    version: versions.get(source),
    settings: marked(raw.expressions ?? {}, false, false),
  }
}

interface FoundProvisioner {
  readonly provisioner: Provisioner
  readonly raw: unknown
  readonly root: boolean
}

function moduleProvisioners(module: RawObject, prefix: string): FoundProvisioner[] {
  const calls = object(module, 'module_calls')
  return [
    ...array(module, 'resources').flatMap((resource) =>
      array(resource, 'provisioners').map((raw) => ({
        provisioner: {
          address: prefix + text(resource, 'address'),
          type: text(raw, 'type'),
          settings: marked(raw.expressions ?? {}, false, false),
        },
        raw: raw.expressions,
        root: prefix === '',
      })),
    ),
    ...Object.keys(calls).flatMap((name) =>
      moduleProvisioners(object(object(calls, name), 'module'), `${prefix}module.${name}.`),
    ),
  ]
}

function rootVariables(variables: RawObject, declared: RawObject): { name: string; value: PlanValue }[] {
  return Object.keys(variables)
    .sort()
    .map((name) => ({
      name,
      value: marked(object(variables, name).value, false, object(declared, name).sensitive === true),
    }))
}

function references(expressions: unknown): string[] {
  if (Array.isArray(expressions)) return expressions.flatMap(references)
  if (typeof expressions !== 'object' || expressions === null) return []
  const raw = expressions as RawObject
  const own = Array.isArray(raw.references) ? strings(raw, 'references') : []
  return [...own, ...Object.entries(raw).flatMap(([key, value]) => (key === 'references' ? [] : references(value)))]
}

function variablesBehind(
  users: readonly { readonly root: boolean; readonly references: readonly string[] }[],
): ReadonlySet<string> | 'all' {
  const names = new Set<string>()
  for (const { root, references } of users)
    for (const reference of references) {
      const [head, name] = reference.split(/[.[]/)
      // What an object says of itself is part of its change; a module's variable may come from any root variable.
      if (head === 'self') continue
      if (root && head === 'var' && name !== undefined) names.add(name)
      else return 'all'
    }
  return names
}
