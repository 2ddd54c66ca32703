import { type Position, UserError } from '../error.ts'
import { formatFloat } from '../yaml/float.ts'
import { type MapValue, type Value, valueAt } from './value.ts'

/** What a plain field reference in a text is taken for: `{{ .vars.stage }}`, blanks and trim marks allowed. */
const FIELD = /^\{\{(-(?=\s))?\s*((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*((?<=\s)-)?\}\}$/
const ACTION = /\{\{(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*\}\}/g

/** Where a field that a template names does not exist: an error, or the text `<no value>`. */
export type Missing = 'error' | 'no value'

/** Where the text's first template action begins, counted from its own start; undefined where it has none. */
export function hasTemplate(text: string): { line: number; column: number } | undefined {
  const at = text.indexOf('{{')
  if (at < 0) return undefined
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** Whether every template action of the text is a plain field reference. */
export function fieldsOnly(text: string): boolean {
  const rest = text.replace(ACTION, '')
  return !rest.includes('{{') && [...text.matchAll(ACTION)].every(([action]) => FIELD.test(action))
}

/**
 * A text with its field references replaced by what they name.
 * @throws UserError `not-yet` for any other template action, `template-key-missing` where a field must exist
 */
export function renderText(text: string, data: MapValue, at: Position, missing: Missing): string {
  if (!text.includes('{{')) return text
  if (!fieldsOnly(text)) throw unsupported(text, at)
  let result = ''
  let end = 0
  let trimNext = false
  for (const match of text.matchAll(ACTION)) {
    const [, trimBefore, path, trimAfter] = FIELD.exec(match[0])!
    let between = text.slice(end, match.index)
    if (trimNext) between = between.trimStart()
    if (trimBefore) between = between.trimEnd()
    result += between + field(path!.slice(1).split('.'), data, at, missing, text)
    end = match.index + match[0].length
    trimNext = trimAfter !== undefined
  }
  const rest = text.slice(end)
  return result + (trimNext ? rest.trimStart() : rest)
}

function field(path: readonly string[], data: MapValue, at: Position, missing: Missing, text: string): string {
  let here: Value | undefined = data
  for (const [index, name] of path.entries()) {
    if (here?.kind === 'map') here = here.entries.get(name)
    else if (here === undefined || (isNull(here) && missing === 'no value')) break
    else
      throw new UserError({
        code: 'template-invalid',
        message: `${text}: .${path.slice(0, index).join('.')} has no fields`,
        at,
        exit: 2,
      })
    if (here === undefined && missing === 'error')
      throw new UserError({
        code: 'template-key-missing',
        message: `${text}: there is no .${path.slice(0, index + 1).join('.')}`,
        fix: `define ${path.join('.')}`,
        at,
        exit: 2,
      })
  }
  return here === undefined || isNull(here) ? '<no value>' : goText(here)
}

function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null
}

/** A value as Go's templates print it. */
export function goText(value: Value): string {
  if (value.kind === 'list') return `[${value.items.map(inner).join(' ')}]`
  if (value.kind === 'map') {
    const keys = [...value.entries.keys()].sort()
    return `map[${keys.map((key) => `${key}:${inner(value.entries.get(key)!)}`).join(' ')}]`
  }
  if (typeof value.value === 'number' && (value.float || !Number.isInteger(value.value)))
    return formatFloat(value.value)
  return String(value.value)
}

function inner(value: Value): string {
  return isNull(value) ? '<nil>' : goText(value)
}

function unsupported(text: string, at: Position): UserError {
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text
  return new UserError({
    code: 'not-yet',
    message: `the template ${JSON.stringify(shown)} is more than field references, which is all that Airlock renders yet`,
    fix: 'write the value out, or wait for a later version',
    at,
    exit: 2,
  })
}

/** The value that a text which is one field reference names; undefined for any other text. */
export function referenced(text: string, data: MapValue): Value | undefined {
  const [, , path] = FIELD.exec(text.trim()) ?? []
  return path === undefined ? undefined : valueAt(data, path.slice(1).split('.'))
}

/** The paths of all plain field references in a text. */
export function fieldPaths(text: string): string[][] {
  return [...text.matchAll(ACTION)].flatMap(([action]) => {
    const [, , path] = FIELD.exec(action) ?? []
    return path === undefined ? [] : [path.slice(1).split('.')]
  })
}
