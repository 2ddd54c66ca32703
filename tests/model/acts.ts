import type { Command } from '../../src/records/commands.ts'
import { GONE, type PlanRecord } from '../../src/records/document.ts'
import {
  begin,
  covers,
  half,
  holderOf,
  lost,
  moved,
  type Next,
  standing,
  step,
  storing,
  takenIn,
  withReal,
  withRun,
  write,
} from './driver.ts'
import { contentOf, newPlan } from './plans.ts'
import type { Rules } from './rules.ts'
import {
  type Address,
  addresses,
  leaseMs,
  type Mishap,
  output,
  type Part,
  type Stage,
  target,
  touched,
  type World,
  type Writing,
  wanted,
} from './world.ts'

/** Something that may happen next: in words, and what comes of it. */
export interface Act {
  readonly words: string
  readonly next: () => Next
}

/** Everything that may happen in a world, always in the same order. */
export function acts(rules: Rules, before: World): readonly Act[] {
  // Time passes: a millisecond a step.
  const world = { ...before, nowMs: before.nowMs + 1 }
  const flights = standing(rules, world, world.tip)
  return [
    ...runActs(rules, world, flights),
    ...planActs(rules, world, flights),
    ...personActs(rules, world),
    ...tipActs(world),
    ...environmentActs(rules, world),
  ]
}

type Flights = ReturnType<typeof standing>

function runActs(rules: Rules, world: World, flights: Flights): Act[] {
  return world.runs.flatMap((run, slot): Act[] => {
    const { stage, todo } = run
    const who = `run ${slot + 1}`
    const at = todo[0] ?? ''
    if (stage.at === 'idle') {
      // Both idle runs are alike: only the first begins.
      if (world.runs.findIndex((it) => it.stage.at === 'idle') !== slot) return []
      const begun = begin(rules, world, slot, flights)
      return begun.runs[slot]!.todo.length === 0 ? [] : [{ words: `${who} begins`, next: () => ({ world: begun }) }]
    }
    if (stage.at === 'terraform')
      return [
        { words: `terraform of ${who} applies ${at}`, next: () => step(rules, world, slot) },
        ...mishap(world, 'fail', (left): Act[] => [
          { words: `terraform of ${who} fails at ${at}`, next: () => step(rules, left, slot, 'fails') },
          { words: `terraform of ${who} stops half-way at ${at}`, next: () => step(rules, left, slot, 'partial') },
        ]),
      ]
    return [
      { words: todo.length === 0 ? `${who} ends` : `${who}: ${stage.at} ${at}`, next: () => step(rules, world, slot) },
    ]
  })
}

/** Plans of pull requests, and of what is in flight at the tip; only where no such plan is open already. */
function planActs(rules: Rules, world: World, flights: Flights): Act[] {
  const { parts } = world.tip
  const pulls = pullRequests(world)
  return [
    ...pulls.flatMap((pull): Act[] => {
      const merged = { parts: with_(parts, pull) }
      const changed = addresses.filter((it) => target(merged, it) !== target(world.tip, it))
      if (changed.length === 0 || changed.some((it) => world.real[it].lock !== undefined)) return []
      return planAct(rules, world, `#${pull}`, changed, merged, flights)
    }),
    ...planAct(
      rules,
      world,
      'main',
      addresses.filter((it) => flights.get(it)?.kind === 'in-flight' && world.real[it].lock === undefined),
      world.tip,
      flights,
    ),
  ]
}

/** Pull requests that are not merged. */
function pullRequests({ offers, tip: { parts } }: World): readonly Part[] {
  return offers.filter((it) => '123'.includes(it) && !parts.includes(it))
}

function planAct(
  rules: Rules,
  world: World,
  branch: string,
  changed: readonly Address[],
  tip: { readonly parts: string },
  flights: Flights,
): Act[] {
  const wishes = changed.flatMap((address): Wish[] => {
    const fingerprint = rules.targetOf(target(tip, address))
    if (fingerprint === undefined) return []
    // In one run the plan of `b` reads what the plan of `a` promises; alone it reads what is there.
    const promised = branch !== 'main' && changed.includes('a') && address === 'b'
    const value = promised ? (/^a1/.test(target(tip, 'a')!) ? 'v1' : 'v0') : output(world.real.a)
    const provisional = branch === 'main' && address === 'b' && flights.get('a')?.kind === 'in-flight'
    const wish = { address, fingerprint, value, provisional }
    return isOpen(world, wish) ? [] : [wish]
  })
  if (wishes.length === 0) return []
  const next = () => {
    let planned = world
    for (const { address, fingerprint, ...about } of wishes) {
      const made = newPlan(planned, address, fingerprint, { branch, run: 'plan', ...about })
      planned = write(rules, made.world, address, storing(address, made.plan)).world
    }
    return { world: planned }
  }
  return [{ words: `${branch} is planned`, next }]
}

/** A plan that somebody may make. */
interface Wish {
  readonly address: Address
  readonly fingerprint: string
  readonly value: string
  readonly provisional: boolean
}

function isOpen({ documents, real }: World, { address, fingerprint, value, provisional }: Wish): boolean {
  const digest = contentOf(real[address].is, wanted(address, fingerprint, value))
  return documents[address].plans.some(
    (it) =>
      it.status.kind === 'open' &&
      it.fingerprint === fingerprint &&
      it.digest === digest &&
      it.provisional === provisional &&
      it.state?.serial === real[address].serial,
  )
}

function personActs(rules: Rules, world: World): Act[] {
  return addresses.flatMap((address): Act[] => {
    const document = world.documents[address]
    const open = document.plans.filter(({ status }) => status.kind === 'open')
    const { claim } = document
    const dead = claim && isDead(world, claim.holder.run)
    return [
      ...open
        .filter((plan) => !rules.changesNothing(plan) && rules.approvalOf(document, plan, 'needed').kind !== 'approved')
        .map(
          ({ fingerprint, digest }): Act => ({
            words: `a person agrees to ${digest} at ${address}`,
            next: () => agreed(rules, world, address, fingerprint, digest),
          }),
        ),
      ...open
        .filter((plan) => isAgreed(rules, world, address, plan))
        .flatMap(({ fingerprint, digest }) =>
          mishap(world, 'reject', (left): Act[] => [
            {
              words: `a person says no to ${digest} at ${address}`,
              next: () => rejected(rules, left, address, fingerprint, digest),
            },
          ]),
        ),
      ...(dead
        ? [{ words: `a person unlocks ${address}`, next: () => ({ world: unlocked(rules, world, address) }) }]
        : []),
      ...(world.real[address].lock === 'left'
        ? [
            {
              words: `a person releases the lock that terraform left at ${address}`,
              next: () => ({ world: withoutLock(world, address) }),
            },
          ]
        : []),
    ]
  })
}

/** A merge needs no green gate: whoever may, merges past it. */
function tipActs(world: World): Act[] {
  const { parts } = world.tip
  const isOffered = (it: Part) => world.offers.includes(it) && !parts.includes(it)
  const add = (part: Part, words: string, of = world): Act => ({
    words,
    next: () => ({ world: { ...of, tip: { commit: of.tip.commit + 1, parts: with_(parts, part) } } }),
  })
  return [
    ...pullRequests(world).map((it) => add(it, `#${it} is merged`)),
    ...mishap(world, 'push', (left) => [
      ...(isOffered('p') ? [add('p', 'somebody pushes a change of c directly', left)] : []),
      ...(isOffered('x') ? [add('x', 'a push makes c vanish', left)] : []),
    ]),
    ...mishap(world, 'revert', (left) =>
      [...parts].map(
        (it): Act => ({
          words: `${it === 'p' || it === 'x' ? 'the direct push' : `#${it}`} is reverted`,
          next: () => ({ world: { ...left, tip: { commit: left.tip.commit + 1, parts: parts.replace(it, '') } } }),
        }),
      ),
    ),
  ]
}

function environmentActs(rules: Rules, world: World): Act[] {
  const live = world.runs.flatMap((run, slot) => (run.stage.at === 'idle' ? [] : [{ run, slot }]))
  return [
    ...timeActs(rules, world),
    ...live.flatMap(({ run: { stage }, slot }) => mishap(world, 'crash', (left) => crashes(left, slot, stage))),
    ...live.flatMap(({ run, slot }) =>
      isWriting(run.stage) ? mishap(world, 'lost', (left) => losses(rules, left, slot, run.stage as Writing)) : [],
    ),
    ...live.flatMap(({ run, slot }) =>
      run.thoughtOver || !holds(world, slot)
        ? []
        : mishap(world, 'thought-over', (left): Act[] => [
            {
              words: `run ${slot + 1} is believed to be gone, and is not`,
              next: () => ({ world: withRun(left, slot, { thoughtOver: true }) }),
            },
          ]),
    ),
    ...touched(world).flatMap((address) => realityActs(world, address)),
    ...world.inbox
      .filter(({ plan }) => !live.some(({ run: { stage } }) => stage.at === 'store' && stage.plan.id === plan.id))
      .map(
        ({ address, plan }): Act => ({
          words: `a fold takes in a plan of ${address} that was left`,
          next: () => ({ world: write(rules, takenIn(world, plan), address, storing(address, plan)).world }),
        }),
      ),
    ...addresses.flatMap((address) => repetitions(rules, world, address)),
  ]
}

/** What was said already is said once more: an event delivered twice, a command repeated. Costs nothing where it changes nothing. */
function repetitions(rules: Rules, world: World, address: Address): Act[] {
  const document = world.documents[address]
  const again = (words: string, command: Command): Act => ({
    words,
    next: () => ({ world: write(rules, world, address, command).world }),
  })
  const over = document.plans.filter(({ status }) => status.kind !== 'open').slice(-2)
  const ended = document.attempts.filter(({ outcome }) => outcome === 'done' || outcome === 'partial').slice(-1)
  return [
    ...over.map((plan) => again(`a plan of ${address} is taken in once more`, storing(address, plan))),
    ...ended.map(({ id, fence, outcome, after }) =>
      again(`the end of an attempt at ${address} is told once more`, {
        kind: 'conclude',
        fence,
        attempt: id,
        outcome: outcome as 'done' | 'partial',
        state: after,
        reads: document.ledger?.reads ?? [],
      }),
    ),
  ]
}

function timeActs(rules: Rules, world: World): Act[] {
  const until = addresses.flatMap((it) => world.documents[it].claim?.untilMs ?? [])
  const last = Math.max(...until)
  return [
    ...(until.length > 0 && world.nowMs < last
      ? [
          { words: 'a lease ends', next: () => ({ world: { ...world, nowMs: last + 1 } }) },
          ...(world.nowMs < last - leaseMs / 3
            ? [
                {
                  words: 'most of a lease is over',
                  next: () => ({ world: { ...world, nowMs: last - leaseMs / 3 + 1 } }),
                },
              ]
            : []),
        ]
      : []),
    ...mishap(world, 'clock-back', (left) => [
      { words: 'the clock goes back', next: () => ({ world: { ...left, nowMs: left.nowMs - 2 * leaseMs } }) },
    ]),
    ...world.runs.flatMap((run, slot): Act[] => {
      const { stage } = run
      if (stage.at !== 'terraform') return []
      const address = run.todo[0]!
      const { claim } = world.documents[address]
      if (claim?.fence !== stage.fence || world.nowMs < claim.leasedMs + leaseMs / 3) return []
      return [
        {
          words: `run ${slot + 1} renews its lease of ${address}`,
          next: () => ({ world: write(rules, world, address, { kind: 'renew', fence: stage.fence, leaseMs }).world }),
        },
      ]
    }),
  ]
}

/** A run is killed; where Terraform runs, with it or without it, at once or later. */
function crashes(world: World, slot: number, stage: Stage): Act[] {
  const { todo } = world.runs[slot]!
  const address = todo[0]!
  const died = (of: World) => withRun(of, slot, { stage: { at: 'idle' }, todo: [], results: {}, thoughtOver: false })
  const who = `run ${slot + 1} is killed`
  switch (stage.at) {
    case 'idle':
    case 'look':
    case 'advance':
      return [] // it has nothing that it could leave behind
    case 'terraform': {
      const real = world.real[address]
      const left = { ...real, lock: 'left' as const }
      return [
        {
          words: `${who}, and terraform with it, before it did anything at ${address}`,
          next: () => ({ world: died(withReal(world, address, left)) }),
        },
        {
          words: `${who}, and terraform with it, half-way at ${address}`,
          next: () => ({ world: died(withReal(world, address, moved(left, half(real, stage.makes)))) }),
        },
        {
          words: `${who}, and terraform goes on at ${address}`,
          next: () => ({ world: died(withReal(world, address, { ...real, orphan: stage.makes })) }),
        },
      ]
    }
    default:
      return [
        {
          words: `${who} before ${stage.at === 'doubt' ? 'the answer' : stage.at} at ${address}`,
          next: () => ({ world: died(world) }),
        },
      ]
  }
}

function losses(rules: Rules, world: World, slot: number, stage: Writing): Act[] {
  const next = lost(rules, world, slot, stage)
  return next === undefined
    ? []
    : [
        {
          words: `run ${slot + 1}: ${stage.at} ${world.runs[slot]!.todo[0]}, and the answer is lost`,
          next: () => ({ world: next }),
        },
      ]
}

function realityActs(world: World, address: Address): Act[] {
  const real = world.real[address]
  const { orphan } = real
  return [
    ...(orphan !== undefined
      ? [
          {
            words: `the terraform that was left alone has applied ${address}`,
            next: () => {
              const { lock: _, orphan: __, ...free } = real
              return { world: withReal(world, address, moved(free, orphan)) }
            },
          },
        ]
      : []),
    ...(real.lock === undefined
      ? mishap(world, 'out-of-band', (left): Act[] => [
          {
            words: `somebody applies ${address} by hand`,
            next: () => ({ world: withReal(left, address, moved(real, 'by hand')) }),
          },
        ])
      : []),
    ...(real.lock === undefined
      ? mishap(world, 'lock', (left): Act[] => [
          {
            words: `a stranger locks the state of ${address}`,
            next: () => ({ world: withReal(left, address, { ...real, lock: 'foreign' }) }),
          },
        ])
      : []),
    ...(real.lock === 'foreign'
      ? [
          {
            words: `the stranger unlocks the state of ${address}`,
            next: () => ({ world: withoutLock(world, address) }),
          },
        ]
      : []),
  ]
}

/** Acts of a kind that the budget still allows, with it spent. */
function mishap(world: World, kind: Mishap, of: (left: World) => Act[]): Act[] {
  return world.left[kind] === 0 ? [] : of({ ...world, left: { ...world.left, [kind]: world.left[kind] - 1 } })
}

/** A person agrees to a plan; the ghost remembers it apart from the records. */
export function agreed(rules: Rules, world: World, address: Address, fingerprint: string, digest: string): Next {
  const by = { name: 'Ann', email: 'ann@m' }
  const destroys = fingerprint === GONE ? { destroys: 1 } : {}
  const { world: next, decision } = write(rules, world, address, {
    kind: 'approve',
    fingerprint,
    digest,
    how: 'local',
    by,
    ...destroys,
  })
  if (decision.kind === 'refused') return { world }
  return {
    world: {
      ...next,
      yes: [
        ...next.yes.filter((it) => !isYes(it, address, fingerprint, digest)),
        { address, fingerprint, digest, atMs: world.nowMs },
      ],
    },
  }
}

/** Whether an apply would go on with a plan by itself: there is a yes to it, or it is what is left of one that had it. */
function isAgreed(rules: Rules, { documents, nowMs }: World, address: Address, plan: PlanRecord): boolean {
  const said = rules.approvalOf(documents[address], plan, 'needed').kind
  const goesOn = () => rules.resumable(documents[address], plan.fingerprint, 'needed', plan, nowMs) !== undefined
  return said === 'approved' || (said === 'missing' && goesOn())
}

function rejected(rules: Rules, world: World, address: Address, fingerprint: string, digest: string): Next {
  const by = { name: 'Ben', email: 'ben@m' }
  const { world: next } = write(rules, world, address, { kind: 'reject', fingerprint, digest, by, reason: '' })
  // A no to what is left of a plan is a no to the plan.
  const isMeant = (it: World['yes'][number]) =>
    it.address === address && it.fingerprint === fingerprint && covers(it.digest, digest, 'rest')
  return { world: { ...next, yes: next.yes.filter((it) => !isMeant(it)) } }
}

function isYes(it: World['yes'][number], address: Address, fingerprint: string, digest: string): boolean {
  return it.address === address && it.fingerprint === fingerprint && it.digest === digest
}

/** A person unlocks the claim of a run that is gone. */
export function unlocked(rules: Rules, world: World, address: Address): World {
  return write(rules, world, address, { kind: 'unlock', by: 'ann', reason: '', holder: 'over' }).world
}

export function withoutLock(world: World, address: Address): World {
  const { lock: _, ...free } = world.real[address]
  return withReal(world, address, free)
}

export function isDead({ runs }: World, name: string): boolean {
  return !runs.some((run, slot) => run.stage.at !== 'idle' && !run.thoughtOver && holderOf(slot, run) === name)
}

function holds(world: World, slot: number): boolean {
  const run = world.runs[slot]!
  return addresses.some((it) => world.documents[it].claim?.holder.run === holderOf(slot, run))
}

export function isWriting(stage: Stage): boolean {
  return ['take-over', 'give-back', 'store', 'settle', 'advance', 'claim', 'intend', 'conclude', 'release'].includes(
    stage.at,
  )
}

function with_(parts: string, part: Part): string {
  return [...parts, part].sort().join('')
}
