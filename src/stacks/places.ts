import type { Position } from '../error.ts'
import type { Value } from './value.ts'

/**
 * A value that was written out and read again, with the places of the one that it was written from: at the same path where
 * there is something, else those of what is around it.
 */
export function placedLike(value: Value, like: Value | undefined, around: Position): Value {
  const at = like?.at ?? around
  const written = { at, key: like?.key, ...(like?.over && { over: like.over }) }
  if (value.kind === 'scalar') return { ...value, ...written }
  if (value.kind === 'list') {
    const items = like?.kind === 'list' ? like.items : []
    return { ...value, ...written, items: value.items.map((item, index) => placedLike(item, items[index], at)) }
  }
  const entries = like?.kind === 'map' ? like.entries : new Map<string, Value>()
  return {
    ...value,
    ...written,
    entries: new Map([...value.entries].map(([key, item]) => [key, placedLike(item, entries.get(key), at)])),
  }
}

/** Where lines of a rendered text come from in the template: for each, counted from 1. */
export function sourceLines(template: string, rendered: string): readonly number[] {
  const patterns = template.split('\n').map((line) => ({
    isAction: /^\s*\{\{.*\}\}\s*$/.test(line),
    pattern: line.includes('{{')
      ? new RegExp(
          `^${line
            .split(/\{\{.*?\}\}/)
            .map(escaped)
            .join('.*')}$`,
        )
      : line,
  }))
  const matches = ({ pattern }: (typeof patterns)[number], line: string) =>
    typeof pattern === 'string' ? pattern === line : pattern.test(line)
  let last = 0
  return rendered.split('\n').map((line) => {
    const plain = (index: number) => !patterns[index]!.isAction && matches(patterns[index]!, line)
    let found = last
    while (found < patterns.length && !plain(found)) found++
    if (found === patterns.length) for (found = 0; found < patterns.length && !plain(found); ) found++
    if (found === patterns.length) return Math.min(last, patterns.length) || 1
    last = found + 1
    return found + 1
  })
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** A value read from a rendered text, with places in the template that it was rendered from. */
export function placedByLines(value: Value, lines: readonly number[]): Value {
  const from = (at: Position): Position => ({ ...at, line: lines[at.line - 1] ?? at.line })
  const written = { at: from(value.at), ...(value.key && { key: from(value.key) }) }
  if (value.kind === 'scalar') return { ...value, ...written }
  if (value.kind === 'list')
    return { ...value, ...written, items: value.items.map((item) => placedByLines(item, lines)) }
  return {
    ...value,
    ...written,
    entries: new Map([...value.entries].map(([key, item]) => [key, placedByLines(item, lines)])),
  }
}
