import { UserError } from '../error.ts'
import { closest } from '../words.ts'
import type { Checkout } from './checkout.ts'

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
