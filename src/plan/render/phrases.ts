import { type Action, destroys, type ResourceChange, replaces } from '../plan.ts'
import { pathText } from '../value.ts'

/** `will be changed in place` */
export function actionPhrase({ action, importing, previousAddress }: ResourceChange): string {
  if (action === 'no-op') {
    if (importing) return 'imported'
    return previousAddress === undefined ? 'left as it is' : 'moved'
  }
  return phrases[action]
}

const phrases: Readonly<Record<Exclude<Action, 'no-op'>, string>> = {
  create: 'created',
  read: 'read during apply',
  update: 'changed in place',
  delete: 'destroyed',
  'delete-create': 'destroyed, then created anew',
  'create-delete': 'created anew, then the old one destroyed',
  forget: 'forgotten: it stays, Terraform no longer manages it',
  'create-forget': 'created anew, the old one forgotten: it stays, Terraform no longer manages it',
}

/** Terraform's reasons in words; a reason we do not know is shown as it is. */
const reasonWords: Readonly<Record<string, string>> = {
  replace_because_tainted: 'it is tainted: an earlier change failed half-way',
  replace_because_cannot_update: 'it cannot be changed in place',
  replace_by_request: 'asked for with -replace',
  replace_by_triggers: 'something in replace_triggered_by changes',
  delete_because_no_resource_config: 'it is no longer in the configuration',
  delete_because_no_module: 'its module is no longer in the configuration',
  delete_because_wrong_repetition: 'the configuration now uses count or for_each another way',
  delete_because_count_index: 'its index is beyond count',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_no_move_target: 'it was moved to where no configuration is',
  read_because_config_unknown: 'what to read is known only then',
  read_because_dependency_pending: 'it depends on something that changes',
  read_because_check_nested: 'a check reads it',
}

/** One piece of why or whence: words, with a name or address to set apart. */
export interface Clause {
  readonly text: string
  readonly names: readonly string[]
}

/** Why, and from where: because of which attributes, moved from, imported from, deposed. */
export function clauses(change: ResourceChange): Clause[] {
  const found: Clause[] = []
  if (change.deposed !== undefined) found.push({ text: 'the rest of an earlier replacement', names: [change.deposed] })
  if (change.previousAddress !== undefined) found.push({ text: 'moved from', names: [change.previousAddress] })
  if (change.importing) found.push({ text: 'imported from', names: [change.importing.id ?? 'its identity'] })
  if (replaces(change.action) && change.replacePaths.length > 0)
    found.push({ text: 'replaced because of', names: change.replacePaths.map(pathText) })
  else if (change.reason !== undefined && change.action !== 'update' && change.action !== 'no-op')
    found.push({ text: reasonWords[change.reason] ?? change.reason.replaceAll('_', ' '), names: [] })
  return found
}

const order: readonly Action[] = [
  'delete',
  'delete-create',
  'create-delete',
  'create-forget',
  'forget',
  'update',
  'create',
  'no-op',
  'read',
]

/** What is dangerous first, then by address. */
export function byDanger(a: ResourceChange, b: ResourceChange): number {
  return (
    order.indexOf(a.action) - order.indexOf(b.action) || (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)
  )
}

export function isRisky(change: ResourceChange): boolean {
  return destroys(change.action)
}
