import type { AtmosConfig } from './config.ts'
import { type Asked, contextOf, missingToken, patternName, templateName } from './name.ts'
import { mapOf, textOf, valueAt } from './value.ts'
import { withTokens } from './workspace.ts'

/** What Spacelift calls the component's stack; undefined unless `settings.spacelift.workspace_enabled` is true. */
export function spaceliftStack(asked: Asked, component: string): string | undefined {
  const { config, data, vars } = asked
  const settings = mapOf(valueAt(data, ['settings', 'spacelift']))
  const enabled = settings?.entries.get('workspace_enabled')
  if (enabled?.kind !== 'scalar' || enabled.value !== true) return undefined
  const prefix =
    config.stacks.nameTemplate === ''
      ? prefixByPattern(asked)
      : templateName(asked, config.templates.ignoreMissing ? 'no value' : 'error')
  const name = component.replaceAll('/', '-')
  const pattern = textOf(settings?.entries.get('stack_name_pattern'))
  if (pattern !== undefined) return withTokens(pattern, contextOf(vars), name, '')
  return textOf(settings?.entries.get('stack_name')) ?? `${prefix}-${name}`.replaceAll('/', '-')
}

function prefixByPattern(asked: Asked): string {
  const found = patternName(asked.config.stacks.namePattern, contextOf(asked.vars))
  if ('missing' in found) throw missingToken(asked, found.missing, asked.data.at)
  return found.name
}

/** What Atlantis calls the component's project; undefined where no project template with a name applies to it. */
export function atlantisProject({ config, data, vars }: Asked, component: string): string | undefined {
  const settings = mapOf(valueAt(data, ['settings', 'atlantis']))
  const own = mapOf(settings?.entries.get('project_template'))
  const template = own ?? namedTemplate(config, textOf(settings?.entries.get('project_template_name')))
  const name = textOf(template?.entries.get('name'))
  return name ? withTokens(name, contextOf(vars), component.replaceAll('/', '-'), '') : undefined
}

function namedTemplate(config: AtmosConfig, name: string | undefined): ReturnType<typeof mapOf> {
  return name ? mapOf(valueAt(config.integrations, ['atlantis', 'project_templates', name])) : undefined
}
