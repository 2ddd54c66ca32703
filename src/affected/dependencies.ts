import type { Position } from '../error.ts'
import type { Instance, InstanceId, LateCall } from '../stacks/instance.ts'
import { readsState, stateCall } from '../stacks/state-call.ts'

/** `from` must be applied after `on`: it reads its outputs (`call`), or says so in its settings. */
export interface Dependency {
  readonly from: InstanceId
  readonly on: InstanceId
  readonly at: Position
  readonly call: LateCall | undefined
}

/** What an instance depends on, in the order in which it is written. */
export function dependencies(instance: Instance): Dependency[] {
  const reads = instance.late.flatMap((call) => {
    const targets = call.reads ?? (readsState(call) ? [stateCall(call, instance).target] : [])
    return targets.map((on): Dependency => ({ from: instance.id, on, at: call.at, call }))
  })
  const named = instance.dependsOn.map(({ id, at }): Dependency => ({ from: instance.id, on: id, at, call: undefined }))
  return [...reads, ...named]
}
