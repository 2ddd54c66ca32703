import { agreed, isDead, unlocked, withoutLock } from './acts.ts'
import { begin, moved, standing, step, storing, takenIn, withReal, write } from './driver.ts'
import { newPlan } from './plans.ts'
import type { Rules } from './rules.ts'
import { type Address, addresses, leaseMs, target, type World } from './world.ts'

/**
 * Brings a world to rest as people would: what runs ends, locks that were left are released, what is in flight is
 * planned, agreed to and applied, a few times over. What is still held or in flight then is held for ever.
 * @returns what cannot be freed; undefined when all is at rest
 */
export function stuck(rules: Rules, from: World): string | undefined {
  let world = settled(rules, from)
  for (let round = 0; round < 4; round++) {
    const left = unrest(rules, world)
    if (left === undefined) return undefined
    world = settled(rules, applied(rules, asked(rules, world)))
  }
  return unrest(rules, world)
}

function unrest(rules: Rules, world: World): string | undefined {
  const flights = standing(rules, world, world.tip)
  for (const address of addresses) {
    const { claim, attempts } = world.documents[address]
    if (claim !== undefined) return `7: ${address} stays claimed for ever`
    if (attempts.some(({ outcome }) => outcome === undefined)) return `7: an attempt at ${address} runs for ever`
    const flight = flights.get(address)
    if (flight?.kind === 'in-flight' && target(world.tip, address) !== undefined)
      return `7: ${address} never comes to rest: it waits for ${flight.waitsFor.kind}`
  }
  return undefined
}

/** What runs ends well, leases end, and people release what dead runs left. */
function settled(rules: Rules, from: World): World {
  let world = finished(rules, from)
  world = { ...world, nowMs: world.nowMs + 2 * leaseMs }
  for (const address of addresses) {
    const { orphan, ...real } = world.real[address]
    if (orphan !== undefined) world = withReal(world, address, moved(real, orphan))
    world = withoutLock(world, address)
    const { claim } = world.documents[address]
    if (claim !== undefined && isDead(world, claim.holder.run)) world = unlocked(rules, world, address)
  }
  for (const { address, plan } of world.inbox)
    world = write(rules, takenIn(world, plan), address, storing(address, plan)).world
  return world
}

function finished(rules: Rules, from: World): World {
  let world = from
  for (let i = 0; i < 100; i++) {
    const slot = world.runs.findIndex(({ stage }) => stage.at !== 'idle')
    if (slot < 0) return world
    world = step(rules, { ...world, nowMs: world.nowMs + 1 }, slot).world
  }
  return world
}

/** Plans what is in flight, and agrees to it. */
function asked(rules: Rules, from: World): World {
  let world = from
  for (const [address, { kind }] of standing(rules, world, world.tip)) {
    const fingerprint = target(world.tip, address)
    if (kind !== 'in-flight' || fingerprint === undefined) continue
    world = { ...world, nowMs: world.nowMs + 1 }
    const made = newPlan(world, address, fingerprint, { branch: 'main', run: 'plan' })
    world = write(rules, made.world, address, storing(address, made.plan)).world
    world = willing(rules, world, address)
  }
  return world
}

function willing(rules: Rules, world: World, address: Address): World {
  const plan = rules.planFor(world.documents[address], target(world.tip, address)!, world.nowMs)
  if (plan === undefined || rules.changesNothing(plan)) return world
  return agreed(rules, world, address, plan.fingerprint, plan.digest).world
}

function applied(rules: Rules, world: World): World {
  return finished(rules, begin(rules, { ...world, nowMs: world.nowMs + 1 }, 0))
}
