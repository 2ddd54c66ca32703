/** Stands in a script for a value that a plan cannot tell. */
export const knownAfterApply: unique symbol = Symbol('known after apply')

/** Attributes of an object, or values of outputs, by name. */
export type Values = Readonly<Record<string, unknown>>

/** Attributes by the object's address: `folder_file.this`. */
export type Objects = Readonly<Record<string, Values>>

/** What a component wants to be there. */
export interface Wanted {
  readonly objects: Objects
  readonly outputs: Values
  /** Names of sensitive attributes, by address. */
  readonly sensitive?: Readonly<Record<string, readonly string[]>>
  /** Names of attributes, by address, that cannot be changed without making the object anew. */
  readonly fixed?: Readonly<Record<string, readonly string[]>>
}

/** What was there when the plan was made: as the state had it, and as it was found. */
export interface Before {
  readonly recorded: Objects
  readonly found: Objects
  readonly outputs: Values
}

type Action = 'no-op' | 'create' | 'update' | 'delete'

const provider = 'airlock.dev/demo/folder'

function same(a: unknown, b: unknown): boolean {
  return known(a) && known(b) && JSON.stringify(a) === JSON.stringify(b)
}

function known(value: unknown): boolean {
  if (value === knownAfterApply) return false
  return typeof value !== 'object' || value === null || Object.values(value).every(known)
}

function action(before: Values | undefined, after: Values | undefined): Action {
  if (!before) return 'create'
  if (!after) return 'delete'
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].every((name) => same(before[name], after[name])) ? 'no-op' : 'update'
}

function resource(address: string, change: object) {
  const [type = '', name = ''] = address.split('.')
  return { address, mode: 'managed', type, name, provider_name: provider, change }
}

function change(
  before: Values | undefined,
  after: Values | undefined,
  sensitive: readonly string[],
  fixed: readonly string[] = [],
) {
  const marks = (values: Values | undefined) =>
    values ? Object.fromEntries(sensitive.filter((name) => name in values).map((name) => [name, true])) : false
  const [told, untold] = [true, false].map((which) =>
    Object.entries(after ?? {}).filter(([, value]) => known(value) === which),
  )
  const forced = before && after ? fixed.filter((name) => !same(before[name], after[name])) : []
  return {
    actions: forced.length > 0 ? ['delete', 'create'] : [action(before, after)],
    ...(forced.length > 0 && { replace_paths: forced.map((name) => [name]) }),
    before: before ?? null,
    after: after ? Object.fromEntries(told ?? []) : null,
    after_unknown: Object.fromEntries((untold ?? []).map(([name]) => [name, true])),
    before_sensitive: marks(before),
    after_sensitive: marks(after),
  }
}

function outputChange(name: string, before: Values, after: Values) {
  const [was, is] = [before[name], after[name]]
  const actions = !(name in before) ? 'create' : !(name in after) ? 'delete' : same(was, is) ? 'no-op' : 'update'
  return {
    actions: [actions],
    before: was ?? null,
    ...(known(is) ? { after: is ?? null } : {}),
    after_unknown: !known(is),
    before_sensitive: false,
    after_sensitive: false,
  }
}

function addresses(...all: readonly Objects[]): string[] {
  return [...new Set(all.flatMap(Object.keys))].sort()
}

/** The plan that leads from what was found to what is wanted, as `terraform show -json` writes it. */
export function planJson(vars: Values, before: Before, { objects, outputs, sensitive = {}, fixed = {} }: Wanted) {
  const drifted = addresses(before.recorded, before.found).filter(
    (address) => action(before.recorded[address], before.found[address]) !== 'no-op',
  )
  const changes = addresses(before.found, objects).map((address) =>
    resource(address, change(before.found[address], objects[address], sensitive[address] ?? [], fixed[address])),
  )
  const names = [...new Set([...Object.keys(before.outputs), ...Object.keys(outputs)])].sort()
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    variables: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { value }])),
    planned_values: {
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [
          name,
          { sensitive: false, ...(known(value) ? { value } : {}) },
        ]),
      ),
      root_module: {
        resources: Object.entries(objects).map(([address, values]) => ({
          ...resource(address, {}),
          values: Object.fromEntries(Object.entries(values).filter(([, value]) => known(value))),
        })),
      },
    },
    resource_drift: drifted.map((address) =>
      resource(address, change(before.recorded[address], before.found[address], sensitive[address] ?? [])),
    ),
    resource_changes: changes,
    output_changes: Object.fromEntries(names.map((name) => [name, outputChange(name, before.outputs, outputs)])),
    configuration: { provider_config: { folder: { name: 'folder', full_name: provider } }, root_module: {} },
    applyable: true,
    complete: true,
    errored: false,
  }
}

/** Whether such a plan would do anything: to an object, or to an output. */
export function changesAnything({ resource_changes, output_changes }: ReturnType<typeof planJson>): boolean {
  const changes = [
    ...resource_changes.map(({ change: it }) => it as { actions: Action[] }),
    ...Object.values(output_changes),
  ]
  return changes.some(({ actions }) => actions[0] !== 'no-op')
}
