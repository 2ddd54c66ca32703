import { claimRefusal } from '../../src/flows/holder.ts'
import { movedReads, mustPlanAgain } from '../../src/flows/plan-again.ts'
import { approvalOf } from '../../src/records/approval.ts'
import { decide } from '../../src/records/decide.ts'
import type { Target } from '../../src/records/document.ts'
import { flightOf, resumable } from '../../src/records/in-flight.ts'
import { interrupted } from '../../src/records/last-attempt.ts'
import { changesNothing, planFor } from '../../src/records/plans.ts'
import { approvedBefore, finding } from '../../src/records/settle.ts'
import type { Result } from './world.ts'

/** The rules that the model is about: the product's own functions. A planted bug is a table in which one is another. */
export interface Rules {
  readonly decide: typeof decide
  readonly flightOf: typeof flightOf
  readonly planFor: typeof planFor
  readonly approvalOf: typeof approvalOf
  readonly resumable: typeof resumable
  readonly interrupted: typeof interrupted
  readonly approvedBefore: typeof approvedBefore
  readonly finding: typeof finding
  readonly changesNothing: typeof changesNothing
  readonly mustPlanAgain: typeof mustPlanAgain
  readonly movedReads: typeof movedReads
  readonly claimRefusal: typeof claimRefusal
  /** Whether what comes after an address must not go on; as `flows/apply.ts` has it. */
  readonly stops: (result: Result | undefined) => boolean
  /** Whether a run may go on from the commit that it began with; as `flows/apply-one.ts` has it. */
  readonly isTip: (commit: number, tip: number) => boolean
  /** What a commit asks of an address, as records are told: nothing, where it is absent. */
  readonly targetOf: (asked: Target | undefined) => Target | undefined
  /** Whether the code asks a person to agree. */
  readonly approval: 'needed' | 'none'
  /** What a run says is left: all that is in flight, or only what it worked on. */
  readonly reports: 'all' | 'own'
}

/** The rules as they are. */
export const theRules: Rules = {
  decide,
  flightOf,
  planFor,
  approvalOf,
  resumable,
  interrupted,
  approvedBefore,
  finding,
  changesNothing,
  mustPlanAgain,
  movedReads,
  claimRefusal,
  stops: (result) => result !== undefined && result !== 'applied' && result !== 'advanced',
  isTip: (commit, tip) => commit === tip,
  targetOf: (asked) => asked,
  approval: 'needed',
  reports: 'all',
}
