import { place } from '../../error.ts'
import { importsOf } from '../imports.ts'
import { hasLocals } from '../locals.ts'
import { mapOf } from '../value.ts'
import type { ManifestCheck, StacksCheck, Trap } from './trap.ts'

const SECTIONS = ['vars', 'settings', 'env']

/**
 * A manifest with `locals` takes the place of the sections of all that it imports: `vars`, `settings` and `env` of files
 * without locals of their own are lost where the importer has any.
 */
export const wipedByLocals: StacksCheck = (stacks) => {
  const importers = new Set(stacks.manifests.flatMap(({ loaded }) => [...loaded.files]))
  return [...importers].flatMap((file): Trap[] => {
    const text = stacks.parsed(file)
    if (text === undefined || !hasLocals(text)) return []
    const own = SECTIONS.filter((name) => (mapOf(text.entries.get(name))?.entries.size ?? 0) > 0)
    return [...stacks.load(file).files].flatMap((imported): Trap[] => {
      const other = imported === file ? undefined : stacks.parsed(imported)
      if (other === undefined || hasLocals(other)) return []
      return own.flatMap((name): Trap[] => {
        const lost = mapOf(other.entries.get(name))
        if (lost === undefined || lost.entries.size === 0) return []
        const by = text.entries.get(name)!
        return [
          {
            kind: 'section-wiped',
            at: lost.key ?? lost.at,
            message: `${name} of this file are lost where ${file} imports it, which has locals and ${name} of its own (${place(by.key ?? by.at)})`,
            fix: `move locals of ${file} into a file that imports nothing, or give this file locals: {}`,
          },
        ]
      })
    })
  })
}

/** An import's `context` with a key that is a section's name replaces that section of what is imported. */
export const wipedByContext: ManifestCheck = ({ value }) =>
  importsOf(value).flatMap(({ path, context }) =>
    [...(context?.entries ?? [])].flatMap(([name, given]): Trap[] => {
      if (![...SECTIONS, 'locals'].includes(name) || given.kind !== 'map' || given.entries.size === 0) return []
      return [
        {
          kind: 'section-wiped',
          at: given.key ?? given.at,
          message: `${name} in the context of an import takes the place of ${name} in ${path}`,
          fix: `give it another name, such as import_${name}`,
        },
      ]
    }),
  )
