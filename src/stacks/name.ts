import { type Position, UserError } from '../error.ts'
import type { AtmosConfig } from './config.ts'
import { type Missing, renderText } from './template.ts'
import { type MapValue, textOf, type Value } from './value.ts'

/** What names of stacks and workspaces are made of: texts among a component's vars. */
export interface Context {
  readonly namespace: string
  readonly tenant: string
  readonly environment: string
  readonly stage: string
  readonly region: string
  readonly attributes: readonly string[]
}

/** A context without any value. */
export const NO_CONTEXT: Context = { namespace: '', tenant: '', environment: '', stage: '', region: '', attributes: [] }

/** The context of a component, from its vars; anything but a text counts as missing. */
export function contextOf(vars: Value | undefined): Context {
  const entries = vars?.kind === 'map' ? vars.entries : new Map<string, Value>()
  const text = (name: string): string => textOf(entries.get(name)) ?? ''
  const attributes = entries.get('attributes')
  return {
    namespace: text('namespace'),
    tenant: text('tenant'),
    environment: text('environment'),
    stage: text('stage'),
    region: text('region'),
    attributes:
      attributes?.kind === 'list'
        ? attributes.items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''))
        : [],
  }
}

const TOKENS = ['namespace', 'tenant', 'environment', 'stage'] as const

/** A name by pattern, or the token that has no value. Anything in the pattern but four tokens between dashes counts for nothing. */
export function patternName(
  pattern: string,
  context: Context,
): { name: string } | { missing: (typeof TOKENS)[number] } {
  const parts: string[] = []
  for (const part of pattern.split('-')) {
    const token = TOKENS.find((name) => part === `{${name}}`)
    if (token === undefined) continue
    if (context[token] === '') return { missing: token }
    parts.push(context[token])
  }
  return { name: parts.join('-') }
}

/** Where a stack's name is asked for, and what it is asked of. */
export interface Asked {
  readonly config: AtmosConfig
  /** The manifest's own `name`, or ''. */
  readonly manifestName: string
  /** The stack file's name. */
  readonly file: string
  /** The component's sections: the data of `name_template`. */
  readonly data: MapValue
  readonly vars: Value | undefined
}

/** The stack's name as `describe component` and `terraform` find it; an error where template or pattern fail. */
export function canonicalName(asked: Asked): string {
  const { config, manifestName, file, data, vars } = asked
  if (manifestName !== '') return manifestName
  const missing: Missing = config.templates.ignoreMissing ? 'no value' : 'error'
  if (config.stacks.nameTemplate !== '') return templateName(asked, missing) || file
  if (config.stacks.namePattern === '') return file
  const found = patternName(config.stacks.namePattern, contextOf(vars))
  if ('missing' in found) throw missingToken(asked, found.missing, data.at)
  return found.name || file
}

/** The stack's name as `describe stacks` prints it, and the context that its workspace sees. */
export function listedName(asked: Asked): { name: string; context: Context } {
  const { config, manifestName, file, vars } = asked
  if (manifestName !== '') return { name: manifestName, context: NO_CONTEXT }
  if (config.stacks.nameTemplate !== '') return { name: templateName(asked, 'error') || file, context: NO_CONTEXT }
  if (config.stacks.namePattern === '') return { name: file, context: NO_CONTEXT }
  const context = contextOf(vars)
  const found = patternName(config.stacks.namePattern, context)
  return { name: 'missing' in found ? file : found.name || file, context }
}

/** The stack's name as validation groups by it: the manifest's own name does not count, and nothing may be missing. */
export function validatedName(asked: Asked): string {
  const { config, vars, data } = asked
  if (config.stacks.nameTemplate !== '') return templateName(asked, 'error')
  if (config.stacks.namePattern === '')
    throw new UserError({
      code: 'name-template-missing',
      message: 'stacks.name_template (or stacks.name_pattern) is not set in atmos.yaml, and describe stacks needs it',
      fix: 'set stacks.name_template, such as "{{ .vars.tenant }}-{{ .vars.stage }}"',
      exit: 2,
    })
  const found = patternName(config.stacks.namePattern, contextOf(vars))
  if ('missing' in found) throw missingToken(asked, found.missing, data.at)
  return found.name
}

/** `name_template` rendered over a component's sections. */
export function templateName({ config, data }: Asked, missing: Missing): string {
  const at = config.raw.entries.get('stacks')
  const place = at?.kind === 'map' ? (at.entries.get('name_template')?.at ?? at.at) : config.raw.at
  return renderText(config.stacks.nameTemplate, data, place, missing)
}

/** An error for a pattern's token that has no value. */
export function missingToken({ config, file }: Asked, token: string, at: Position): UserError {
  return new UserError({
    code: 'name-pattern-missing',
    message: `the stack name pattern ${config.stacks.namePattern} needs vars.${token}, which ${file} does not define as a text`,
    fix: `set vars.${token}, or give the stack another name_pattern`,
    at,
    exit: 2,
  })
}
