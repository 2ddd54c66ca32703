import { UserError } from '../error.ts'
import type { Instance } from '../stacks/instance.ts'
import type { Stacks } from '../stacks/instances.ts'
import { mapOf, valueAt } from '../stacks/value.ts'
import type { Side } from './affected.ts'
import { newPathOf } from './renamed.ts'

/**
 * Why an instance is not asked for any more although nobody removed it by name. `disabled` and `abstract` are said in so
 * many words; `elsewhere`: it is there with another state address; `renamed`: its declaration resolves in another stack, with
 * another state; `moved-file`: what declared it lies in another file now; `not-imported`: its stack does not import what
 * declares it; `not-included`: no pattern of atmos.yaml matches its manifest; `nameless`: its stack has no name; `unclear`: a
 * template, or a file that cannot be read, may still declare it; `unknown-commit`: what was applied cannot be looked up.
 */
export type AbsentWhy =
  | 'disabled'
  | 'abstract'
  | 'elsewhere'
  | 'renamed'
  | 'moved-file'
  | 'not-imported'
  | 'not-included'
  | 'nameless'
  | 'unclear'
  | 'unknown-commit'

/** What became of an instance that one side has and the other has not. The words continue `vpc in dev is gone: …`. */
export type Missing =
  | { readonly kind: 'removed'; readonly words: string }
  | { readonly kind: 'absent'; readonly why: AbsentWhy; readonly words: string }

/**
 * Whether an instance of `base` that `head` asks nothing of was removed by name: the file that declared it is gone, or does
 * not declare it any more, or its stack's own manifest was deleted. Anything else is no removal, whatever it looks like.
 */
export function missing({ id, component, stack, at, manifest, imports }: Instance, base: Side, head: Side): Missing {
  const now = head.inventory.get(id)
  if (now?.abstract) return absent('abstract', 'it is abstract now (metadata.type)')
  if (now && !now.enabled) return absent('disabled', 'it is disabled now (metadata.enabled: false)')
  if (now) return absent('elsewhere', 'it has another state address now')

  const manifestFile = base.stacks.manifests.find(({ name }) => name === manifest)?.file
  const declaring = imports.includes(at.file) || manifestFile === undefined ? at.file : manifestFile
  const heir = [...head.inventory.values()].find(
    (it) => it.component === component && it.manifest === manifest && it.stack !== stack,
  )
  const declares = declaration(head.stacks, declaring, component)
  if (declares === 'no') return movedTo(declaring, base.stacks, head.stacks) ?? removed(declaring, head.stacks)
  if (declares === 'unclear')
    return absent('unclear', `${declaring} is a template or cannot be read, and may still declare it`)
  if (heir) return absent('renamed', `${declaring} still declares it, in stack ${heir.stack} now, with another state`)
  if (manifestFile !== undefined && !head.stacks.tree.files.has(manifestFile))
    return movedTo(manifestFile, base.stacks, head.stacks) ?? removed(manifestFile, head.stacks)
  const top = head.stacks.manifests.find(({ file }) => file === manifestFile)
  if (top === undefined)
    return absent('not-included', 'no pattern of atmos.yaml takes in the manifest any more (stacks.included_paths)')
  if (top.component('terraform', component) === undefined)
    return absent('not-imported', `its stack does not import ${declaring} any more, which still declares it`)
  return absent('nameless', `${top.file} still declares it, and resolves to no stack`)
}

function absent(why: AbsentWhy, words: string): Missing {
  return { kind: 'absent', why, words }
}

function removed(file: string, { tree }: Stacks): Missing {
  return {
    kind: 'removed',
    words: tree.files.has(file) ? 'its declaration was removed' : `${file}, which declared it, was deleted`,
  }
}

/** Where the file was moved as it is, what declared the instance was not removed. */
function movedTo(file: string, { tree: before }: Stacks, { tree: now }: Stacks): Missing | undefined {
  if (now.files.has(file)) return undefined
  const other = newPathOf(file, before, now)
  return other === undefined
    ? undefined
    : absent('moved-file', `what declared it is in ${other} now, and resolves to another state`)
}

function declaration({ tree, parsed }: Stacks, file: string, component: string): 'yes' | 'no' | 'unclear' {
  if (!tree.files.has(file)) return 'no'
  try {
    const root = parsed(file)
    const [components, all] = [['components'], ['components', 'terraform']].map((path) => valueAt(root, path))
    if (mapOf(all)?.entries.has(component)) return 'yes'
    const written = [components, all].some((it) => it?.kind === 'scalar' && it.value !== null)
    const templated = [...(mapOf(all)?.entries.keys() ?? [])].some((key) => key.includes('{{'))
    return written || templated ? 'unclear' : 'no'
  } catch (error) {
    if (error instanceof UserError) return 'unclear'
    throw error
  }
}
