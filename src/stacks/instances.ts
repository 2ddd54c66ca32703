import type { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { sameConfig, sameLoaded, sameSurroundings } from './alike.ts'
import type { Ambient } from './ambient.ts'
import { instanceOf } from './complete.ts'
import { isAbstract, type Merged } from './component.ts'
import { type AtmosConfig, loadConfig } from './config.ts'
import { topLevelManifests } from './discover.ts'
import { type ComponentType, type Instance, type InstanceId, type Inventory, instanceId } from './instance.ts'
import { type Loaded, type Loader, loader } from './load.ts'
import { asked, byPath, duplicate, type Found, find, nameOrNothing, sameComponent, whyNameless } from './lookup.ts'
import { type Manifest, manifestOf } from './manifest.ts'
import { gathered, mistakesIn } from './mistakes.ts'
import type { MapValue } from './value.ts'

/** The stacks of a tree, resolved as far as somebody asks. */
export interface Stacks {
  readonly tree: Tree
  readonly ambient: Ambient
  readonly config: AtmosConfig
  /** The top-level manifests that count; undefined where all of them do. */
  readonly only: ReadonlySet<string> | undefined
  /** Top-level manifests in the order of their names. */
  readonly manifests: readonly Manifest[]
  readonly loader: Loader
  /** A manifest's own text, top-level or not, before any merge. */
  parsed(file: string): MapValue | undefined
  /** The same with its load-time templates rendered, as it was loaded last. */
  rendered(file: string): MapValue | undefined
  /** Any manifest with its imports. */
  load(file: string): Loaded
  /** Reads everything in every manifest, so that whatever is wrong is said. @throws UserError */
  check(): void
  /** All Terraform instances in id order. @throws UserError `instance-duplicate` */
  inventory(): Inventory
  /**
   * Terraform components, abstract ones left out, whose stack has no name because the pattern or template fails for them:
   * no lookup finds them, so nothing runs them. Each says why.
   */
  nameless(): readonly UserError[]
  /** @throws UserError `stack-unknown`, `component-unknown`, `instance-duplicate` */
  instance(component: string, stack: string): Instance
  /** The component of any type, or of the given one. @throws UserError as `instance` */
  find(component: string, stack: string, type?: ComponentType): Found
  /** The instance of a component that was finished already. */
  finished(merged: Merged): Instance | undefined
}

/** What a resolution may start from. */
export interface Given {
  /** The configuration of another tree, where that is to count instead of the tree's own. */
  readonly config?: AtmosConfig | undefined
  /** Stacks of another tree: what is the same there is not worked out again. It changes no answer, and much of the time. */
  readonly other?: Stacks | undefined
  /** The top-level manifests that count; without it all. */
  readonly only?: ReadonlySet<string> | undefined
}

/** Resolves the stacks of a tree; nothing is read before it is asked for but the top-level manifests. */
export function resolveStacks(tree: Tree, ambient: Ambient, given: Given = {}): Stacks {
  const own = given.config ?? loadConfig(tree, ambient)
  const other = given.other?.ambient === ambient && sameConfig(given.other.config, own) ? given.other : undefined
  const config = other?.config ?? own
  const read = loader(tree, config, ambient, other)
  const files = topLevelManifests(tree, config).filter((file) => given.only?.has(file) ?? true)
  const chosen = byPath(files, ambient.flags?.stack)
  const around = other && sameSurroundings(other.tree, tree) ? other : undefined
  const before = new Map(around?.manifests.map((manifest) => [manifest.file, manifest]))
  const manifests = gathered(
    chosen ?? files,
    (file) => {
      const loaded = read.load(file)
      const known = before.get(file)
      return known && sameLoaded(known.loaded, loaded) ? known : manifestOf(tree, config, loaded)
    },
    () => mistakesIn(tree, config, read, chosen ?? files),
  ).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const instances = new Map<Merged, Instance>()
  let all: Inventory | undefined

  const stacks: Stacks = {
    tree,
    ambient,
    config,
    only: given.only,
    manifests,
    loader: read,
    parsed: read.parsed,
    rendered: read.rendered,
    load: read.load,
    check: () => {
      gathered(manifests, (manifest) => manifest.check())
    },
    find: (component, stack, type) => find(stacks, component, stack, type),
    instance: (component, stack) => made(find(stacks, component, stack, 'terraform')),
    finished: (merged) => instances.get(merged),
    nameless: () => manifests.flatMap((manifest) => namelessIn(config, manifest)),
    inventory: () => {
      all ??= inventory(stacks, made)
      return all
    },
  }
  const made = (found: Found): Instance => {
    const known = instances.get(found.merged) ?? around?.finished(found.merged) ?? instanceOf(stacks, found)
    instances.set(found.merged, known)
    return known
  }
  return stacks
}

function inventory(stacks: Stacks, made: (found: Found) => Instance): Inventory {
  const first = new Map<InstanceId, Found>()
  for (const manifest of stacks.manifests)
    for (const component of manifest.components('terraform')) {
      const merged = manifest.component('terraform', component)!
      const stack = nameOrNothing(asked(stacks.config, manifest, merged))
      if (stack === undefined) continue
      const id = instanceId(component, stack)
      const found: Found = { manifest, type: 'terraform', merged, stack, canonical: stack }
      const other = first.get(id)
      if (other === undefined) first.set(id, found)
      else if (!sameComponent(other.merged, merged)) throw duplicate(other, found)
    }
  const inOrder = [...first].sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(gathered(inOrder, ([id, found]) => [id, made(found)] as const))
}

function namelessIn(config: AtmosConfig, manifest: Manifest): UserError[] {
  return manifest.components('terraform').flatMap((name) => {
    const merged = manifest.component('terraform', name)!
    return isAbstract(merged) ? [] : (whyNameless(asked(config, manifest, merged)) ?? [])
  })
}
