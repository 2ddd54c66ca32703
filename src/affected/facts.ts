import type { Tree } from '../git/tree.ts'
import { type Import, importOf, importsOf } from '../stacks/imports.ts'
import { linkedText } from '../stacks/links.ts'
import { mapOf, scalarAt } from '../stacks/value.ts'
import { parseManifest } from '../stacks/yaml/manifest.ts'

/** What a manifest's text alone says of what it reads. In doubt it reads more. */
export interface Facts {
  readonly imports: readonly Import[]
  /** It may read files beside its imports, or what it imports depends on more than its text. */
  readonly readsFiles: boolean
  /** Components whose outputs it reads; `unclear` where they are computed. */
  readonly reads: ReadonlySet<string> | 'unclear'
}

const NOTHING: Facts = { imports: [], readsFiles: false, reads: new Set() }
const READS_ALL: Facts = { imports: [], readsFiles: true, reads: 'unclear' }

/** By the text itself: two commits share nearly all of them. */
const known = new Map<string, Facts>()

/** The facts of a manifest. @throws UserError for an `import` that is none */
export function factsOf(tree: Tree, file: string): Facts {
  const text = linkedText(tree, file)
  if (text === undefined) return NOTHING
  if (file.endsWith('.tmpl') || tree.files.get(file)?.mode === 'symlink') return READS_ALL
  const before = known.get(text)
  if (before !== undefined) return before
  const facts = read(text, file)
  known.set(text, facts)
  return facts
}

function read(text: string, file: string): Facts {
  // Keys that no look at lines can find: escaped, complex, or all in one line.
  if (/^\s*\{|^\s*[?] |\\[xuU]/m.test(text)) return READS_ALL
  const imports = importLines(text)
  if (imports === undefined) return READS_ALL
  const entries = plainImports(imports) ?? importsOf(mapOf(parseManifest(imports.join('\n'), file)) ?? NO_IMPORTS)
  const isComputed = entries.some(({ path }) => path.includes('{{'))
  return {
    imports: entries,
    readsFiles: isComputed || FILES.test(text),
    reads: readsOf(text),
  }
}

/** What takes in a file beside the imports: included, watched, depended on, or code outside of its folder. */
const FILES =
  /!include|["']?(?:watch|files?|folders?)["']?\s*:|kind["']?\s*:\s*["']?(?:file|folder)|component["']?\s*:.*\.\./

const NO_IMPORTS = { kind: 'map', at: { file: '', line: 1, column: 1 }, entries: new Map() } as const

/** The entries of an `import` section that lists plain paths and nothing else, as nearly all do: those need no parser. */
function plainImports([first, ...lines]: readonly string[]): Import[] | undefined {
  if (first === undefined) return []
  const items = lines.filter((line) => line !== '').map((line) => /^( *)- (\w[\w.-]*\/[\w./-]*)$/.exec(line))
  const indent = items[0]?.[1]
  if (first !== 'import:' || !items.every((item) => item !== null && item[1] === indent)) return undefined
  return items.map((item) => importOf(scalarAt(NO_IMPORTS.at, item![2]!)))
}

/** The lines of the `import` section; none without one, undefined where they need lines elsewhere to be understood. */
function importLines(text: string): readonly string[] | undefined {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^["']?import["']?\s*:/.test(line))
  if (start < 0) return /^(?:---|%)/m.test(text) && /import/.test(text) ? undefined : []
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s#-]/.test(line))
  const section = lines.slice(start, length < 0 ? undefined : start + 1 + length)
  return section.some((line) => /(?:^|\s)[*&]\S|<</.test(line)) ? undefined : section
}

function readsOf(text: string): Facts['reads'] {
  if (/!store|atmos\.Component/.test(text)) return 'unclear'
  const names = [...text.matchAll(/terraform\.(?:output|state)\s*(\S*)/g)].map(([, name]) => name!)
  const isPlain = names.every((name) => /^[\w/.-]+$/.test(name))
  return isPlain ? new Set(names) : 'unclear'
}
