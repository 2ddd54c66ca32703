import type { Position } from '../error.ts'
import type { Instance } from '../stacks/instance.ts'
import { mapOf, textOf, type Value, valueAt } from '../stacks/value.ts'

/** A glob or path from the repository's root, of files that decide an instance's plan, and where it is written. */
export interface Watch {
  readonly pattern: string
  readonly at: Position
}

/**
 * The files that an instance names beside its code: `settings.airlock.watch` (globs), `dependencies.files` and `.folders`,
 * entries of `dependencies.components` of the kind file or folder; and as Atmos has it, `settings.depends_on` only where
 * there is none of these but the globs.
 */
export function watches({ sections }: Pick<Instance, 'sections'>): Watch[] {
  const dependencies = [
    ...texts(valueAt(sections, ['dependencies', 'files'])),
    ...texts(valueAt(sections, ['dependencies', 'folders'])).map(below),
    ...itemsOf(valueAt(sections, ['dependencies', 'components'])).flatMap(typed),
  ]
  const legacy = mapOf(valueAt(sections, ['settings', 'depends_on']))
  const older = dependencies.length > 0 ? [] : [...(legacy?.entries.values() ?? [])].flatMap(named)
  const found = [...texts(valueAt(sections, ['settings', 'airlock', 'watch'])), ...dependencies, ...older]
  return found.map(({ pattern, at }) => ({ pattern: pattern.replace(/^\.\//, ''), at }))
}

function typed(entry: Value): Watch[] {
  const path = texts(valueAt(entry, ['path']))
  const kind = textOf(valueAt(entry, ['kind']))
  return kind === 'file' ? path : kind === 'folder' ? path.map(below) : []
}

function named(entry: Value): Watch[] {
  const files = texts(valueAt(entry, ['file']))
  return files.length > 0 ? files : texts(valueAt(entry, ['folder'])).map(below)
}

function below({ pattern, at }: Watch): Watch {
  return { pattern: `${pattern.replace(/\/+$/, '')}/**`, at }
}

function texts(value: Value | undefined): Watch[] {
  return (value?.kind === 'scalar' ? [value] : itemsOf(value)).flatMap((item) => {
    const pattern = textOf(item)
    return pattern ? [{ pattern, at: item.at }] : []
  })
}

function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : []
}
