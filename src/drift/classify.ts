import type { Plan } from '../plan/plan.ts'
import { attributes } from '../plan/render/attributes.ts'
import type { DriftClass, ReadRecord } from '../records/document.ts'
import { sameState } from '../records/plans.ts'
import type { NoiseRule } from '../settings.ts'
import type { StateId } from '../terraform/terraform.ts'
import { type Difference, differences } from './differences.ts'
import { noiseRule } from './noise.ts'
import { driftClasses } from './words.ts'

/** All that decides what a difference is. */
export interface DriftFacts {
  /** A plan of what is applied: of the ledger's commit, whatever was merged since. */
  readonly plan: Plan
  readonly digest: string
  /** The state as it was found, and as the last apply left it, where that is known. */
  readonly state: StateId | undefined
  readonly applied: StateId | undefined
  /** Values that the last apply read and that are others now. */
  readonly movedReads: readonly ReadRecord[]
  readonly inFlight: InFlight | undefined
  readonly noise: readonly NoiseRule[]
  readonly nowMs: number
}

/** What is in flight for an address. */
export interface InFlight {
  /** Digest of the plan that waits, where there is one. */
  readonly digest: string | undefined
  /** Objects that attempts which were not done were to change: what became of those, nobody knows. */
  readonly touched: ReadonlySet<string>
}

/** A difference with what it is taken for. */
export interface Classified extends Difference {
  readonly class: DriftClass
  /** The rule that expects it; an expired one does not count. */
  readonly rule: NoiseRule | undefined
}

/** What a look at reality comes to: the class is that of the most serious difference. */
export type Classification =
  | { readonly kind: 'clean' }
  | { readonly kind: 'drifted'; readonly class: DriftClass; readonly differences: readonly Classified[] }

/**
 * Tells what reality is in comparison with what is applied. What is in flight explains its own objects, and is a finding
 * even where reality is as it was applied.
 */
export function classify(facts: DriftFacts): Classification {
  const { plan, inFlight } = facts
  const found = differences(plan).map((it) => ({ ...it, expectation: ruleFor(it, facts) }))
  const isExpected = ({ expectation }: (typeof found)[number]) => expectation !== undefined && !expectation.isExpired
  const context: Context = {
    spreads:
      plan.outputs.some(({ action }) => action !== 'no-op') || found.some(({ drift, change }) => !drift && change),
    hasDrift: found.some((it) => it.drift !== undefined && !isExpected(it)),
  }
  const classified = found.map(
    ({ expectation, ...it }): Classified => ({
      ...it,
      rule: expectation?.rule,
      class: isExpected({ ...it, expectation }) ? 'provider-noise' : classOf(it, facts, context),
    }),
  )
  const worst = driftClasses.find((it) => classified.some((one) => one.class === it))
  if (worst !== undefined) return { kind: 'drifted', class: worst, differences: classified }
  return inFlight ? { kind: 'drifted', class: 'unapplied-commit', differences: [] } : { kind: 'clean' }
}

interface Context {
  /** Something that did not change outside would become another: an output, or an object that refers to what did. */
  readonly spreads: boolean
  /** Something changed outside that nobody expects to. */
  readonly hasDrift: boolean
}

function classOf(it: Difference, facts: DriftFacts, { spreads, hasDrift }: Context): DriftClass {
  const { digest, state, applied, movedReads, inFlight } = facts
  if (inFlight && (inFlight.digest === digest || inFlight.touched.has(it.object))) return 'unapplied-commit'
  // Nothing is to be put right, and nobody who refers to it sees anything of it.
  if (it.drift && !it.change) return spreads ? 'out-of-band' : 'provider-noise'
  if (it.drift && undoes(it)) return 'out-of-band'
  if (it.change?.mode === 'data') return 'external-data'
  if (it.change?.reason === 'replace_because_tainted') return 'out-of-band'
  if (movedReads.length > 0) return 'external-data'
  // It follows what did change outside; or somebody else wrote the state.
  if (hasDrift || (applied !== undefined && !sameState(state, applied))) return 'out-of-band'
  return 'external-data'
}

/** Whether what Terraform would do takes back what was done outside. */
function undoes({ kind, drift, change }: Difference): boolean {
  if (kind !== 'changed' || drift === undefined || change?.action !== 'update') return true
  const outside = new Set(attributes(drift).rows.map(({ name }) => name))
  return attributes(change).rows.some(({ name }) => outside.has(name))
}

/** The rule that expects all of a difference. What is missing, or not asked for any more, is never expected. */
function ruleFor({ kind, object, attributes: rows }: Difference, { noise, nowMs }: DriftFacts) {
  if (kind !== 'changed' || rows.length === 0) return undefined
  const rules = rows.map(({ attribute }) => noiseRule(noise, object, attribute, nowMs))
  if (rules.some((it) => it === undefined)) return undefined
  return rules.find((it) => it!.isExpired) ?? rules[0]
}
