import { UserError } from '../../error.ts'
import type { AffectedItem } from './affected.ts'
import { contextOf, PLACES } from './context.ts'
import { asMap, type Described, mapOf, type PlainMap } from './described.ts'
import type { ItemSettings } from './items.ts'

const REASON = 'stack.settings.spacelift.admin_stack_selector'

/**
 * The items with the Spacelift admin stacks that they select: an admin stack is affected whenever one it administers
 * is, but not by a module's change alone.
 * @throws UserError `spacelift-admin-disabled`
 */
export function addAdminStacks(
  items: readonly AffectedItem[],
  all: readonly Described[],
  settings: ItemSettings,
): AffectedItem[] {
  const result = [...items]
  for (const item of items) {
    const selector = asMap(mapOf(mapOf(item.it.section.settings).spacelift).admin_stack_selector)
    const triggers = item.reasons.filter(({ reason }) => reason !== 'component.module')
    if (!selector || triggers.length === 0) continue
    for (const admin of all.filter((it) => isSelected(it, selector, item.it, settings))) {
      const at = result.findIndex(({ it }) => it === admin)
      const reasons = triggers.map(() => ({ reason: REASON }))
      if (at < 0) result.push({ it: admin, reasons })
      else result[at] = { ...result[at]!, reasons: [...result[at]!.reasons, ...reasons] }
    }
  }
  return result
}

function isSelected(
  it: Described,
  selector: PlainMap,
  from: Described,
  { stackName, namedByTemplate }: ItemSettings,
): boolean {
  if (it.type !== 'terraform' || it.component !== selector.component) return false
  // A template makes both names from the affected component, so that the stack of the admin component never matters.
  if (!namedByTemplate && stackName(placed(from, contextOf(it))) !== stackName(placed(from, selector))) return false
  const settings = asMap(mapOf(it.section.settings).spacelift)
  if (!settings) return false
  if (settings.workspace_enabled === false)
    throw new UserError({
      code: 'spacelift-admin-disabled',
      message: `${from.component} in ${from.stack} names ${it.component} in ${it.stack} as its Spacelift admin stack, and that has settings.spacelift.workspace_enabled: false`,
      fix: 'enable it, or correct settings.spacelift.admin_stack_selector',
      exit: 2,
    })
  return true
}

/** The component as if its variables placed it elsewhere. */
function placed(it: Described, place: Readonly<Record<string, unknown>>): Described {
  const given = PLACES.flatMap((name) => (typeof place[name] === 'string' ? [[name, place[name]]] : []))
  const vars: PlainMap = { ...mapOf(it.section.vars), ...Object.fromEntries(given) }
  return { ...it, section: { ...it.section, vars } }
}
