import type { Delivery } from '../github/hub.ts'
import { passes } from './patterns.ts'
import { mapIn, type Template, type TemplateMap, textsOf } from './template.ts'

const usualTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
}

/** Whether a workflow runs for a delivery; `changed` tells the files of a push or a pull request where a filter asks. */
export async function isTriggered(
  workflow: { readonly path: string; readonly on: Template | undefined },
  delivery: Delivery,
  changed: () => Promise<readonly string[]>,
): Promise<boolean> {
  const filter = filterOf(workflow.on, delivery.event)
  if (filter === undefined) return false
  if (delivery.event === 'schedule') return crons(workflow.on).includes(String(delivery.payload.schedule))
  if (delivery.event === 'workflow_dispatch') return delivery.payload.workflow === workflow.path
  const types = filter.has('types') ? textsOf(filter.get('types')) : usualTypes[delivery.event]
  if (types !== undefined && delivery.action !== undefined && !types.includes(delivery.action)) return false
  if (!branchPasses(filter, delivery)) return false
  if (!filter.has('paths') && !filter.has('paths-ignore')) return true
  return pathsPass(filter, await changed())
}

/** Inputs of a dispatch with the defaults of those that were not given, as the `inputs` context has them. */
export function dispatchInputs(on: Template | undefined, delivery: Delivery): Readonly<Record<string, unknown>> {
  if (delivery.event !== 'workflow_dispatch') return {}
  const given = (delivery.payload.inputs ?? {}) as Readonly<Record<string, unknown>>
  const declared = [...mapIn(filterOf(on, 'workflow_dispatch') ?? new Map(), 'inputs')]
  return Object.fromEntries(
    declared.map(([name, input]) => {
      const spec: TemplateMap = input instanceof Map ? input : new Map()
      const value = given[name] ?? spec.get('default') ?? (spec.get('type') === 'boolean' ? false : '')
      return [name, spec.get('type') === 'boolean' ? String(value) === 'true' : String(value)]
    }),
  )
}

function filterOf(on: Template | undefined, event: string): TemplateMap | undefined {
  if (on instanceof Map) {
    if (!on.has(event)) return undefined
    const filter = on.get(event)
    return filter instanceof Map ? filter : new Map()
  }
  return textsOf(on).includes(event) ? new Map() : undefined
}

function crons(on: Template | undefined): string[] {
  const schedules = on instanceof Map ? on.get('schedule') : undefined
  return (Array.isArray(schedules) ? schedules : []).map((it) => (it instanceof Map ? String(it.get('cron')) : ''))
}

function branchPasses(filter: TemplateMap, delivery: Delivery): boolean {
  if (delivery.event === 'push') {
    const tag = delivery.ref.startsWith('refs/tags/')
    const [own, other] = tag ? ['tags', 'branches'] : ['branches', 'tags']
    const asks = (kind: string) => filter.has(kind) || filter.has(`${kind}-ignore`)
    if (!asks(own!)) return !asks(other!)
    return passesFilter(filter, own!, delivery.ref.replace(/^refs\/(heads|tags)\//, ''))
  }
  const base = baseBranch(delivery.payload)
  return base === undefined || passesFilter(filter, 'branches', base)
}

function baseBranch(payload: Delivery['payload']): string | undefined {
  const pull = payload.pull_request as { base?: { ref?: string } } | undefined
  const group = payload.merge_group as { base_ref?: string } | undefined
  return pull?.base?.ref ?? group?.base_ref?.replace(/^refs\/heads\//, '')
}

function passesFilter(filter: TemplateMap, kind: string, name: string): boolean {
  if (filter.has(kind)) return passes(textsOf(filter.get(kind)), name)
  if (filter.has(`${kind}-ignore`)) return !passes(textsOf(filter.get(`${kind}-ignore`)), name)
  return true
}

function pathsPass(filter: TemplateMap, changed: readonly string[]): boolean {
  if (filter.has('paths')) return changed.some((path) => passes(textsOf(filter.get('paths')), path))
  return changed.some((path) => !passes(textsOf(filter.get('paths-ignore')), path))
}
