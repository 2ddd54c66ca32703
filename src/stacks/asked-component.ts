import { UserError } from '../error.ts'
import { GoMap, type GoObject, GoSlice, type GoValue, NeedsWorld } from '../templates/value.ts'
import { sectionsIn } from './complete.ts'
import { type Finishing, finish } from './finish.ts'
import { goValue } from './go-value.ts'
import { type InstanceId, instanceId, type LateCall } from './instance.ts'
import type { Stacks } from './instances.ts'
import { asValue, type MapValue, type Plain, plain, textOf } from './value.ts'

/**
 * What `atmos.Component` gives before a run: the component's sections, worked out as far as can be. Its outputs, and values
 * of it that only a run knows, stop the template that looks at them; outputs of a static backend are there.
 * @param chain the components that ask, the first one first
 * @throws UserError `component-cycle`, `component-unknown`, `stack-unknown`
 */
export function askedComponent(
  stacks: Stacks,
  how: Omit<Finishing, 'component'>,
  chain: readonly InstanceId[],
): (component: string, stack: string) => GoValue {
  return (component, stack) => {
    const id = instanceId(component, stack)
    refuseCycle(chain, id)
    const found = stacks.find(component, stack)
    const { sections, late } = finish(stacks, found.merged, sectionsIn(stacks, found, false), {
      ...how,
      component: askedComponent(stacks, how, [...chain, id]),
    })
    const known = late.reduce<GoValue>((value, call) => withLate(value, call.path, lateValue(call)), goValue(sections))
    const outputs = staticOutputs(sections)
    return withEntry(known, 'outputs', outputs ? goValue(asValue(outputs, sections.at)) : lateOutputs(id))
  }
}

/** @throws UserError `component-cycle` where a component asks, by way of others, for itself */
export function refuseCycle(chain: readonly InstanceId[], next: InstanceId): void {
  if (!chain.includes(next)) return
  throw new UserError({
    code: 'component-cycle',
    message: `components ask each other in a circle: ${[...chain.slice(chain.indexOf(next)), next].join(' -> ')}`,
    fix: 'write one of the values out, or take it from a component that asks for none of these',
    exit: 2,
  })
}

/** The outputs of a component whose remote state is written in its stack; undefined for any other. */
export function staticOutputs({ entries }: MapValue): { readonly [name: string]: Plain } | undefined {
  if (textOf(entries.get('remote_state_backend_type')) !== 'static') return undefined
  const outputs = entries.get('remote_state_backend')
  return outputs?.kind === 'map' ? (plain(outputs) as { readonly [name: string]: Plain }) : {}
}

/** A component's sections as a template sees them, with one more. */
export function withEntry(sections: GoValue, name: string, value: GoValue): GoValue {
  return sections instanceof GoMap ? new GoMap(new Map(sections.entries).set(name, value), sections.type) : sections
}

function withLate(value: GoValue, [key, ...rest]: readonly string[], late: GoValue): GoValue {
  if (key === undefined) return late
  if (value instanceof GoMap) return withEntry(value, key, withLate(value.entries.get(key) ?? null, rest, late))
  if (!(value instanceof GoSlice)) return late
  return new GoSlice(
    value.items.map((item, index) => (String(index) === key ? withLate(item, rest, late) : item)),
    value.type,
  )
}

function lateOutputs(id: InstanceId): GoObject {
  return unknown(`what ${id} has put out`)
}

function lateValue({ name, args }: LateCall): GoObject {
  return unknown(name === 'template' ? args : `!${name} ${args}`)
}

/** Stops the template that looks into it. */
function unknown(what: string): GoObject {
  const stop = (): never => {
    throw new NeedsWorld(what)
  }
  return {
    type: 'map[string]interface {}',
    methods: {},
    get fields() {
      return stop()
    },
    print: stop,
  }
}
