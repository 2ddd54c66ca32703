import { UserError } from '../../error.ts'
import { type Context, contextOf, PLACES } from './context.ts'
import { asMap, type Described, isAbstract, isDisabled, listOf, mapOf, type PlainMap } from './described.ts'

/** What one declaration asks for, in either form. */
interface Declared {
  readonly component: string
  readonly stack: string | undefined
  /** The context fields of `settings.depends_on`; undefined for the newer `dependencies.components`. */
  readonly legacy: PlainMap | undefined
}

/**
 * The components that declare a dependency on a component: one a matching declaration, so possibly twice. Components of
 * the same name are never among them, whatever their stack.
 * @throws UserError `wrong-type` where a `settings.depends_on` is no map, or a context variable no text
 */
export function dependentsOf(target: Described, all: readonly Described[]): Described[] {
  const place = contextOf(target)
  const found = all.flatMap((it) => {
    if (it.component === target.component || isAbstract(it) || isDisabled(it) || !asMap(it.section.vars)) return []
    const context = contextOf(it)
    const hits = declared(it).filter((declaration) => matches(declaration, it, context, target, place))
    return hits.map(() => it)
  })
  const key = (it: Described) => [`${it.stack}-${it.component.replaceAll('/', '-')}`, it.component, it.stack]
  return found.sort((a, b) => compare(key(a), key(b)))
}

/** Component declarations of `dependencies.components`, or of `settings.depends_on` where there are none. */
function declared(it: Described): Declared[] {
  const legacy = mapOf(it.section.settings).depends_on
  if (Array.isArray(legacy))
    throw new UserError({
      code: 'wrong-type',
      message: `settings.depends_on of ${it.component} in ${it.stack} is a list; it must be a map`,
      fix: 'use dependencies.components, which is a list',
      exit: 2,
    })
  const entries = listOf(mapOf(it.section.dependencies).components).flatMap((entry): Declared[] => {
    const { component, name, stack, kind } = mapOf(entry)
    const target = text(component) ?? text(name)
    if (target === undefined || kind === 'file' || kind === 'folder') return []
    return [{ component: target, stack: text(stack), legacy: undefined }]
  })
  if (entries.length > 0) return entries
  return Object.values(mapOf(legacy)).flatMap((entry): Declared[] => {
    const map = mapOf(entry)
    const component = text(map.component)
    return component === undefined ? [] : [{ component, stack: text(map.stack), legacy: map }]
  })
}

function matches(it: Declared, from: Described, context: Context, target: Described, place: Context): boolean {
  if (it.component !== target.component) return false
  if (!it.legacy) return (it.stack ?? from.stack) === target.stack
  const fields = it.legacy
  const given = PLACES.filter((name) => text(fields[name]) !== undefined)
  if (it.stack !== undefined) {
    if (it.stack !== target.stack) return false
  } else if (given.length === 0 && from.stack !== target.stack) return false
  // Even beside an explicit stack, a field that is not given must be equal on both sides.
  return PLACES.every((name) => (text(fields[name]) ?? context[name] ?? '') === (place[name] ?? ''))
}

function text(value: PlainMap[string] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at]!
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
