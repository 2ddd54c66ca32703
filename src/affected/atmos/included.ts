import type { Plain } from '../../stacks/value.ts'
import { type Described, stackSlug } from './described.ts'
import type { DependentItem } from './items.ts'

/** Slugs that occur anywhere in these trees. */
function slugsOf(items: readonly DependentItem[]): string[] {
  return items.flatMap((item) => [stackSlug(item.it), ...slugsOf(item.dependents ?? [])])
}

/** Whether an item's slug occurs in the tree of another item, so that handling that one handles this one. */
export function includedInOthers(
  item: { readonly it: Described },
  items: readonly { readonly it: Described; readonly dependents: readonly DependentItem[] | undefined }[],
): boolean {
  const slug = stackSlug(item.it)
  return items.some((other) => other !== item && slugsOf(other.dependents ?? []).includes(slug))
}

/**
 * Dependents as printed. Below an item that is not included elsewhere, one is `included_in_dependents` when a sibling's
 * tree holds it too.
 */
export function printedDependents(items: readonly DependentItem[] | undefined, included: boolean): Plain {
  if (!items) return null
  return items.map((item) => {
    const inSibling = !included && includedInOthers(item, items)
    return {
      ...item.head,
      dependents: printedDependents(item.dependents, included || inSibling),
      included_in_dependents: inSibling,
      settings: item.settings,
    }
  })
}
