import { UserError } from '../../error.ts'
import type { AffectedItem } from './affected.ts'
import { contextOf, PLACES } from './context.ts'
import { asMap, type Described, mapOf, type PlainMap } from './described.ts'

const REASON = 'stack.settings.spacelift.admin_stack_selector'

/**
 * The items with the Spacelift admin stacks that they select: an admin stack is affected whenever one it administers
 * is, but not by a module's change alone.
 * @throws UserError `spacelift-admin-disabled`
 */
export function addAdminStacks(
  items: readonly AffectedItem[],
  all: readonly Described[],
  stackName: (it: Described) => string,
): AffectedItem[] {
  const result = [...items]
  for (const item of items) {
    const selector = asMap(mapOf(mapOf(item.it.section.settings).spacelift).admin_stack_selector)
    const triggers = item.reasons.filter(({ reason }) => reason !== 'component.module')
    if (!selector || triggers.length === 0) continue
    for (const admin of all.filter((it) => isSelected(it, selector, item.it, stackName))) {
      const at = result.findIndex(({ it }) => it === admin)
      const reasons = triggers.map(() => ({ reason: REASON }))
      if (at < 0) result.push({ it: admin, reasons })
      else result[at] = { ...result[at]!, reasons: [...result[at]!.reasons, ...reasons] }
    }
  }
  return result
}

function isSelected(it: Described, selector: PlainMap, from: Described, stackName: (it: Described) => string): boolean {
  if (it.type !== 'terraform' || it.component !== selector.component) return false
  const wanted: Described = {
    ...from,
    section: { ...from.section, vars: { ...mapOf(from.section.vars), ...pick(selector) } },
  }
  // Both names are made from the affected component where a template makes them, so that every stack matches then.
  const own: Described = {
    ...from,
    section: { ...from.section, vars: { ...mapOf(from.section.vars), ...placesOf(it) } },
  }
  if (stackName(own) !== stackName(wanted)) return false
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

function pick(selector: PlainMap): PlainMap {
  return Object.fromEntries(PLACES.flatMap((name) => (selector[name] === undefined ? [] : [[name, selector[name]]])))
}

function placesOf(it: Described): PlainMap {
  const context = contextOf(it)
  return Object.fromEntries(PLACES.flatMap((name) => (context[name] === undefined ? [] : [[name, context[name]]])))
}
