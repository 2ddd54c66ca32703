import { reading } from '../git/reading.ts'
import type { LoadableTree, Repo } from '../git/repo.ts'
import type { Ambient } from '../stacks/ambient.ts'
import {
  type DescribeComponentOptions,
  type DescribeStacksOptions,
  describeComponent,
  describeStacks,
} from '../stacks/describe.ts'
import { resolveStacks, type Stacks } from '../stacks/instances.ts'
import { type Finding, validateStacks } from '../stacks/validate.ts'
import type { Plain } from '../stacks/value.ts'

/** Files to describe as they lie on disk: the work tree of a repository, or a folder outside of any. */
export interface Source {
  readonly ambient: Ambient
  /** Undefined outside of a repository. */
  readonly repo?: Repo
  tree(): Promise<LoadableTree>
}

/** The answer of `describe stacks`. */
export function describedStacks(source: Source, options: DescribeStacksOptions): Promise<Plain> {
  return ask(source, (stacks) => describeStacks(stacks, options), options.stack)
}

/** The answer of `describe component`. */
export function describedComponent(
  source: Source,
  component: string,
  stack: string,
  options: DescribeComponentOptions,
): Promise<Plain> {
  return ask(source, (stacks) => describeComponent(stacks, component, stack, options), stack)
}

/** What `validate stacks` finds; empty when all is well. */
export function validated(source: Source): Promise<Finding[]> {
  return ask(source, validateStacks)
}

async function ask<T>({ ambient, tree }: Source, question: (stacks: Stacks) => T, stack?: string): Promise<T> {
  const around: Ambient = stack === undefined ? ambient : { ...ambient, flags: { ...ambient.flags, stack } }
  return reading([await tree()], (it) => question(resolveStacks(it!, around)))
}
