import { importsOf } from '../imports.ts'
import { mapOf, valueAt } from '../value.ts'
import { type ManifestCheck, type StacksCheck, type Trap, within } from './trap.ts'

/** What a file says after its first document is never read. */
export const laterDocuments: ManifestCheck = ({ file, text }) => {
  const lines = text.split('\n')
  const said = (line: string) => !/^\s*(?:#.*)?$/.test(line) && !/^---|^\.\.\.|^%/.test(line)
  const first = lines.findIndex(said)
  const next = lines.findIndex((line, index) => index > first && /^---(?:\s|$)/.test(line))
  if (first < 0 || next < 0 || !lines.slice(next + 1).some(said)) return []
  return [
    {
      kind: 'document-dropped',
      at: { file, line: next + 1, column: 1 },
      message: 'a manifest ends with its first document: what follows is never read',
      fix: 'move it into a file of its own, or remove this line',
    },
  ]
}

/** Versions and providers that a manifest asks Terraform for, which nobody reads. */
export const ignoredProviders: ManifestCheck = ({ value }) =>
  ['required_providers', 'required_version'].flatMap((name): Trap[] => {
    const found = valueAt(value, ['terraform', name])
    if (found === undefined) return []
    return [
      {
        kind: 'providers-ignored',
        at: found.key ?? found.at,
        message: `terraform.${name} of a manifest is read by nobody`,
        fix: 'write it in the Terraform code, or in a generated file: generate',
      },
    ]
  })

/**
 * Lists with `!append` in a file with imports, where no import has a list at that place: the merge of files spends the mark,
 * so the list replaces those of bases and of the stack.
 */
export const spentAppends: ManifestCheck = ({ file, value }, stacks) => {
  if (importsOf(value).length === 0) return []
  const imported = [...stacks.load(file).imports.values()]
  return [...within(value)].flatMap(([item, path]): Trap[] => {
    if (item.kind !== 'list' || !item.append) return []
    if (imported.some((other) => valueAt(other, path)?.kind === 'list')) return []
    return [
      {
        kind: 'append-spent',
        at: item.at,
        message: '!append has no effect in a file with imports: this list replaces those of other layers',
        fix: 'move the component into a file without imports, or write the whole list',
      },
    ]
  })
}

/** Imports whose path is a template while templates are off: they are left out without a word. */
export const droppedImports: ManifestCheck = ({ value }, { config }) =>
  importsOf(value).flatMap((entry): Trap[] => {
    if (!entry.path.includes('{{') || (config.templates.enabled && !entry.skipTemplates)) return []
    return [
      {
        kind: 'import-dropped',
        at: entry.at,
        message: `the import "${entry.path}" is left out: templates are ${entry.skipTemplates ? 'skipped here' : 'off'}`,
        fix: entry.skipTemplates
          ? 'remove skip_templates_processing, or write the path out'
          : 'set templates.settings.enabled: true in atmos.yaml, or write the path out',
      },
    ]
  })

/** Imports that begin with `/`, which are looked for beside the importing file. */
export const rootedImports: ManifestCheck = ({ value }) =>
  importsOf(value).flatMap(({ path, at }): Trap[] => {
    if (!path.startsWith('/')) return []
    return [
      {
        kind: 'import-beside',
        at,
        message: `the import "${path}" is looked for beside this file, not in the stacks folder`,
        fix: `write "${path.slice(1)}" for the stacks folder, or ".${path}" for this one`,
      },
    ]
  })

/** Instances that inherit the folder of their code: `describe affected` looks at another one. */
export const inheritedFolders: StacksCheck = (stacks) =>
  stacks.manifests.flatMap((manifest) =>
    manifest.components('terraform').flatMap((name): Trap[] => {
      const merged = manifest.component('terraform', name)!
      const found = valueAt(mapOf(merged.sections.get('metadata')), ['component'])
      const own = valueAt(merged.body, ['metadata', 'component'])
      if (found === undefined || own !== undefined) return []
      return [
        {
          kind: 'folder-inherited',
          at: found.at,
          message: `${name} inherits metadata.component, which Atmos' own describe affected does not follow`,
          fix: `write metadata.component in ${name} itself; airlock affected follows it`,
        },
      ]
    }),
  )
