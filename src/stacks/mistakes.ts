import { place, together, UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { AtmosConfig } from './config.ts'
import { importedFiles, importsOf } from './imports.ts'
import type { Loader } from './load.ts'

/**
 * What becomes of every item, or everything that is wrong with any of them, each place once and in the order of files.
 * @param also looks for more of it once something is wrong
 * @throws UserError the first, with the others beside it
 */
export function gathered<T, R>(
  items: Iterable<T>,
  work: (item: T) => R,
  also: () => readonly UserError[] = () => [],
): R[] {
  const results: R[] = []
  const errors: UserError[] = []
  for (const item of items) {
    const done = attempt(() => work(item), errors)
    if (done !== undefined) results.push(done.value)
  }
  const [first, ...more] = inFileOrder([...errors, ...(errors.length === 0 ? [] : also())])
  if (first !== undefined) throw together([first, ...more])
  return results
}

/** What is wrong with any manifest that top-level ones reach by imports, also behind one that is broken itself. */
export function mistakesIn(
  tree: Tree,
  config: AtmosConfig,
  { parsed }: Loader,
  topLevel: readonly string[],
): UserError[] {
  const errors: UserError[] = []
  const reached = new Set(topLevel)
  for (const file of reached) {
    const entries = attempt(() => importsOf(parsed(file) ?? { entries: new Map() }), errors)
    for (const entry of entries?.value ?? []) {
      if (entry.path.includes('{{')) continue
      const files = attempt(() => importedFiles(tree, config, entry, entry.path, file), errors)
      for (const imported of files?.value ?? []) reached.add(imported)
    }
  }
  return errors
}

function attempt<R>(work: () => R, errors: UserError[]): { readonly value: R } | undefined {
  try {
    return { value: work() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    errors.push(error, ...error.others)
    return undefined
  }
}

/** Those without a place come first: they are about everything. */
function inFileOrder(errors: readonly UserError[]): UserError[] {
  const places = new Map<string, UserError>()
  for (const error of errors) {
    const key = `${error.code}\0${error.at ? place(error.at) : error.message}`
    if (!places.has(key)) places.set(key, error)
  }
  return [...places.values()].sort(({ at: a }, { at: b }) => {
    if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
    return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
  })
}
