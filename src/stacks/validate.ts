import { type Position, place, UserError } from '../error.ts'
import { isAbstract, type Merged } from './component.ts'
import { allManifests } from './discover.ts'
import type { Stacks } from './instances.ts'
import { asked } from './lookup.ts'
import type { Manifest } from './manifest.ts'
import { validatedName } from './name.ts'
import { joinPath } from './paths.ts'
import { parseSchema } from './schema/custom.ts'
import type { Schema } from './schema/schema.ts'
import { validateManifest } from './schema/validate.ts'
import { same, valueAt } from './value.ts'

/** Something that `validate stacks` reports: an error stops it, a warning does not. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly at: Position
  readonly message: string
}

/**
 * What `validate stacks` finds: components that two manifests define differently for one stack, and what the schema of
 * manifests says of every file below the stacks folder and of all that they import; of stacks that are resolved in part, what
 * it says of the files that these read.
 * @throws UserError for what stops the resolution itself, and for stack names that cannot be computed
 */
export function validateStacks(stacks: Stacks): Finding[] {
  stacks.check()
  const twice = duplicates(stacks)
  return twice.length > 0 ? twice : bySchema(stacks)
}

function bySchema(stacks: Stacks): Finding[] {
  const { tree, config } = stacks
  const files = stacks.only ? stacks.manifests.map(({ file }) => file) : allManifests(tree, config)
  if (files.length === 0 && stacks.only === undefined)
    throw new UserError({
      code: 'stacks-none',
      message: `there is no .yaml or .yml file below ${config.stacks.folder}`,
      fix: 'name at least one manifest without .tmpl',
      exit: 2,
    })
  // What manifests include lies anywhere, and need be no manifest.
  const isManifest = (file: string) => file.startsWith(`${config.stacks.folder}/`) && /\.ya?ml(?:\.tmpl)?$/.test(file)
  const all = new Set(
    files.flatMap((file) => [...stacks.load(file).files].filter((it) => it === file || isManifest(it))),
  )
  const schema = config.manifestSchema === '' ? undefined : ownSchema(stacks)
  return [...all].sort().flatMap((file) => {
    if (tree.text(file) === '') return []
    return validateManifest(stacks.rendered(file), file, schema).map(
      (found): Finding => ({ severity: found.severity, at: found.at, message: `${found.path}: ${found.message}` }),
    )
  })
}

function ownSchema({ tree, config }: Stacks): Schema | undefined {
  const text = config.manifestSchema
  const at = valueAt(config.raw, ['schemas', 'atmos', 'manifest'])?.at ?? config.raw.at
  if (/^https?:/.test(text))
    throw new UserError({
      code: 'not-yet',
      message: `the schema ${text} is elsewhere, and Airlock does not download it`,
      fix: 'keep the schema in the repository',
      at,
      exit: 2,
    })
  const file = joinPath(config.folder, text)
  const json = tree.text(file)
  if (json !== undefined) return parseSchema(json, file)
  throw new UserError({
    code: 'schema-missing',
    message: `there is no schema ${file}`,
    fix: 'correct schemas.atmos.manifest, or remove it to use the built-in one',
    at,
    exit: 2,
  })
}

function duplicates(stacks: Stacks): Finding[] {
  const findings: Finding[] = []
  for (const type of ['terraform', 'helmfile'] as const) {
    const seen = new Map<string, { manifest: Manifest; merged: Merged }>()
    for (const manifest of stacks.manifests)
      for (const name of manifest.components(type)) {
        const merged = manifest.component(type, name)!
        if (isAbstract(merged)) continue
        const stack = validatedName(asked(stacks.config, manifest, merged))
        const key = `${stack}\0${name}`
        const first = seen.get(key)
        if (first === undefined) seen.set(key, { manifest, merged })
        else if (!equal(first.merged, merged)) findings.push(conflict(stack, name, first, { manifest, merged }))
      }
  }
  return findings
}

function equal(a: Merged, b: Merged): boolean {
  return (
    a.sections.size === b.sections.size && [...a.sections].every(([name, value]) => same(value, b.sections.get(name)))
  )
}

function conflict(
  stack: string,
  name: string,
  a: { manifest: Manifest; merged: Merged },
  b: { manifest: Manifest; merged: Merged },
): Finding {
  const at = b.merged.body.key ?? b.merged.body.at
  return {
    severity: 'error',
    at,
    message: `${name} in ${stack || 'the stack without a name'} is defined differently in ${a.manifest.file} (${place(a.merged.body.key ?? a.merged.body.at)}) and in ${b.manifest.file}`,
  }
}
