import { UserError } from '../error.ts'
import type { StateAddress } from '../records/address.ts'
import { type InstanceId, instanceId } from '../stacks/instance.ts'
import { closest } from '../words.ts'
import { type Checkout, checkout, commitOf, protectedBranch } from './checkout.ts'
import { addressOf, allDocuments } from './documents.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** Instances that a person named: one, all of a stack, or a component in all stacks. */
export interface Named {
  readonly component?: string
  readonly stack?: string
}

/** Refuses names that no instance has. @throws UserError `component-unknown`, `stack-unknown` */
export function mustBeKnown({ stacks, inventory }: Pick<Checkout, 'stacks' | 'inventory'>, named: Named): void {
  const { component, stack } = named
  if (component !== undefined && stack !== undefined) stacks.instance(component, stack)
  else if (stack !== undefined) known('stack', stack, new Set([...inventory.values()].map((it) => it.stack)))
  else if (component !== undefined)
    known('component', component, new Set([...inventory.values()].map((it) => it.component)))
}

/**
 * Where the records of a named instance are: where the protected branch's tip has it, else where the checked out commit
 * does, else where the records themselves name it, for what no stack declares any more.
 * @throws UserError `component-unknown`, `stack-unknown`
 */
export async function recordsNamed(
  world: Omit<World, 'terraform'>,
  component: string,
  stack: string,
): Promise<{ readonly id: InstanceId; readonly address: StateAddress }> {
  const id = instanceId(component, stack)
  const here = await checkout(world, await commitOf(world, 'HEAD'))
  const { tip } = await protectedBranch(world, here.settings)
  const atTip = tip === here.commit ? here : await checkout(world, tip, { other: here })
  const declared = atTip.inventory.get(id) ?? here.inventory.get(id)
  if (declared) return { id, address: addressOf(declared) }
  const recorded = [...(await allDocuments(world)).values()].find(({ names }) => names.includes(id))
  return { id, address: recorded?.address ?? addressOf(here.stacks.instance(component, stack)) }
}

/**
 * What the tip of the protected branch asks of a named instance.
 * @throws UserError `component-unknown`, `stack-unknown`, `not-runnable`
 */
export async function taskNamed(
  world: Pick<World, 'repo' | 'ambient'>,
  component: string,
  stack: string,
): Promise<Task> {
  const here = await checkout(world, await commitOf(world, 'HEAD'))
  const { tip } = await protectedBranch(world, here.settings)
  const at = tip === here.commit ? here : await checkout(world, tip, { other: here })
  const { id } = at.stacks.instance(component, stack)
  const subject = at.subjects.get(id)
  if (subject === undefined) throw notRunnable(id)
  return taskAt(at, subject)
}

/** An instance that Terraform never runs for. */
export function notRunnable(id: InstanceId): UserError {
  return new UserError({
    code: 'not-runnable',
    message: `${id} is abstract or disabled: Terraform never runs for it`,
    fix: 'name an instance that is neither',
    exit: 2,
  })
}

function known(what: 'component' | 'stack', name: string, names: ReadonlySet<string>): void {
  if (names.has(name)) return
  const near = closest(name, names)
  const most = [...names].sort().slice(0, 8)
  throw new UserError({
    code: `${what}-unknown`,
    message: `there is no ${what} ${name}`,
    fix: near ? `did you mean ${near}?` : `there are ${most.join(', ')}${names.size > most.length ? ', …' : ''}`,
    exit: 2,
  })
}
