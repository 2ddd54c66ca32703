import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type MemoryFile, memoryTree } from '../../src/git/drivers/memory.ts'
import type { Tree } from '../../src/git/tree.ts'
import { ROOT } from './outcome.ts'

/** Files by path, as the recorded answers hold them. */
export type Files = Readonly<Record<string, MemoryFile>>

/** An edit: `at` counts lines from 0, and `to: null` removes the line. */
export type Op =
  | {
      readonly op: 'line'
      readonly file: string
      readonly at: number
      readonly from: string
      readonly to: string | null
    }
  | { readonly op: 'append'; readonly file: string; readonly text: string }
  | { readonly op: 'write'; readonly file: string; readonly text: string }
  | { readonly op: 'delete'; readonly file: string }

export function treeOf(files: Files): Tree {
  return memoryTree(files, ROOT)
}

/** Parsed JSON of a file. */
export function readJson<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8'))
}

/** Names in a folder in byte order, or none where there is no such folder. */
export function names(...path: readonly string[]): string[] {
  const folder = join(...path)
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : []
}

/** Every file below a folder. */
export function filesBelow(folder: string): Files {
  const files: Record<string, MemoryFile> = {}
  for (const path of readdirSync(folder, { recursive: true }) as string[])
    if (statSync(join(folder, path)).isFile()) files[path] = readFileSync(join(folder, path))
  return files
}

/** Files after edits. */
export function edited(files: Files, ops: readonly Op[]): Files {
  const result: Record<string, MemoryFile> = { ...files }
  for (const op of ops) {
    if (op.op === 'line') {
      const lines = text(result[op.file]).split('\n')
      if (lines[op.at] !== op.from) throw new Error(`${op.file} line ${op.at} is not what the edit expects`)
      lines.splice(op.at, 1, ...(op.to === null ? [] : [op.to]))
      result[op.file] = lines.join('\n')
    } else if (op.op === 'delete') delete result[op.file]
    else result[op.file] = op.op === 'write' ? op.text : text(result[op.file]) + op.text
  }
  return result
}

/** Files laid over others; null removes one, `{base64}` is a binary one. */
export function laidOver(files: Files, over: Readonly<Record<string, string | null | { base64: string }>>): Files {
  const result: Record<string, MemoryFile> = { ...files }
  for (const [path, content] of Object.entries(over)) {
    if (content === null) delete result[path]
    else result[path] = typeof content === 'string' ? content : Buffer.from(content.base64, 'base64')
  }
  return result
}

function text(file: MemoryFile | undefined): string {
  if (typeof file === 'string') return file
  if (file instanceof Uint8Array) return Buffer.from(file).toString()
  return file ? text(file.content) : ''
}
