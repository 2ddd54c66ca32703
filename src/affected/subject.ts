import type { Tree } from '../git/tree.ts'
import type { Instance, InstanceId, Inventory } from '../stacks/instance.ts'
import { type Fingerprint, fingerprint } from './fingerprint.ts'
import { type Inputs, inputsOf } from './inputs.ts'

/** An instance at one commit with all that decides its plan. */
export interface Subject {
  readonly instance: Instance
  readonly inputs: Inputs
  readonly fingerprint: Fingerprint
}

/** All instances of a tree that Terraform can run, by id: neither abstract nor disabled. */
export type Subjects = ReadonlyMap<InstanceId, Subject>

/** The subjects of an inventory, in id order. */
export function subjects(tree: Tree, inventory: Inventory): Subjects {
  const inputsFor = inputsOf(tree)
  const runnable = [...inventory.values()].filter(({ abstract, enabled }) => !abstract && enabled)
  return new Map(
    runnable.map((instance) => {
      const inputs = inputsFor(instance)
      return [instance.id, { instance, inputs, fingerprint: fingerprint(inputs) }]
    }),
  )
}
