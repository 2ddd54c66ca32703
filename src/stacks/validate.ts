import { type Position, place } from '../error.ts'
import type { Merged } from './component.ts'
import type { Stacks } from './instances.ts'
import { asked } from './lookup.ts'
import type { Manifest } from './manifest.ts'
import { validatedName } from './name.ts'
import { mapOf, same, textOf } from './value.ts'

/** Something that `validate stacks` reports. */
export interface Finding {
  readonly at: Position
  readonly message: string
}

/**
 * What `validate stacks` finds: components that two manifests define differently for one stack, and what the schema of
 * manifests refuses.
 * @throws UserError for what stops the resolution itself, and for stack names that cannot be computed
 */
export function validateStacks(stacks: Stacks): Finding[] {
  stacks.check()
  return duplicates(stacks)
}

function duplicates(stacks: Stacks): Finding[] {
  const findings: Finding[] = []
  for (const type of ['terraform', 'helmfile'] as const) {
    const seen = new Map<string, { manifest: Manifest; merged: Merged }>()
    for (const manifest of stacks.manifests)
      for (const name of manifest.components(type)) {
        const merged = manifest.component(type, name)!
        if (textOf(mapOf(merged.sections.get('metadata'))?.entries.get('type')) === 'abstract') continue
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
    at,
    message: `${name} in ${stack || 'the stack without a name'} is defined differently in ${a.manifest.file} (${place(a.merged.body.key ?? a.merged.body.at)}) and in ${b.manifest.file}`,
  }
}
