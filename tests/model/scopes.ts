import type { AddressDocument } from '../../src/records/document.ts'
import { emptyDocument } from '../../src/records/document.ts'
import { acts, agreed } from './acts.ts'
import { begin, step, storing, write } from './driver.ts'
import type { Bound } from './explore.ts'
import { newPlan } from './plans.ts'
import { theRules } from './rules.ts'
import { type Address, addresses, type Budget, type Mishap, type Part, target, type World } from './world.ts'

/** A part of the model that is explored on its own: how much may go wrong, and how far it is looked. */
export interface Scope {
  readonly name: string
  readonly first: World
  readonly bound: Bound
}

const nothing: Budget = {
  crash: 0,
  push: 0,
  revert: 0,
  'out-of-band': 0,
  lock: 0,
  lost: 0,
  'clock-back': 0,
  'thought-over': 0,
  reject: 0,
  fail: 0,
}

/** All three addresses applied once, by the rules themselves; nothing in flight. */
export function start(offers: readonly Part[], left: Partial<Record<Mishap, number>>, runs: 1 | 2 = 2): World {
  const empty = (address: Address): AddressDocument =>
    emptyDocument({ backend: 'local', settings: { file: address }, workspace: 'm' })
  let world: World = {
    nowMs: 1_000_000,
    tip: { commit: 1, parts: '' },
    documents: { a: empty('a'), b: empty('b'), c: empty('c') },
    real: { a: { serial: 0, is: '' }, b: { serial: 0, is: '' }, c: { serial: 0, is: '' } },
    runs: [0, 1].slice(0, runs).map(() => ({
      life: 0,
      stage: { at: 'idle' },
      tip: { commit: 1, parts: '' },
      todo: [],
      results: {},
      thoughtOver: false,
    })),
    inbox: [],
    offers,
    left: { ...nothing, ...left },
    yes: [],
    names: 0,
  }
  for (const address of addresses) {
    const made = newPlan(world, address, target(world.tip, address)!, { branch: 'main', run: 'plan' })
    world = write(theRules, made.world, address, storing(address, made.plan)).world
    world = agreed(theRules, world, address, made.plan.fingerprint, made.plan.digest).world
  }
  world = begin(theRules, world, 0)
  while (world.runs[0]!.stage.at !== 'idle') {
    const next = step(theRules, { ...world, nowMs: world.nowMs + 1 }, 0)
    if (next.broken !== undefined) throw new Error(next.broken)
    world = next.world
  }
  return world
}

/** How far to look: as the tests do, or for whoever has more time. */
export type Reach = 'test' | 'deep'

/** The scopes that are explored, small and complete ones first. */
export function scopes(reach: Reach): readonly Scope[] {
  const states = reach === 'test' ? 16_000 : 1_000_000
  const scope = (
    name: string,
    offers: readonly Part[],
    left: Partial<Record<Mishap, number>>,
    most = states,
  ): Scope => ({
    name,
    first: start(offers, left),
    bound: { depth: 99, states: most },
  })
  return [
    scope('one address, two runs, a crash', ['2'], { crash: 1 }),
    scope('one address, two runs, two crashes', ['2'], { crash: 2 }),
    scope('a crash, a lost answer, a stranger with the lock', ['2'], { crash: 1, lost: 1, lock: 1 }),
    scope('a crash, and a run that is believed to be gone', ['2'], { crash: 1, 'thought-over': 1 }),
    scope('a crash, and a clock that goes back', ['2'], { crash: 1, 'clock-back': 1 }),
    scope('two changes of one address, and what reads it', ['1', '2'], {}),
    scope('one change of two addresses, a crash', ['1'], { crash: 1 }),
    scope('a failure, a no, a revert', ['2'], { fail: 1, reject: 1, revert: 1 }),
    scope('a crash, a revert, an apply by hand', ['2'], { crash: 1, revert: 1, 'out-of-band': 1 }),
    scope('a removal, a direct push, a broken glob', ['3', 'p', 'x'], { crash: 1, push: 1, revert: 1 }),
    everywhere(states),
  ]
}

/** Three changes that are planned and agreed to, three addresses, and all that may go wrong. */
export function everywhere(states: number): Scope {
  const first = prepared(start(['1', '2', '3', 'p', 'x'], everything))
  return { name: 'everything: three changes, three addresses, two crashes', first, bound: { depth: 99, states } }
}

/** Every pull request planned, and every plan agreed to. */
function prepared(from: World): World {
  let world = from
  for (;;) {
    const next = acts(theRules, world).find(({ words }) => /^#. is planned$|^a person agrees/.test(words))
    if (next === undefined) return world
    world = next.next().world
  }
}

const everything: Budget = {
  crash: 2,
  push: 1,
  revert: 1,
  'out-of-band': 1,
  lock: 1,
  lost: 1,
  'clock-back': 1,
  'thought-over': 1,
  reject: 1,
  fail: 1,
}
