import { codeownersIn, ownersOf } from '../gate/codeowners.ts'
import { reading } from '../git/reading.ts'
import type { Instance } from '../stacks/instance.ts'
import type { Checkout } from './checkout.ts'

/** Who is told of an instance: the owners of its stack's manifest, else of its component's code; nobody without CODEOWNERS. */
export async function ownersAt({
  tree,
  stacks,
  settings,
}: Checkout): Promise<(instance: Instance) => readonly string[]> {
  const file = settings.owners === false ? undefined : await reading([tree], (it) => codeownersIn(it!))
  if (file === undefined) return () => []
  const { folder } = stacks.config.stacks
  const below = folder === '' ? '' : `${folder}/`
  return ({ imports, manifest, folder: code }) => {
    const own = imports.filter((path) => path.startsWith(`${below}${manifest}.`))
    const found = [...own, `${code}/main.tf`].flatMap((path) => ownersOf(file, path) ?? [])
    return found[0]?.owners ?? []
  }
}
