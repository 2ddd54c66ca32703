/**
 * A path into outputs, the part of yq's language that Atmos users write: `.a.b`, `.list[0]`, `.map["key"]`, with an
 * optional default, `.a // "x"`.
 */
export interface OutputPath {
  readonly steps: readonly (string | number)[]
  /** Present when the expression has `//`. */
  readonly otherwise?: { readonly value: unknown }
}

/** The parsed expression; undefined where it uses more of yq than paths and defaults. */
export function outputPath(expression: string): OutputPath | undefined {
  const [, path, fallback] = /^\s*((?:[^/"]|"[^"]*"|\/(?!\/))*?)\s*(?:\/\/\s*(.*?))?\s*$/s.exec(expression) ?? []
  if (path === undefined) return undefined
  const steps = pathSteps(path)
  if (steps === undefined) return undefined
  if (fallback === undefined) return { steps }
  const value = literal(fallback)
  return value === undefined ? undefined : { steps, otherwise: value }
}

function pathSteps(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = []
  let rest = path
  while (rest !== '') {
    const match = /^\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]|"((?:[^"\\]|\\.)*)"|([A-Za-z_][\w-]*))/.exec(rest)
    if (match === null) return rest === '.' && steps.length === 0 ? [] : undefined
    const [whole, bracketed, index, quoted, name] = match
    if (!whole.startsWith('.') && name !== undefined) return undefined
    steps.push(index === undefined ? (bracketed ?? quoted ?? name)! : Number(index))
    rest = rest.slice(whole.length)
  }
  return steps
}

function literal(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^'(.*)'$/s, (_, inner: string) => JSON.stringify(inner))) }
  } catch {
    return undefined
  }
}

/** What a path finds: a value, nothing (null and false take the default, as in yq), or a value not known yet. */
export type Found =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong'; readonly why: string }

/** Stands for a value that is known only after apply. */
export const UNKNOWN = Symbol('known after apply')

/** Follows the path through outputs; `UNKNOWN` anywhere on the way makes the answer unknown. */
export function evaluate({ steps, otherwise }: OutputPath, outputs: unknown): Found {
  let here = outputs
  for (const step of steps) {
    if (here === UNKNOWN) return { kind: 'unknown' }
    if (here === null || here === undefined) break
    if (Array.isArray(here)) {
      if (typeof step !== 'number') return { kind: 'wrong', why: `.${step} is asked of a list` }
      here = here.at(step)
    } else if (typeof here === 'object')
      here = Object.hasOwn(here, String(step)) ? (here as Record<string, unknown>)[String(step)] : undefined
    else here = undefined
  }
  if (containsUnknown(here)) return { kind: 'unknown' }
  if ((here === null || here === undefined || here === false) && otherwise)
    return { kind: 'value', value: otherwise.value }
  return { kind: 'value', value: here ?? null }
}

function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some(containsUnknown)
}
