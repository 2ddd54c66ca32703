import type { AtmosConfig } from './config.ts'
import { type Asked, type Context, contextOf, NO_CONTEXT, patternName, templateName } from './name.ts'
import { type Missing, renderText } from './template.ts'
import { type MapValue, mapOf, textOf } from './value.ts'

interface WorkspaceFacts {
  readonly asked: Asked
  readonly backendType: string
  /** Undefined where the component has none. */
  readonly metadata: MapValue | undefined
}

/** The workspace that `describe component` prints and `terraform` selects. */
export function selectedWorkspace(
  facts: WorkspaceFacts,
  component: string,
  baseComponent: string,
  stack: string,
): string {
  const { config, manifestName, vars } = facts.asked
  if (!enabled(config, facts.backendType)) return 'default'
  const fromVars = manifestName !== '' || config.stacks.nameTemplate === ''
  const hasNames = manifestName !== '' || config.stacks.nameTemplate !== '' || config.stacks.namePattern !== ''
  const context = fromVars && hasNames ? contextOf(vars) : NO_CONTEXT
  const missing: Missing = config.templates.ignoreMissing ? 'no value' : 'error'
  const prefix = stackPart(facts.asked, context, stack, missing)
  const own = ownName(facts.asked, facts.metadata, context, component, baseComponent)
  return (own ?? (baseComponent === '' ? prefix : `${prefix}-${component}`)).replaceAll('/', '-')
}

/** The workspace that `describe stacks` prints: it knows no base components, and an explicit name beats pattern and template. */
export function listedWorkspace(facts: WorkspaceFacts, context: Context, stack: string): string {
  if (!enabled(facts.asked.config, facts.backendType)) return 'default'
  const explicit = textOf(facts.metadata?.entries.get('terraform_workspace'))
  const own = explicit ?? ownName(facts.asked, facts.metadata, context, '', '')
  const missing: Missing = facts.asked.config.templates.ignoreMissing ? 'no value' : 'error'
  return (own ?? stackPart(facts.asked, context, stack, missing)).replaceAll('/', '-')
}

function enabled(config: AtmosConfig, backendType: string): boolean {
  return backendType !== 'http' && config.components.terraform.workspacesEnabled !== false
}

function stackPart(asked: Asked, context: Context, stack: string, missing: Missing): string {
  const { config, manifestName } = asked
  if (manifestName !== '') return manifestName
  if (config.stacks.nameTemplate !== '') return templateName(asked, missing)
  if (config.stacks.namePattern === '') return stack
  const found = patternName(config.stacks.namePattern, context)
  return 'missing' in found ? stack : found.name
}

function ownName(
  { data }: Asked,
  metadata: MapValue | undefined,
  context: Context,
  component: string,
  baseComponent: string,
): string | undefined {
  const entry = (name: string) => mapOf(metadata)?.entries.get(name)
  const template = entry('terraform_workspace_template')
  if (textOf(template) !== undefined) return renderText(textOf(template)!, data, template!.at, 'error')
  const pattern = textOf(entry('terraform_workspace_pattern'))
  if (pattern !== undefined) return withTokens(pattern, context, component, baseComponent)
  return textOf(entry('terraform_workspace'))
}

/** A pattern with the tokens that Atmos knows filled in; others stay as text. */
export function withTokens(pattern: string, context: Context, component: string, baseComponent: string): string {
  const values: Readonly<Record<string, string>> = {
    'base-component': baseComponent,
    component,
    'component-path': '',
    namespace: context.namespace,
    environment: context.environment,
    region: context.region,
    tenant: context.tenant,
    stage: context.stage,
    workspace: '',
    terraform_workspace: '',
    attributes: context.attributes.join('-'),
  }
  return pattern.replace(/\{([a-z_-]+)\}/g, (whole, name: string) => values[name] ?? whole)
}
