import { type Position, UserError } from '../error.ts'
import { TemplateError } from '../templates/error.ts'
import { type FunctionSet, functionsFor } from '../templates/functions.ts'
import { execute, parseTemplate, type Template } from '../templates/template.ts'
import { NeedsWorld, type TemplateWorld } from '../templates/value.ts'
import { goValue } from './go-value.ts'
import { type MapValue, type Value, valueAt } from './value.ts'

/** What a plain field reference in a text is taken for: `{{ .vars.stage }}`, blanks and trim marks allowed. */
const FIELD = /^\{\{(-(?=\s))?\s*((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*((?<=\s)-)?\}\}$/
const ACTION = /\{\{(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*\}\}/g

/** Where a field that a template names does not exist: an error, or the text `<no value>`. */
export type Missing = 'error' | 'no value'

/** With what a text is rendered. */
export interface Engine {
  /** Default: what Atmos has while it loads files. */
  readonly functions?: FunctionSet
  readonly delimiters?: readonly [string, string]
  readonly world?: TemplateWorld
  /** What errors call the template. */
  readonly name?: string
  /** Whether the text is a whole file, so that errors have their place in it; else they have the place of the text. */
  readonly isFile?: boolean
}

/**
 * A text with its Go templates rendered.
 * @throws UserError `template-key-missing` where a field must exist, `template-needs-world`, `template-invalid`
 */
export function renderText(text: string, data: MapValue, at: Position, missing: Missing, engine: Engine = {}): string {
  const { functions = 'load', delimiters = DELIMITERS, world, name = 'template', isFile } = engine
  if (!text.includes(delimiters[0])) return text
  try {
    const template = parsed(text, functions, delimiters, name)
    return execute(template, goValue(data), {
      missingKey: missing === 'error' ? 'error' : 'default',
      ...(world && { world }),
    })
  } catch (error) {
    if (error instanceof NeedsWorld) throw needsWorld(error, text, at)
    if (error instanceof TemplateError)
      throw failure(error, text, isFile ? { file: at.file, line: error.line, column: error.column } : at)
    throw error
  }
}

/** Whether a text alone is a template, with all that its actions need: no `end` without its `if`, no variable of elsewhere. */
export function isWhole(
  text: string,
  { functions = 'load', delimiters = DELIMITERS, name = 'template' }: Engine,
): boolean {
  try {
    const { bodies } = parsed(text, functions, delimiters, name)
    return bodies.size === 1
  } catch (error) {
    if (error instanceof TemplateError) return false
    throw error
  }
}

const DELIMITERS = ['{{', '}}'] as const

const templates = new Map<string, Template>()

/** Parsed once: the same text is rendered for many instances. */
function parsed(text: string, functions: FunctionSet, delimiters: readonly [string, string], name: string): Template {
  const key = [functions, ...delimiters, name, text].join('\0')
  const known = templates.get(key)
  if (known !== undefined) return known
  const template = parseTemplate(text, { name, delimiters, functions: functionsFor[functions] })
  templates.set(key, template)
  return template
}

function failure(error: TemplateError, text: string, at: Position): UserError {
  const said = error.message.replace(/^template: [^:]*:\d+(?::\d+)?: (?:executing "[^"]*" at )?/, '')
  const shown = shownText(text)
  if (error.cause instanceof NeedsWorld) return needsWorld(error.cause, text, at)
  const message = `${shown}${said}`
  const [, key] = /map has no entry for key "([^"]*)"/.exec(error.message) ?? []
  if (key === undefined) return new UserError({ code: 'template-invalid', message, at, exit: 2 })
  return new UserError({ code: 'template-key-missing', message, fix: `define ${key}`, at, exit: 2 })
}

function needsWorld({ what }: NeedsWorld, text: string, at: Position): UserError {
  return new UserError({
    code: 'template-needs-world',
    message: `${shownText(text)}${what} is not known before a run`,
    fix: 'write the value out, or take it from an output of a component: !terraform.state, which a run fills in',
    at,
    exit: 2,
  })
}

function shownText(text: string): string {
  return text.includes('\n') ? '' : `${text}: `
}

/** The value that a text which is one field reference names; undefined for any other text. */
export function referenced(text: string, data: MapValue): Value | undefined {
  const [, , path] = FIELD.exec(text.trim()) ?? []
  return path === undefined ? undefined : valueAt(data, path.slice(1).split('.'))
}

/** The paths of all fields that the actions of a text name. */
export function fieldPaths(text: string): string[][] {
  return [...text.matchAll(ACTION)].flatMap(([action]) =>
    [...action.replace(STRINGS, '""').matchAll(PATH)].map(([, path]) => path!.slice(1).split('.')),
  )
}

const STRINGS = /"(?:[^"\\]|\\.)*"|`[^`]*`/g
const PATH = /(?<![\w)$.])((?:\.[A-Za-z_]\w*)+)/g
