import { posix } from 'node:path'
import { type GoFunctions, goFunction } from '../../value.ts'

const base = goFunction('func(string) string', baseOf)
const clean = goFunction('func(string) string', cleaned)
const dir = goFunction('func(string) string', dirOf)
const ext = goFunction('func(string) string', extensionOf)
const isAbs = goFunction('func(string) bool', (path: string) => path.startsWith('/'))

/** sprig's functions of paths; those of the operating system are as on Linux. */
export const pathFunctions: GoFunctions = {
  base,
  clean,
  dir,
  ext,
  isAbs,
  osBase: base,
  osClean: clean,
  osDir: dir,
  osExt: ext,
  osIsAbs: isAbs,
}

/** The last element of a path; `.` for none, `/` for nothing but slashes. */
function baseOf(path: string): string {
  if (path === '') return '.'
  const bare = path.replace(/\/+$/, '')
  return bare === '' ? '/' : bare.slice(bare.lastIndexOf('/') + 1)
}

/** The shortest path of the same meaning, without `.`, `..` and double slashes. */
function cleaned(path: string): string {
  const shortest = posix.normalize(path)
  return shortest.length > 1 && shortest.endsWith('/') ? shortest.slice(0, -1) : shortest
}

function dirOf(path: string): string {
  return cleaned(path.slice(0, path.lastIndexOf('/') + 1))
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.includes('.') ? name.slice(name.lastIndexOf('.')) : ''
}
