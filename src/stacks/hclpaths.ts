import type { Position } from '../error.ts'
import { type Block, isText } from './hclblocks.ts'
import type { Token } from './hcltokens.ts'

/**
 * A file that a module's code names. `path` is relative to the module's folder (`base` module) or to the folder that
 * Terraform runs in (`base` root); undefined where it is not literal, so only a run can know.
 */
export interface PathUse {
  /** `file`, `templatefile`, `fileset`, …, or `path` for a text that begins with `${path.module}`. */
  readonly by: string
  readonly base: 'module' | 'root'
  readonly path: string | undefined
  readonly at: Position
}

/** Functions whose first argument is a path that Terraform reads. */
const READERS = new Set([
  'file',
  'filebase64',
  'fileexists',
  'filemd5',
  'filesha1',
  'filesha256',
  'filesha512',
  'filebase64sha256',
  'filebase64sha512',
  'fileset',
  'templatefile',
])

/** Every path that the code of a block names, in the order of the text. */
export function pathUses(block: Block, file: string): PathUse[] {
  const found: PathUse[] = []
  for (const { value } of block.attributes.values()) collect(value, file, found)
  for (const inner of block.blocks) found.push(...pathUses(inner, file))
  return found
}

function collect(tokens: readonly Token[], file: string, found: PathUse[]): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const position: Position = { file, line: token.at.line, column: token.at.column }
    if (
      token.kind === 'word' &&
      READERS.has(token.text) &&
      isText(tokens[at + 1], '(') &&
      !isText(tokens[at - 1], '.')
    ) {
      const argument = firstArgument(tokens, at + 2)
      const path = pathOf(argument) ?? { base: 'module' as const, path: undefined }
      found.push({ by: token.text, ...path, at: position })
      // What the argument holds is known by now; only a computed one may name more paths.
      if (path.path !== undefined) at += 1 + argument.length
    } else if (token.kind === 'string') {
      const path = token.parts.length > 1 ? pathOf([token]) : undefined
      if (path?.path !== undefined) found.push({ by: 'path', ...path, at: position })
      else for (const part of token.parts) if (typeof part !== 'string') collect(part, file, found)
    }
  }
}

function firstArgument(tokens: readonly Token[], begin: number): Token[] {
  const argument: Token[] = []
  let depth = 0
  for (const token of tokens.slice(begin)) {
    if (depth === 0 && (token.kind === 'close' || isText(token, ','))) break
    if (token.kind === 'open') depth++
    if (token.kind === 'close') depth--
    argument.push(token)
  }
  return argument
}

/** `"x"`, `"${path.module}/x"`, `path.module`; undefined for a path that is not literal. */
function pathOf(value: readonly Token[]): Pick<PathUse, 'base' | 'path'> | undefined {
  const root = pathRoot(value)
  if (root) return { base: root, path: '.' }
  const [token, more] = value
  if (token?.kind !== 'string' || more) return undefined
  const [first, ...rest] = token.parts
  if (typeof first === 'string') return rest.length === 0 ? { base: 'root', path: first } : undefined
  const base = first && pathRoot(first)
  if (!base || !rest.every((part) => typeof part === 'string')) return undefined
  return { base, path: rest.join('').replace(/^\/+/, '') || '.' }
}

/** `path.module`, `path.root` or `path.cwd`: Terraform runs in the component's folder, so the last two are one. */
function pathRoot(value: readonly Token[]): 'module' | 'root' | undefined {
  const [path, dot, name, more] = value
  if (!isText(path, 'path') || !isText(dot, '.') || more || name?.kind !== 'word') return undefined
  return name.text === 'module' ? 'module' : name.text === 'root' || name.text === 'cwd' ? 'root' : undefined
}
