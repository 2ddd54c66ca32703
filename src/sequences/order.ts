import { UserError } from '../error.ts'
import { cycle, type Edge } from '../graph/graph.ts'
import { closest } from '../words.ts'
import type { Step } from './workflow.ts'

/**
 * Steps in the order in which they run: as written, but for those that need a later one.
 * @throws UserError `step-needs-unknown`, `step-needs-cycle`
 */
export function inOrder(steps: readonly Step[], what: string): Step[] {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const edges = steps.flatMap((step) =>
    step.needs.map(({ text, at }): Edge => {
      if (!byName.has(text)) {
        const near = closest(text, byName.keys())
        throw new UserError({
          code: 'step-needs-unknown',
          message: `step ${step.name} of ${what} needs ${text}, and there is no such step beside it`,
          fix: near ? `did you mean ${near}?` : `there are ${[...byName.keys()].join(', ')}`,
          at,
          exit: 2,
        })
      }
      return { from: step.name, to: text, at, why: 'needs' }
    }),
  )
  const circle = cycle([...byName.keys()], edges)
  if (circle) throw new UserError({ code: 'step-needs-cycle', ...inCircle(`steps of ${what} need`, circle) })
  const result = new Set<Step>()
  const take = (step: Step) => {
    for (const { text } of step.needs) take(byName.get(text)!)
    result.add(step)
  }
  for (const step of steps) take(step)
  return [...result]
}

/** What is told of things that need each other: `a → b → a`, at the first place where that is said. */
export function inCircle(
  who: string,
  circle: readonly Edge[],
): Omit<ConstructorParameters<typeof UserError>[0], 'code'> {
  const { at, from: first } = circle[0]!
  return {
    message: `${who} each other, so none can go first: ${[...circle.map(({ from }) => from), first].join(' → ')}`,
    fix: 'take one of these out',
    ...(at && { at }),
    exit: 2,
  }
}
