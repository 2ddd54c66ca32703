import { standing } from './driver.ts'
import type { Rules } from './rules.ts'
import { addresses, isBehind, type World } from './world.ts'

/** What is wrong with a world, if anything is: the number of the invariant of design and what breaks it. */
export function wrong(rules: Rules, world: World): string | undefined {
  return lostChange(rules, world) ?? atOnce(world)
}

/** 4: what is not as the tip asks is in flight, for ever. */
function lostChange(rules: Rules, world: World): string | undefined {
  const flights = standing(rules, world, world.tip)
  const silent = addresses.find((it) => isBehind(world, world.tip, it) && flights.get(it)?.kind !== 'in-flight')
  return silent && `4: ${silent} is ${world.real[silent].is}, which is not what the tip asks, and it is not in flight`
}

/** 1: an address has one attempt at a time, under the claim that it was begun with. */
function atOnce({ documents }: World): string | undefined {
  for (const address of addresses) {
    const { attempts, claim, fence } = documents[address]
    const running = attempts.filter(({ outcome }) => outcome === undefined)
    if (running.length > 1) return `1: two attempts run at ${address}`
    if (running.length === 1 && running[0]!.fence !== claim?.fence)
      return `1: an attempt runs at ${address} that has no claim`
    if (claim !== undefined && claim.fence !== fence) return `1: the claim of ${address} has an old number`
  }
  return undefined
}

/** 1: a claim changes hands only when its lease has ended, or a person unlocked it. */
export function wrongStep(before: World, after: World, words: string): string | undefined {
  for (const address of addresses) {
    const [was, is] = [before.documents[address].claim, after.documents[address].claim]
    if (was === undefined || is === undefined || was.fence === is.fence) continue
    const holder = before.runs.some(
      (run, slot) => run.stage.at !== 'idle' && !run.thoughtOver && was.holder.run === `${slot}.${run.life}`,
    )
    if (holder) return `1: ${words}: the claim of ${address} is taken from a run that lives`
    if (after.nowMs < (was.untilMs ?? 0) && after.documents[address].atMs < (was.untilMs ?? 0))
      return `1: ${words}: the claim of ${address} is taken before its lease has ended`
  }
  return undefined
}
