import type { Tree } from '../git/tree.ts'
import type { Instance, InstanceId, Inventory } from '../stacks/instance.ts'
import { type Fingerprint, fingerprint } from './fingerprint.ts'
import { type InputFile, type Inputs, inputsOf } from './inputs.ts'

/** An instance at one commit with all that decides its plan. */
export interface Subject {
  readonly instance: Instance
  readonly inputs: Inputs
  readonly fingerprint: Fingerprint
}

/** All instances of a tree that Terraform can run, by id: neither abstract nor disabled. */
export type Subjects = ReadonlyMap<InstanceId, Subject>

/**
 * The subjects of an inventory, in id order.
 * @param other those of another tree: a subject that is the same there is taken over
 */
export function subjects(tree: Tree, inventory: Inventory, other?: Subjects): Subjects {
  const inputsFor = inputsOf(tree)
  const runnable = [...inventory.values()].filter(({ abstract, enabled }) => !abstract && enabled)
  return new Map(
    runnable.map((instance) => {
      const inputs = inputsFor(instance)
      const known = other?.get(instance.id)
      if (known?.instance === instance && sameFiles(known.inputs.files, inputs.files)) return [instance.id, known]
      return [instance.id, { instance, inputs, fingerprint: fingerprint(instance, inputs) }]
    }),
  )
}

function sameFiles(a: readonly InputFile[], b: readonly InputFile[]): boolean {
  const same = (file: InputFile, at: number) =>
    file.path === b[at]?.path && file.hash === b[at].hash && file.role === b[at].role
  return a === b || (a.length === b.length && a.every(same))
}
