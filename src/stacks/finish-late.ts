import { askedComponent, withEntry } from './asked-component.ts'
import { sectionsIn } from './complete.ts'
import { ALL, type Finishing, finish } from './finish.ts'
import { PLACE_BOUND } from './functions.ts'
import { goValue } from './go-value.ts'
import { type Instance, instanceId, type LateCall } from './instance.ts'
import type { Stacks } from './instances.ts'
import { asValue, type MapValue, type Plain } from './value.ts'

/**
 * The sections of an instance worked out anew with what a run found for its late calls: texts are rendered with the outputs
 * of the components that they ask, and answers merge with what other layers say.
 * @param values of a text that is to be rendered: outputs by the component that has them
 */
export function finishedWith(stacks: Stacks, instance: Instance, values: ReadonlyMap<LateCall, Plain>): MapValue {
  const { component, stack, id } = instance
  const found = stacks.find(component, stack, 'terraform')
  const answers = new Map([...values].map(([{ name, args }, value]) => [`${name} ${args}`, value]))
  const outputs = Object.assign({}, ...[...values].flatMap(([{ reads }, value]) => (reads ? [value] : []))) as {
    readonly [id: string]: Plain
  }
  const how: Finishing = { ...ALL, later: PLACE_BOUND }
  const before = askedComponent(stacks, how, [id])
  return finish(stacks, found.merged, sectionsIn(stacks, found, false), {
    ...how,
    answer: ({ name, args }, at) => {
      const value = answers.get(`${name} ${args}`)
      return value === undefined ? undefined : asValue(value, at)
    },
    component: (name, other) => {
      const read = outputs[instanceId(name, other)]
      const sections = before(name, other)
      return read === undefined
        ? sections
        : withEntry(sections, 'outputs', goValue(asValue(read, found.merged.body.at)))
    },
  }).sections
}
