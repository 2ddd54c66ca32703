import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command, Conditions } from './commands.ts'
import { decide } from './decide.ts'
import type { AddressDocument, PlanId, PlanRecord } from './document.ts'
import { empty, holder, minute, planned, T0 } from './fixtures/sample.ts'
import { encodeDocument, parseDocument } from './format.ts'

/** What the world beside the document holds: the state as Terraform would find it, and who believes to hold the claim. */
interface World {
  document: AddressDocument
  nowMs: number
  serial: number
  target: string
  /** Attempts that Terraform was really started for, with the serial it was started on. */
  applies: { readonly plan: PlanId; readonly fence: number; readonly from: number; readonly digest: string }[]
  plans: number
}

type Move = (world: World) => Command | undefined

const state = (serial: number) => ({ lineage: 'lineage-1', serial })
const fingerprints = ['fp1:a', 'fp1:b', 'gone']
/** One of a list, the last ones more often: what is new is what matters. */
const pick = <T>(of: readonly T[], at: number): T | undefined =>
  of.length === 0 ? undefined : of.at(-1 - (Math.min(at % 7, at % 5) % of.length))

/** What a run would say of a plan: mostly true, sometimes of a moment that is over. */
function conditions(world: World, plan: PlanRecord, stale: number): Conditions {
  const serial = Math.max(0, world.serial - stale)
  return { plan: plan.id, target: world.target, approval: 'needed', state: state(serial), movedReads: [] }
}

/** Mostly 0, sometimes up to `max`. */
const rarely = (max: number) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(max) })

const often = (arbitrary: fc.Arbitrary<Move>) => ({ weight: 4, arbitrary })

const moves = fc.oneof(
  fc.record({ f: rarely(2), old: rarely(1), idle: fc.boolean() }).map(
    ({ f, old, idle }): Move =>
      (world) => ({
        kind: 'store-plan',
        name: 'vpc@plat-ue2-prod',
        plan: planned(`p${world.plans++}`, {
          fingerprint: fingerprints[f]!,
          digest: `pd1:${f}${idle}${world.plans % 3}`,
          createdMs: world.nowMs - old * minute,
          branch: `b${f}`,
          change: idle ? 0 : 1,
          state: state(Math.max(0, world.serial - old)),
        }),
      }),
  ),
  fc.nat().map(
    (n): Move =>
      ({ document }) => {
        const plan = pick(document.plans, n)
        const by = { name: 'Ann', email: 'a@x' }
        return plan && { kind: 'approve', fingerprint: plan.fingerprint, digest: plan.digest, how: 'local', by }
      },
  ),
  fc.nat().map(
    (n): Move =>
      ({ document }) => {
        const plan = pick(document.plans, n)
        const by = { name: 'Ben', email: 'b@x' }
        return plan && { kind: 'reject', fingerprint: plan.fingerprint, digest: plan.digest, by, reason: 'no' }
      },
  ),
  fc.record({ n: fc.nat(), stale: rarely(1), over: fc.boolean(), reconcile: fc.boolean() }).map(
    ({ n, stale, over, reconcile }): Move =>
      (world) => {
        const plan = pick(world.document.plans, n)
        const { claim } = world.document
        return {
          kind: 'claim',
          holder: holder(`run-${n % 3}`),
          purpose: 'apply',
          leaseMs: 5 * minute,
          ...(plan && !reconcile && { apply: conditions(world, plan, stale) }),
          ...(claim && over && { holderState: { fence: claim.fence, is: 'over' } }),
        }
      },
  ),
  often(
    fc.record({ n: fc.nat(), back: rarely(1), stale: rarely(1) }).map(
      ({ n, back, stale }): Move =>
        (world) => {
          const plan = pick(world.document.plans, n)
          if (plan === undefined) return undefined
          return {
            kind: 'intend',
            fence: Math.max(0, world.document.fence - back),
            attempt: `a${world.applies.length}`,
            action: 'apply',
            commit: 'c',
            apply: conditions(world, plan, stale),
          }
        },
    ),
  ),
  often(
    fc.record({ n: fc.nat(), outcome: fc.constantFrom('done', 'done', 'failed', 'unknown') }).map(
      ({ n, outcome }): Move =>
        (world) => {
          const attempt = pick(world.document.attempts, n)
          const after = world.serial
          return (
            attempt && {
              kind: 'conclude',
              fence: attempt.fence,
              attempt: attempt.id,
              outcome,
              state: state(after),
              reads: [],
            }
          )
        },
    ),
  ),
  fc.nat().map(
    (n): Move =>
      (world) => {
        const plan = pick(world.document.plans, n)
        return (
          plan && {
            kind: 'advance',
            plan: plan.id,
            target: world.target,
            commit: 'c',
            by: 'run',
            state: state(world.serial),
            movedReads: [],
            fence: undefined,
          }
        )
      },
  ),
  fc.nat(1).map(
    (back): Move =>
      ({ document }) => ({ kind: 'release', fence: document.fence - back }),
  ),
  fc.constantFrom('running', 'over', 'unknown').map(
    (of): Move =>
      () => ({ kind: 'unlock', by: 'Ann', reason: 'r', holder: of }),
  ),
  fc.nat().map(
    (rev): Move =>
      ({ document }) => ({ kind: 'flushed', rev: rev % (document.rev + 1) }),
  ),
  fc.nat(2).map(
    (f): Move =>
      (world) => {
        world.target = fingerprints[f]!
        return undefined
      },
  ),
  fc.constant<Move>((world) => {
    world.serial += 1 // somebody applies it without Airlock
    return undefined
  }),
  fc.integer({ min: -5, max: 15 }).map(
    (minutes): Move =>
      (world) => {
        world.nowMs += minutes * minute
        return undefined
      },
  ),
)

test('whatever is asked in whatever order, the rules hold', () => {
  const reached = { claimed: 0, begun: 0, applied: 0, advanced: 0, takenOver: 0 }
  fc.assert(
    fc.property(fc.array(moves, { minLength: 40, maxLength: 100, size: 'max' }), (all) => {
      const world: World = { document: empty, nowMs: T0, serial: 3, target: 'fp1:a', applies: [], plans: 0 }
      for (const move of all) {
        const command = move(world)
        if (command === undefined) continue
        const before = world.document
        const decision = decide(before, command, world.nowMs)
        if (decision.kind === 'refused') continue
        const after = decision.document
        world.document = after
        if (after === before) continue
        check(world, before, after, command, reached)
      }
      expect(parseDocument(encodeDocument(world.document), 'k')).toEqual(world.document)
    }),
    { numRuns: 1000 },
  )
  // A model that never gets anywhere proves nothing.
  for (const [what, times] of Object.entries(reached)) expect(times, what).toBeGreaterThan(10)
})

function check(
  world: World,
  before: AddressDocument,
  after: AddressDocument,
  command: Command,
  reached: Record<'claimed' | 'begun' | 'applied' | 'advanced' | 'takenOver', number>,
): void {
  expect(after.rev).toBe(before.rev + 1)
  expect(after.atMs).toBeGreaterThanOrEqual(before.atMs)
  expect(after.fence).toBeGreaterThanOrEqual(before.fence)
  const ids = after.outbox.map(({ id }) => id)
  expect([...new Set(ids)].sort()).toEqual(ids)

  // Never two claims: a new one has a number never given before, and replaces only one whose lease ended.
  if (after.claim !== undefined && after.claim.fence !== before.claim?.fence) {
    reached.claimed += 1
    expect(after.claim.fence).toBe(before.fence + 1)
    if (before.claim !== undefined) {
      reached.takenOver += 1
      expect(after.atMs).toBeGreaterThanOrEqual(before.claim.untilMs ?? Number.POSITIVE_INFINITY)
    }
  }
  // At most one attempt runs, and only under the claim.
  const running = after.attempts.filter(({ outcome }) => outcome === undefined)
  expect(running.length).toBeLessThanOrEqual(1)
  for (const { fence } of running) expect(fence).toBe(after.claim?.fence)

  if (command.kind === 'intend') {
    reached.begun += 1
    const plan = before.plans.find(({ id }) => id === command.apply.plan)!
    // What is applied is what was approved, of what the tip asks for, on the state that it was planned on.
    expect(plan.status.kind).toBe('open')
    expect(plan.fingerprint).toBe(world.target)
    expect(plan.state).toEqual(command.apply.state)
    expect(command.fence).toBe(before.claim?.fence)
    const idle = plan.changes.change === 0
    const approved = before.approvals.some((it) => it.digest === plan.digest && it.fingerprint === plan.fingerprint)
    expect(idle || approved).toBe(true)
    world.applies.push({ plan: plan.id, fence: command.fence, from: plan.state!.serial, digest: plan.digest })
    if (command.apply.state?.serial === world.serial) world.serial += 1
  }
  // The ledger moves only by an apply that is done, or by a plan that changes nothing.
  if (after.ledger !== before.ledger) {
    expect(['conclude', 'advance']).toContain(command.kind)
    if (command.kind === 'conclude') {
      reached.applied += 1
      expect(command.outcome).toBe('done')
      expect(before.attempts.some(({ id, digest }) => id === command.attempt && digest === after.ledger?.digest)).toBe(
        true,
      )
    }
    if (command.kind === 'advance') {
      reached.advanced += 1
      expect(before.plans.find(({ id }) => id === command.plan)?.changes.change).toBe(0)
      expect(running).toEqual([])
    }
    // No plan that counts was made on a state before the ledger's.
    const serial = after.ledger?.state?.serial ?? 0
    for (const { status, state: on } of after.plans) if (status.kind === 'open') expect(on?.serial).toBe(serial)
  }
  // What was superseded or applied never counts again; what is superseded while it is applied was applied all the same.
  for (const old of before.plans) {
    const now = after.plans.find(({ id }) => id === old.id)
    if (old.status.kind === 'open' || now === undefined || now.status === old.status) continue
    expect([now.status.kind, command.kind]).toEqual(['applied', 'conclude'])
  }
}
