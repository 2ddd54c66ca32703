import { posix } from 'node:path'
import { GoError, type GoFunction, type GoFunctions, type GoValue, goFunction } from '../../value.ts'
import { namespace } from './namespace.ts'
import { matchesPattern } from './path-match.ts'
import { textList, textOf } from './values.ts'

/** Go's path.Clean: the shortest path that says the same, without a slash at its end. */
function clean(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

function base(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? (path === '' ? '.' : '/') : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.includes('.') ? name.slice(name.lastIndexOf('.')) : ''
}

function joined(parts: readonly string[]): string {
  const filled = parts.filter((part) => part !== '')
  return filled.length === 0 ? '' : clean(filled.join('/'))
}

/** Go's filepath.Rel: how to get from one path to another without looking at the disk. */
function relative(from: string, to: string): string {
  const [start, end] = [clean(from), clean(to)]
  if (start === end) return '.'
  const refused = new GoError(`Rel: can't make ${to} relative to ${from}`)
  if (start.startsWith('/') !== end.startsWith('/')) throw refused
  const [left, right] = [partsOf(start), partsOf(end)]
  let common = 0
  while (common < left.length && common < right.length && left[common] === right[common]) common++
  if (left[common] === '..') throw refused
  return [...left.slice(common).map(() => '..'), ...right.slice(common)].join('/')
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

/** A function of a path: its signature says so. */
function ofPath(change: (path: string) => string): GoFunction {
  return goFunction('func(any) string', (path: GoValue) => change(textOf(path)))
}

const both: GoFunctions = {
  Base: ofPath(base),
  Clean: ofPath(clean),
  Dir: ofPath((path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  Ext: ofPath(extension),
  IsAbs: goFunction('func(any) bool', (path: GoValue) => textOf(path).startsWith('/')),
  Join: goFunction('func(...any) string', (...parts: GoValue[]) => joined(parts.map(textOf))),
  Match: goFunction('func(any, any) (bool, error)', (pattern: GoValue, name: GoValue) =>
    matchesPattern(textOf(pattern), textOf(name)),
  ),
  Split: goFunction('func(any) []string', (value: GoValue) => {
    const path = textOf(value)
    const cut = path.lastIndexOf('/') + 1
    return textList([path.slice(0, cut), path.slice(cut)])
  }),
}

/** The namespaces `path` and `filepath`; the latter as on Linux, wherever Airlock runs. */
export const pathFunctions: GoFunctions = {
  path: namespace('PathFuncs', both),
  filepath: namespace('FilePathFuncs', {
    ...both,
    FromSlash: ofPath((path) => path),
    Rel: goFunction('func(any, any) (string, error)', (from: GoValue, to: GoValue) =>
      relative(textOf(from), textOf(to)),
    ),
    ToSlash: ofPath((path) => path),
    VolumeName: ofPath(() => ''),
  }),
}
