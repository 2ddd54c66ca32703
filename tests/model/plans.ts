import type { Residual } from '../../src/plan/residual.ts'
import type { PlanId, PlanRecord, ReadRecord, Target } from '../../src/records/document.ts'
import { GONE } from '../../src/records/document.ts'
import { planned } from '../../src/records/fixtures/sample.ts'
import { type Address, output, stateOf, type World, wanted } from './world.ts'

/** What a plan would do, in one text: what is there and what it makes of it; `nothing` where both are the same. */
export function contentOf(is: string, want: string): string {
  return is === want ? 'nothing' : `${is}>${want}`
}

/** What a plan's digest says that it makes of the address. */
export function makes(digest: string): string {
  return digest.slice(digest.indexOf('>') + 1)
}

/** Whether a plan is what is left of another one that was interrupted: the same end, from half-way there. */
export function isResidual(left: string, whole: string): boolean {
  return left === `~${makes(whole)}>${makes(whole)}`
}

/** How a fresh plan compares with an approved one, as `plan/residual.ts` would say. */
export function residualOf(whole: string, fresh: string): Residual {
  if (whole === fresh) return { kind: 'residual', left: [], done: [], paths: [] }
  return isResidual(fresh, whole)
    ? { kind: 'residual', left: ['second'], done: ['first'], paths: [] }
    : { kind: 'different', differences: [] }
}

/** The values that `b` read, as records keep them. */
export function readsOf(address: Address, value: string): readonly ReadRecord[] {
  return address === 'b' ? [{ call: '!terraform.state a out', of: 'a@m', source: 'state', hash: value }] : []
}

/**
 * The plan that Terraform makes now of a fingerprint. `c` has an input that no fingerprint holds, so that its plans are
 * always made again.
 * @param value of what `b` reads: that of now, or the one that a plan of `a` promises
 */
export function newPlan(
  world: World,
  address: Address,
  fingerprint: Target,
  about: { readonly branch: string; readonly provisional?: boolean; readonly value?: string; readonly run: string },
): { readonly world: World; readonly plan: PlanRecord } {
  const value = about.value ?? output(world.real.a)
  const real = world.real[address]
  const digest = contentOf(real.is, wanted(address, fingerprint, value))
  const id = `p${world.names}` as PlanId
  const plan = planned(id, {
    fingerprint,
    digest,
    provisional: about.provisional ?? false,
    change: digest === 'nothing' || fingerprint === GONE ? 0 : 1,
    seal: id,
    blob: id,
    model: id,
    commit: '',
    branch: about.branch,
    run: about.run,
    createdMs: world.nowMs,
    expiresMs: Number.MAX_SAFE_INTEGER,
    state: stateOf(real),
    reads: readsOf(address, value),
    uncertain: address === 'c' ? ['the clock'] : [],
  })
  const changes = fingerprint === GONE && digest !== 'nothing' ? { ...plan.changes, destroy: 1 } : plan.changes
  return { world: { ...world, names: world.names + 1 }, plan: { ...plan, changes, status: { kind: 'open' } } }
}
