import { builtins } from './builtins.ts'
import { CallError } from './commands.ts'
import { goPlace, placeAt, TemplateError } from './error.ts'
import { walk } from './evaluate.ts'
import type { Delimiters } from './lex.ts'
import { sourceOf } from './nodes.ts'
import { type Bodies, parse } from './parse.ts'
import { quoted } from './quote.ts'
import { LIMITS, type Limits, type MissingKey, type State } from './state.ts'
import { GoError, type GoFunctions, type GoValue, type TemplateWorld } from './value.ts'

/** A template whose text was understood; it can be executed any number of times. */
export interface Template {
  readonly name: string
  readonly text: string
  readonly bodies: Bodies
}

/** How a template's text is read. */
interface Reading {
  /** What errors call it. */
  readonly name: string
  /** Default `{{` and `}}`. */
  readonly delimiters?: Delimiters
  readonly functions: GoFunctions
}

/** How a template is executed. */
interface Execution {
  /** Default `default`: what is missing is `<no value>`. */
  readonly missingKey?: MissingKey
  readonly world?: TemplateWorld
  readonly limits?: Limits
}

const DELIMITERS: Delimiters = ['{{', '}}']

/**
 * Reads a template's text.
 * @throws TemplateError in Go's words, with the place in the text
 */
export function parseTemplate(text: string, { name, delimiters = DELIMITERS, functions }: Reading): Template {
  const [left, right] = delimiters
  const both: Delimiters = [left || DELIMITERS[0], right || DELIMITERS[1]]
  if (!text.includes(both[0])) return { name, text, bodies: new Map([[name, [{ kind: 'text', at: 0, text }]]]) }
  const lookup = (called: string) =>
    Object.hasOwn(functions, called)
      ? functions[called]
      : Object.hasOwn(builtins, called)
        ? builtins[called]
        : undefined
  return { name, text, bodies: parse(name, text, both, lookup) }
}

/**
 * What a template makes of its data.
 * @throws TemplateError in Go's words, with the place in the text; its cause is a NeedsWorld where a function asked for one
 */
export function execute(template: Template, data: GoValue, options: Execution = {}): string {
  const dot = data ?? undefined
  const { name, bodies } = template
  const state: State = {
    bodies,
    name,
    missingKey: options.missingKey ?? 'default',
    world: options.world,
    limits: options.limits ?? LIMITS,
    names: ['$'],
    values: [dot],
    boxes: [false],
    dot,
    dotBoxed: false,
    boxed: false,
    node: undefined,
    output: '',
    steps: 0,
    depth: 0,
  }
  try {
    walk(state, bodies.get(name) ?? [])
  } catch (error) {
    throw failure(template, state, error)
  }
  return state.output
}

/** An error of the execution with the place of the node that it is about; a bug of ours stays one. */
function failure({ text, name: file }: Template, { node, name }: State, error: unknown): unknown {
  const message = error instanceof RangeError ? `too large or nested too deeply: ${error.message}` : undefined
  if (message === undefined && !(error instanceof GoError)) return error
  const what = message ?? (error as GoError).message
  if (!node) return new TemplateError(`template: ${file}: ${what}`, placeAt(text, 0))
  const where = `${file}:${goPlace(text, node.at)}: executing ${quoted(name)} at <${sourceOf(node)}>`
  const cause = error instanceof CallError ? error.cause : error
  return new TemplateError(`template: ${where}: ${what}`, placeAt(text, node.at), cause)
}
