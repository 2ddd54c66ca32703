import { instanceSettings } from '../settings.ts'
import type { Instance } from '../stacks/instance.ts'
import { valueAt } from '../stacks/value.ts'

/** GitHub's environment that an instance belongs to: the one it names, else its stage, else its stack. */
export function environmentOf({ sections, stack }: Pick<Instance, 'sections' | 'stack'>): string {
  const named = instanceSettings(sections).environment
  if (named !== undefined && named !== '') return named
  const stage = valueAt(sections, ['vars', 'stage'])
  return stage?.kind === 'scalar' && typeof stage.value === 'string' && stage.value !== '' ? stage.value : stack
}
