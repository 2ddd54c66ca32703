/** One import of a source file. */
export interface Import {
  /** As written: `../git/tree.ts`, `node:crypto`, `js-yaml`. */
  readonly from: string
  /** Only types: nothing of it is left at run time. */
  readonly typeOnly: boolean
  /** The names taken; `*` for all, `default`, none for an import for its effect. */
  readonly names: readonly string[]
  readonly line: number
}

const statement =
  /^(?:import|export)\b\s*(type\b\s*)?((?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)|[\w$]+)?\s*(?:from\s*)?(['"])([^'"\n]+)\3/gm
const dynamic = /\bimport\(\s*(['"])([^'"\n]+)\1/g
const comments = /\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g

/** All imports and re-exports of a TypeScript source that is formatted as ours: statements begin a line. */
export function imports(source: string): Import[] {
  const text = source.replace(comments, (comment) => comment.replace(/[^\n]/g, ' '))
  const lineOf = (index: number) => text.slice(0, index).split('\n').length
  const found: Import[] = []
  for (const match of text.matchAll(statement)) {
    const clause = match[2] ?? ''
    if (match[0].startsWith('export') && !/[{*]/.test(clause)) continue
    const listed =
      /\{([^}]*)\}/
        .exec(clause)?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean) ?? []
    const values = listed.filter((name) => !/^type\s/.test(name)).map((name) => name.split(/\s+as\s+/)[0]!)
    const others = [...(clause.includes('*') ? ['*'] : []), ...(/^[\w$]/.test(clause) ? ['default'] : [])]
    const typeOnly = match[1] !== undefined || (listed.length > 0 && values.length === 0 && others.length === 0)
    found.push({ from: match[4]!, typeOnly, names: typeOnly ? [] : [...others, ...values], line: lineOf(match.index) })
  }
  for (const match of text.matchAll(dynamic))
    found.push({ from: match[2]!, typeOnly: false, names: ['*'], line: lineOf(match.index) })
  return found
}

/** Source text without comments, strings and the text of templates, so that words in prose are not taken for code. */
export function codeOnly(source: string): string {
  return source
    .replace(comments, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, '``')
}
