import type { Tree } from '../git/tree.ts'
import type { OwnersProblem } from '../records/pull-request.ts'

/** Where GitHub looks for the file, in this order; the first that is there counts. */
export const OWNERS_FILES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const

/** A line that says who owns what; no owners: nobody does. */
export interface OwnersLine {
  readonly pattern: string
  /** `@user`, `@org/team` or an e-mail address. */
  readonly owners: readonly string[]
  readonly line: number
}

/** A CODEOWNERS file as GitHub reads it. */
export interface Codeowners {
  readonly file: string
  readonly lines: readonly OwnersLine[]
  /** Lines that GitHub skips, and why. */
  readonly problems: readonly OwnersProblem[]
}

/** GitHub does not read a larger file. */
const mostBytes = 3_000_000

/** The file that counts in a tree; undefined where there is none. @throws NotLoaded */
export function codeownersIn(tree: Tree): Codeowners | undefined {
  const file = OWNERS_FILES.find((path) => tree.files.has(path))
  return file && codeowners(tree.text(file) ?? '', file)
}

/**
 * Parses a CODEOWNERS file by GitHub's rules: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function codeowners(text: string, file: string): Codeowners {
  if (new TextEncoder().encode(text).length > mostBytes)
    return { file, lines: [], problems: [{ file, line: 1, column: 1, problem: 'the file is larger than 3 MB' }] }
  const lines: OwnersLine[] = []
  const problems: OwnersProblem[] = []
  text.split(/\r?\n/).forEach((source, index) => {
    const [pattern, ...owners] = words(source)
    if (pattern === undefined) return
    const line = index + 1
    const wrong = patternProblem(pattern.text)
    const stranger = owners.find((it) => !isOwner(it.text))
    if (wrong !== undefined) problems.push({ file, line, column: pattern.column, problem: wrong })
    else if (stranger !== undefined)
      problems.push({
        file,
        line,
        column: stranger.column,
        problem: `"${stranger.text}" is neither @user, @org/team nor an e-mail address`,
      })
    else lines.push({ pattern: pattern.text, owners: owners.map((it) => it.text), line })
  })
  return { file, lines, problems }
}

/** The line that decides who owns a file: the last that matches. Undefined where none does, or where it names nobody. */
export function ownersOf({ lines }: Codeowners, path: string): OwnersLine | undefined {
  const last = lines.findLast(({ pattern }) => patternMatches(pattern, path))
  return last === undefined || last.owners.length === 0 ? undefined : last
}

interface Word {
  readonly text: string
  readonly column: number
}

/** Words of a line up to a comment; a blank that is escaped is part of its word. */
function words(line: string): Word[] {
  const found = [...line.matchAll(/(?:\\.|[^\s\\]|\\$)+/g)].map((it) => ({ text: it[0], column: it.index + 1 }))
  const comment = found.findIndex(({ text }) => text.startsWith('#'))
  return comment < 0 ? found : found.slice(0, comment)
}

function patternProblem(pattern: string): string | undefined {
  if (pattern.startsWith('!')) return '"!" does not negate a pattern in CODEOWNERS'
  if (pattern.startsWith('\\#')) return 'a pattern cannot begin with an escaped "#" in CODEOWNERS'
  if (/^\^?\[/.test(pattern)) return 'sections and "[ ]" mean nothing in CODEOWNERS of GitHub'
  if (/(^|[^\\])[[\]]/.test(pattern)) return '"[ ]" is no character range in CODEOWNERS'
  if (pattern === '/') return '"/" alone matches nothing; all files are "*"'
  if (pattern.includes('***')) return '"***" is no pattern'
  return undefined
}

function isOwner(text: string): boolean {
  return /^@[\w-]+(\/[\w.-]+)?$/.test(text) || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}

const compiled = new Map<string, RegExp>()

/** Whether a pattern of CODEOWNERS covers a file, whose path is relative to the root. Upper and lower case differ. */
export function patternMatches(pattern: string, path: string): boolean {
  const known = compiled.get(pattern) ?? new RegExp(`^${translated(pattern)}$`, 's')
  compiled.set(pattern, known)
  return known.test(path)
}

function translated(pattern: string): string {
  const anchored = pattern.replace(/\/$/, '').includes('/')
  const parts = pattern.replace(/^\//, '').split('/')
  if (parts.at(-1) === '') parts[parts.length - 1] = '**' // a folder: all that is in it
  if (!anchored && parts[0] !== '**') parts.unshift('**')
  const last = parts.length - 1
  let source = ''
  parts.forEach((part, index) => {
    if (part === '**') {
      if (index === 0) source += last === 0 ? '.+' : '(?:.+/)?'
      else source += index === last ? '.+' : '(?:.+/)?'
      return
    }
    // One `*` alone stays in its folder; any other name covers what is below it, where it is a folder.
    source += part === '*' ? '[^/]+' : segment(part)
    if (index < last) source += '/'
    else if (part !== '*') source += '(?:/.*)?'
  })
  return source
}

function segment(part: string): string {
  return part.replace(/\\(.)|([*?])|([.+^${}()|[\]\\/-])/gs, (_, escaped, wild, special) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
    if (wild !== undefined) return wild === '*' ? '[^/]*' : '[^/]'
    return `\\${special}`
  })
}
