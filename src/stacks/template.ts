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
}

/**
 * A text with its Go templates rendered.
 * @throws UserError `template-key-missing` where a field must exist, `template-needs-world`, `template-invalid`
 */
export function renderText(
  text: string,
  data: MapValue,
  at: Position,
  missing: Missing,
  { functions = 'load', delimiters = DELIMITERS, world, name = 'template' }: Engine = {},
): string {
  if (!text.includes(delimiters[0])) return text
  try {
    const template = parsed(text, functions, delimiters, name)
    return execute(template, goValue(data), {
      missingKey: missing === 'error' ? 'error' : 'default',
      ...(world && { world }),
    })
  } catch (error) {
    if (error instanceof NeedsWorld) throw needsWorld(error, text, at)
    if (error instanceof TemplateError) throw failure(error, text, at)
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
  const place = positionIn(at, error.line, error.column)
  const said = error.message.replace(/^template: [^:]*:\d+(?::\d+)?: (?:executing "[^"]*" at )?/, '')
  const shown = shownText(text)
  if (error.cause instanceof NeedsWorld) return needsWorld(error.cause, text, place)
  const [, key] = /map has no entry for key "([^"]*)"/.exec(error.message) ?? []
  return new UserError({
    code: key === undefined ? 'template-invalid' : 'template-key-missing',
    message: `${shown}${said}`,
    ...(key !== undefined && { fix: `define ${key}` }),
    at: place,
    exit: 2,
  })
}

function needsWorld({ what }: NeedsWorld, text: string, at: Position): UserError {
  return new UserError({
    code: 'template-needs-world',
    message: `${shownText(text)}${what} is not known before a run`,
    fix: 'write the value out, or use a YAML function such as !terraform.state, !store or !exec, which runs fill in',
    at,
    exit: 2,
  })
}

function shownText(text: string): string {
  return text.includes('\n') ? '' : `${text}: `
}

/** A place in a text that is written at a place: as near as can be told where quotes and indents came between. */
function positionIn(at: Position, line: number, column: number): Position {
  return line === 1 ? { ...at, column: at.column + column - 1 } : { ...at, line: at.line + line - 1 }
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
