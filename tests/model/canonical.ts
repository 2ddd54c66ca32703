import type { AddressDocument, PlanRecord } from '../../src/records/document.ts'
import { holderOf } from './driver.ts'
import { type Address, addresses, type Run, type Stage, type World } from './world.ts'

/**
 * A world as one text, equal for worlds that differ in nothing that any rule compares: names are places, times are what a
 * comparison makes of them, serials count from the present one, and the two runs have no numbers of their own.
 */
export function canonical(world: World): { readonly text: string; readonly budget: string } {
  const locals = world.runs.map((run) => runText(world, run))
  // Which run is the first is decided by what they do, so that a world and its mirror image are one.
  const order = world.runs.map((_, i) => i).sort((x, y) => (locals[x]! < locals[y]! ? -1 : 1))
  const marks = new Map(order.map((slot, rank) => [holderOf(slot, world.runs[slot]!), rank]))
  const text = [
    world.tip.parts,
    ...addresses.map((it) => addressText(world, it, marks)),
    ...order.map((slot) => locals[slot]),
    ...world.inbox.map(({ address, plan }) => `i${address}${planText(world, address, plan)}`),
  ].join('\n')
  return { text, budget: Object.values(world.left).join() }
}

/** 53 bits of a text, as a number. */
export function hash(text: string): number {
  let h1 = 0xdeadbeef
  let h2 = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    h1 = Math.imul(h1 ^ code, 2654435761)
    h2 = Math.imul(h2 ^ code, 1597334677)
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909)
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909)
  return 4294967296 * (2097151 & h2) + (h1 >>> 0)
}

function addressText(world: World, address: Address, marks: ReadonlyMap<string, number>): string {
  const document = world.documents[address]
  const { is, lock, orphan, serial } = world.real[address]
  const running = document.attempts.find(({ outcome }) => outcome === undefined)?.startedMs ?? Number.POSITIVE_INFINITY
  const yes = world.yes
    .filter((it) => it.address === address)
    .map(({ fingerprint, digest, atMs }) => `${fingerprint} ${digest} ${atMs <= running}`)
    .sort()
  return [is, lock ?? '', orphan ?? '', documentText(document, serial), claimText(world, document, marks), ...yes].join(
    '|',
  )
}

const known = new WeakMap<AddressDocument, { readonly serial: number; readonly text: string }>()

/** What of a document its rules look at. */
function documentText(document: AddressDocument, serial: number): string {
  const found = known.get(document)
  if (found?.serial === serial) return found.text
  const { ledger, plans, approvals, attempts, claim } = document
  const running = attempts.find(({ outcome }) => outcome === undefined)
  const since = attempts.filter(({ rev, outcome }) => rev > (ledger?.rev ?? -1) && outcome !== 'rejected')
  const told = attempts.filter((it) => it.outcome === 'done' || it.outcome === 'partial').at(-1)
  const text = [
    ledger && `${ledger.fingerprint} ${ledger.digest} ${(ledger.state?.serial ?? 0) - serial} ${ledger.reads[0]?.hash}`,
    plans
      .filter(({ status }) => status.kind === 'open')
      .map((it) => planFacts(it, serial))
      .join(),
    // Of plans that do not count, only a yes that still covers another.
    [
      ...new Set(
        plans
          .filter(({ status }) => status.kind !== 'open')
          .filter((it) => approvals.some((yes) => yes.fingerprint === it.fingerprint && yes.digest === it.digest))
          .map((it) => `${it.fingerprint} ${it.digest} ${'why' in it.status ? it.status.why : ''}`),
      ),
    ].join(),
    approvals
      .map(({ fingerprint, digest, atMs }) => `${fingerprint} ${digest} ${atMs <= (running?.startedMs ?? 1e15)}`)
      .sort()
      .join(),
    attempts
      .filter(({ outcome }) => outcome === 'rejected')
      .map(({ fingerprint, digest }) => `${fingerprint} ${digest}`)
      .sort()
      .join(),
    [...new Set([...since.slice(-1), ...attempts.filter(({ outcome }) => outcome === undefined)])]
      .map((it) => {
        const { found } = it
        const open = plans.filter(({ status }) => status.kind === 'open')
        const of = found && `${found.is} ${open.findIndex(({ id }) => id === found.plan)}`
        const before = (it.before?.serial ?? 0) - serial
        return `${it.fingerprint} ${it.digest} ${it.outcome} ${it.fence === claim?.fence} ${before} ${of}`
      })
      .join(),
    told && `${told.outcome} ${(ledger?.rev ?? -1) > told.rev} ${since.at(-1) === told}`,
  ].join('/')
  known.set(document, { serial, text })
  return text
}

function claimText(
  { nowMs }: World,
  { claim, atMs, fence }: AddressDocument,
  marks: ReadonlyMap<string, number>,
): string {
  if (claim === undefined) return ''
  const now = Math.max(nowMs, atMs)
  const until = claim.untilMs ?? Number.POSITIVE_INFINITY
  const phase = now >= until ? 'over' : now >= claim.leasedMs + ((until - claim.leasedMs) * 2) / 3 ? 'late' : 'fresh'
  return `${marks.get(claim.holder.run) ?? 'dead'} ${phase} ${claim.fence === fence}`
}

function planFacts({ fingerprint, digest, provisional, state, reads, branch }: PlanRecord, serial: number): string {
  return `${fingerprint} ${digest} ${provisional} ${(state?.serial ?? 0) - serial} ${reads[0]?.hash} ${branch}`
}

/** A plan as somebody refers to it: which one of the document it is, or all about it. */
function planText({ documents, real }: World, address: Address, plan: PlanRecord): string {
  const { plans } = documents[address]
  const open = plans.filter(({ status }) => status.kind === 'open')
  const at = open.findIndex(({ id }) => id === plan.id)
  if (at >= 0) return `#${at}`
  const status = plans.find(({ id }) => id === plan.id)?.status.kind
  const newer = open.filter(({ createdMs }) => createdMs > plan.createdMs).length
  return `${status} ${planFacts(plan, real[address].serial)} ${newer}`
}

function runText(world: World, run: Run): string {
  const { stage, todo, results, tip, thoughtOver } = run
  if (stage.at === 'idle') return 'idle'
  const address = todo[0]
  const a = todo.includes('b') ? results.a : ''
  const commit = tip.commit === world.tip.commit ? 'tip' : tip.parts
  const of = address === undefined ? 'ends' : stageText(world, address, stage)
  return `${todo.join('')} ${a} ${commit} ${thoughtOver} ${of}`
}

function stageText(world: World, address: Address, stage: Stage): string {
  const document = world.documents[address]
  const { serial } = world.real[address]
  const saw =
    'saw' in stage ? `${stage.saw.serial - serial} ${stage.saw.tip} ${stage.saw.upstream} ${stage.saw.value}` : ''
  const plan = (id: string) => {
    const found = document.plans.find((it) => it.id === id)
    return found === undefined ? 'none' : planText(world, address, found)
  }
  const attempt = (id: string) => {
    const found = document.attempts.find((it) => it.id === id)
    if (found === undefined) return 'none'
    const later =
      document.attempts.some((it) => it.rev > found.rev && it.outcome !== 'rejected') ||
      (document.ledger !== undefined && document.ledger.rev > found.rev)
    return `${found.fingerprint} ${found.digest} ${found.outcome} ${later}`
  }
  const fence = (number: number) => number === document.claim?.fence
  switch (stage.at) {
    case 'idle':
    case 'take-over':
      return stage.at
    case 'look':
      return `look ${stage.took}`
    case 'give-back':
      return `give-back ${fence(stage.fence)}`
    case 'settle': {
      const { command, then } = stage
      const next = then === 'waits' ? then : stageText(world, address, then)
      return `settle ${attempt(command.attempt)} ${command.is} ${command.what} ${plan(command.plan)} ${next}`
    }
    case 'store':
      return `store ${planText(world, address, stage.plan)} ${stage.before?.digest} ${stage.approved} ${saw}`
    case 'choose':
      return `choose ${planText(world, address, stage.plan)} ${stage.coveredBy} ${stage.found} ${saw}`
    case 'advance':
    case 'claim':
    case 'intend': {
      const { conditions: it } = stage
      const mine = 'fence' in stage ? fence(stage.fence) : ''
      return `${stage.at} ${plan(it.plan)} ${it.coveredBy} ${(it.state?.serial ?? 0) - serial} ${it.movedReads.length} ${mine} ${saw}`
    }
    case 'terraform':
      return `terraform ${stage.makes} ${fence(stage.fence)} ${attempt(stage.attempt)}`
    case 'conclude':
      return `conclude ${stage.outcome} ${stage.reads} ${stage.state.serial - serial} ${fence(stage.fence)} ${attempt(stage.attempt)}`
    case 'release':
      return `release ${stage.result} ${fence(stage.fence)}`
    case 'doubt':
      return `doubt ${document.nonces.includes(stage.nonce)} ${stageText(world, address, stage.stage)}`
  }
}
