import { exactJson } from '../../json.ts'
import { type ResourceChange, replaces } from '../plan.ts'
import { marked, type PlanValue, pathText, type ValueChange, type ValuePath, valueChanges } from '../value.ts'

/** One line of what changes in an object. */
export interface AttributeRow {
  /** `routes[2].token`; inside a JSON text: `policy ▸ Statement[0].Action`. */
  readonly name: string
  readonly before: PlanValue | undefined
  readonly after: PlanValue | undefined
  readonly forcesReplacement: boolean
}

/** What to show of an object: rows, and names of attributes of which only is known that apply will tell. */
export interface AttributeView {
  readonly rows: readonly AttributeRow[]
  readonly unknown: readonly string[]
}

/** The attributes that differ, those that force a replacement first. JSON texts are compared by what they say. */
export function attributes(
  change: Pick<ResourceChange, 'action' | 'before' | 'after' | 'replacePaths'>,
): AttributeView {
  const made = change.before === undefined || replaces(change.action)
  const rows = valueChanges(change.before, change.after).flatMap((it) => rowsOf(it, change.replacePaths))
  // An object made anew leaves nearly everything computed to apply: names say enough.
  const hidden = rows.filter((row) => made && row.after?.kind === 'unknown' && !row.forcesReplacement)
  const shown = rows.filter((row) => !hidden.includes(row))
  return {
    rows: [...shown.filter((row) => row.forcesReplacement), ...shown.filter((row) => !row.forcesReplacement)],
    unknown: hidden.map((row) => row.name),
  }
}

function rowsOf(change: ValueChange, replacePaths: readonly ValuePath[]): AttributeRow[] {
  const name = pathText(change.path)
  const forcesReplacement = replacePaths.some((path) => startsWith(change.path, path) || startsWith(path, change.path))
  const [before, after] = [jsonText(change.before), jsonText(change.after)]
  const inside = before && after ? valueChanges(before, after) : []
  if (inside.length > 0)
    return inside.map((it) => ({
      name: it.path.length === 0 ? name : `${name} ▸ ${pathText(it.path)}`,
      before: it.before,
      after: it.after,
      forcesReplacement,
    }))
  return [{ name, before: change.before, after: change.after, forcesReplacement }]
}

function jsonText(value: PlanValue | undefined): PlanValue | undefined {
  if (value?.kind !== 'known' || typeof value.value !== 'string' || !/^\s*[[{]/.test(value.value)) return undefined
  try {
    return marked(exactJson(value.value), false, false)
  } catch {
    return undefined
  }
}

function startsWith(path: ValuePath, prefix: ValuePath): boolean {
  return prefix.every((step, index) => path[index] === step)
}
