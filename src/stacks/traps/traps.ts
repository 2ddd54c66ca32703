import { isManifest } from '../imports.ts'
import type { Stacks } from '../instances.ts'
import { wipedByContext, wipedByLocals } from './locals.ts'
import {
  droppedImports,
  ignoredProviders,
  inheritedFolders,
  laterDocuments,
  rootedImports,
  spentAppends,
} from './manifests.ts'
import { dates, keptFunctions, leadingZeros, uselessLiterals } from './scalars.ts'
import { listMerge, patternParts } from './settings.ts'
import { cutTemplates, swallowedTemplates } from './templates.ts'
import type { ManifestCheck, StacksCheck, Trap } from './trap.ts'

const ofManifests: readonly ManifestCheck[] = [
  dates,
  leadingZeros,
  keptFunctions,
  uselessLiterals,
  laterDocuments,
  ignoredProviders,
  spentAppends,
  droppedImports,
  rootedImports,
  wipedByContext,
]

const ofStacks: readonly StacksCheck[] = [
  listMerge,
  patternParts,
  wipedByLocals,
  inheritedFolders,
  swallowedTemplates,
  cutTemplates,
]

/**
 * Every trap in the manifests that count and all that they import, each place once, in the order of files.
 * @throws UserError for whatever is wrong in any stack
 */
export function trapsIn(stacks: Stacks): Trap[] {
  const files = new Set(stacks.manifests.flatMap(({ loaded }) => [...loaded.files]))
  const found = [
    ...[...files].flatMap((file) => {
      const [text, value] = [stacks.tree.text(file), isManifest(file) ? stacks.parsed(file) : undefined]
      return text === undefined || value === undefined
        ? []
        : ofManifests.flatMap((check) => check({ file, text, value }, stacks))
    }),
    ...ofStacks.flatMap((check) => check(stacks)),
  ]
  const places = new Map(
    found.map((trap) => [`${trap.kind}\0${trap.at.file}\0${trap.at.line}\0${trap.at.column}`, trap]),
  )
  return [...places.values()].sort(({ at: a }, { at: b }) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  )
}
