import { UserError } from '../error.ts'
import { canonicalJson, exactJson } from '../json.ts'
import type { RedactedPlan } from './plan.ts'

/** Version of the stored form of a redacted plan. A reader knows every version ever written. */
const format = 1

const lists = [
  'changes',
  'drift',
  'deferred',
  'outputs',
  'checks',
  'providers',
  'provisioners',
  'invocations',
  'inputs',
]

/** The plan as it is stored in the clear, beside the sealed one. */
export function encodePlan(plan: RedactedPlan): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ format, plan }))
}

/**
 * A stored plan. It was written by a job that runs other people's code: a wrong shape is refused here, and what it says is
 * escaped wherever it is shown.
 * @param what names it to people: `plan of vpc in plat-ue2-prod`
 * @throws UserError `plan-model-unreadable`, `plan-model-newer`
 */
export function decodePlan(bytes: Uint8Array, what: string): RedactedPlan {
  const stored = read(bytes, what)
  if (!isObject(stored) || typeof stored.format !== 'number') throw unreadable(what, 'it has no format')
  if (stored.format !== format)
    throw new UserError({
      code: 'plan-model-newer',
      message: `the stored ${what} has format ${stored.format}, this version of Airlock reads ${format}`,
      fix: 'update Airlock, or plan again',
    })
  const plan = stored.plan
  if (!isObject(plan) || plan.redacted !== true) throw unreadable(what, 'it is no redacted plan')
  for (const name of lists)
    if (!Array.isArray(plan[name]) || !plan[name].every(isObject)) throw unreadable(what, `its ${name} are no list`)
  const objects = [plan.changes, plan.drift, (plan.deferred as { change?: unknown }[]).map((it) => it.change)].flat()
  for (const change of objects)
    if (!isObject(change) || typeof change.address !== 'string' || !Array.isArray(change.replacePaths))
      throw unreadable(what, 'a change has no address')
  const parts = [...objects, ...(plan.outputs as unknown[])] as { before?: unknown; after?: unknown }[]
  const settings = ['providers', 'provisioners', 'invocations'].flatMap(
    (name) => plan[name] as { settings?: unknown }[],
  )
  const values = [...parts.flatMap((it) => [it.before, it.after]), ...settings.map((it) => it.settings)]
  if (!values.every((value) => value === undefined || isValue(value)))
    throw unreadable(what, 'a value has no known kind')
  return { ...(plan as unknown as RedactedPlan), secrets: [] }
}

function read(bytes: Uint8Array, what: string): unknown {
  try {
    return exactJson(new TextDecoder().decode(bytes))
  } catch (error) {
    throw unreadable(what, error instanceof Error ? error.message : String(error))
  }
}

function isValue(value: unknown): boolean {
  if (!isObject(value)) return false
  switch (value.kind) {
    case 'known':
      return value.value === null || ['string', 'boolean', 'number', 'bigint'].includes(typeof value.value)
    case 'unknown':
    case 'sensitive':
      return true
    case 'list':
      return Array.isArray(value.items) && value.items.every(isValue)
    case 'map':
      return (
        Array.isArray(value.entries) &&
        value.entries.every((it) => Array.isArray(it) && typeof it[0] === 'string' && isValue(it[1]))
      )
    default:
      return false
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unreadable(what: string, why: string): UserError {
  return new UserError({
    code: 'plan-model-unreadable',
    message: `the stored ${what} cannot be read: ${why}`,
    fix: 'plan again',
  })
}
