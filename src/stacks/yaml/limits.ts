import { UserError } from '../../error.ts'
import type { AliasNode, Node } from '../../yaml/node.ts'
import type { Place } from './typed.ts'

const MOST_CHARACTERS = 16_000_000

/** @throws UserError `yaml-too-large` for a text that no person wrote, which would take minutes to read */
export function refuseSize(source: string, file: string): void {
  if (source.length <= MOST_CHARACTERS) return
  throw new UserError({
    code: 'yaml-too-large',
    message: `${file} has ${Math.round(source.length / 1e6)} million characters; Airlock reads at most ${MOST_CHARACTERS / 1e6} million`,
    fix: 'split it, or keep data that Terraform reads in files of its own',
    at: { file, line: 1, column: 1 },
    exit: 2,
  })
}

/** How many values a node comes to with its aliases written out, and how many of them aliases bring. */
interface Size {
  readonly all: number
  readonly aliased: number
}

/**
 * Refuses a document whose aliases make it grow out of all proportion, by the rule of yaml.v3: of more than 1,000 values, 99 %
 * may come from aliases; of more than 4,000,000, 10 %; in between, in proportion.
 * @throws UserError `yaml-invalid`
 */
export function refuseBomb(root: Node, place: Place): void {
  const known = new Map<Node, Size>()
  let largest: { readonly node: AliasNode; readonly all: number } | undefined
  const sizeOf = (node: Node): Size => {
    if (node.kind === 'scalar') return { all: 1, aliased: 0 }
    const before = known.get(node)
    if (before !== undefined) return before
    // An alias inside of what it repeats is refused elsewhere.
    known.set(node, { all: 1, aliased: 0 })
    const size = node.kind === 'alias' ? repeated(node) : sum(childrenOf(node).map(sizeOf))
    known.set(node, size)
    return size
  }
  const repeated = (node: AliasNode): Size => {
    const { all } = sizeOf(node.target)
    if (largest === undefined || all > largest.all) largest = { node, all }
    return { all: all + 1, aliased: all }
  }
  const { all, aliased } = sizeOf(root)
  if (largest === undefined || aliased <= 100 || all <= 1000 || aliased / all <= allowed(all)) return
  throw new UserError({
    code: 'yaml-invalid',
    message: `aliases repeat so much that the file would come to ${all > 1e9 ? 'billions of' : all} values`,
    fix: 'write fewer aliases of aliases',
    at: place(largest.node.at),
    exit: 2,
  })
}

function childrenOf(node: Exclude<Node, AliasNode | { readonly kind: 'scalar' }>): readonly Node[] {
  return node.kind === 'sequence' ? node.items : node.pairs.flatMap(({ key, value }) => [key, value])
}

function sum(sizes: readonly Size[]): Size {
  let [all, aliased] = [1, 0]
  for (const size of sizes) {
    all += size.all
    aliased += size.aliased
  }
  return { all, aliased }
}

function allowed(values: number): number {
  const share = Math.min(1, Math.max(0, (values - 400_000) / 3_600_000))
  return 0.99 - 0.89 * share
}
