import type { ApplyRun } from '../../src/flows/apply-one.ts'
import type { Filled } from '../../src/flows/fill-in.ts'
import { abandoned } from '../../src/records/claims.ts'
import type { Command, Conditions, MakeClaim, Settle } from '../../src/records/commands.ts'
import type { Decision } from '../../src/records/decide.ts'
import { type AddressDocument, type Attempt, type Claim, GONE, type PlanRecord } from '../../src/records/document.ts'
import type { Flight } from '../../src/records/in-flight.ts'
import { sameState } from '../../src/records/plans.ts'
import type { StateId } from '../../src/terraform/terraform.ts'
import { isResidual, makes, newPlan, readsOf, residualOf } from './plans.ts'
import type { Rules } from './rules.ts'
import {
  type Address,
  addresses,
  type Choose,
  isBehind,
  leaseMs,
  output,
  type Reality,
  type Result,
  type Run,
  type Seen,
  type Stage,
  stateOf,
  type Tip,
  target,
  type World,
  type Writing,
} from './world.ts'

/** What a step of the model came to: the next world, and what is wrong with the step itself. */
export interface Next {
  readonly world: World
  readonly broken?: string
}

export const holderOf = (slot: number, { life }: Run) => `${slot}.${life}`

export function withRun(world: World, slot: number, change: Partial<Run>): World {
  return { ...world, runs: world.runs.map((run, i) => (i === slot ? { ...run, ...change } : run)) }
}

export function withReal(world: World, address: Address, real: Reality): World {
  return { ...world, real: { ...world.real, [address]: real } }
}

/** Carries out a command, as `transact` does: what is decided is written at once. */
export function write(
  rules: Rules,
  world: World,
  address: Address,
  command: Command,
): { readonly world: World; readonly decision: Decision } {
  const decision = rules.decide(world.documents[address], command, world.nowMs)
  if (decision.kind === 'refused' || decision.document === world.documents[address]) return { world, decision }
  return { world: withDocument(world, address, decision.document), decision }
}

/** The world with a document written; its events are stored at once. */
export function withDocument(world: World, address: Address, document: AddressDocument): World {
  return { ...world, documents: { ...world.documents, [address]: { ...document, outbox: [] } } }
}

/** Where every address stands at a commit, in the order in which they depend on each other; as `flows/status.ts` has it. */
export function standing(rules: Rules, world: World, tip: Pick<Tip, 'parts'>): ReadonlyMap<Address, Flight> {
  const found = new Map<Address, Flight>()
  for (const address of addresses) {
    const upstreams = address === 'b' && found.get('a')?.kind === 'in-flight' ? (['a@m'] as const) : []
    const value = output(world.real.a)
    found.set(
      address,
      rules.flightOf({
        document: world.documents[address],
        target: rules.targetOf(target(tip, address)),
        baseline: undefined,
        moved: ({ hash }) => hash !== value,
        upstreams,
        approval: rules.approval,
        nowMs: world.nowMs,
      }),
    )
  }
  return found
}

/** Begins a run: it takes what is in flight at the tip. */
export function begin(rules: Rules, world: World, slot: number, flights = standing(rules, world, world.tip)): World {
  const own = addresses.filter(
    (it) => flights.get(it)?.kind === 'in-flight' && rules.targetOf(target(world.tip, it)) !== undefined,
  )
  // Who reads what is applied may come into flight by it.
  const todo = own.includes('a') && !own.includes('b') ? addresses.filter((it) => it === 'b' || own.includes(it)) : own
  return withRun(world, slot, {
    life: world.runs[slot]!.life + 1,
    stage: { at: 'look' },
    tip: world.tip,
    todo,
    results: {},
    thoughtOver: false,
  })
}

/** One step of a run, as `flows/apply.ts` and `flows/apply-one.ts` take them. `how` says what Terraform comes to. */
export function step(rules: Rules, world: World, slot: number, how: 'ok' | 'fails' | 'partial' = 'ok'): Next {
  const { stage, todo } = world.runs[slot]!
  const [address] = todo
  if (address === undefined) return ended(rules, world, slot)
  switch (stage.at) {
    case 'idle':
      throw new Error('an idle run takes no step')
    case 'look':
      return look(rules, world, slot, address, stage.took === true)
    case 'choose':
      return choose(rules, world, slot, address, stage)
    case 'terraform':
      return terraform(world, slot, address, stage, how)
    case 'doubt': {
      // As `transact`: what is there now decides, and our nonce means that the write was made.
      const { made, nonce } = stage
      if (!world.documents[address].nonces.includes(nonce)) return step(rules, resumed(world, slot, stage), slot, how)
      const back = resumed(world, slot, stage)
      const decision: Decision =
        stage.stage.at === 'intend'
          ? rules.decide(world.documents[address], commandOf(back, slot, stage.stage), world.nowMs)
          : { kind: 'done', document: made, events: [] }
      return wrote(rules, back, slot, stage.stage, decision)
    }
    default: {
      const { world: next, decision } = write(rules, world, address, commandOf(world, slot, stage))
      return wrote(rules, next, slot, stage, decision)
    }
  }
}

/** The write of a stage, carried out; but its answer is lost. `undefined` where nothing is written. */
export function lost(rules: Rules, world: World, slot: number, stage: Writing): World | undefined {
  const [address] = world.runs[slot]!.todo as [Address]
  const { world: next, decision } = write(rules, world, address, commandOf(world, slot, stage))
  if (decision.kind === 'refused' || next === world) return undefined
  const nonce = `n${next.names}`
  const made: AddressDocument = { ...next.documents[address], nonces: [nonce] }
  return withRun(withDocument({ ...next, names: next.names + 1 }, address, made), slot, {
    stage: { at: 'doubt', stage, nonce, made },
  })
}

function resumed(world: World, slot: number, { stage }: Extract<Stage, { at: 'doubt' }>): World {
  return withRun(world, slot, { stage })
}

/** What a run asks of the document at a stage. */
function commandOf(world: World, slot: number, stage: Writing): Command {
  const run = world.runs[slot]!
  const address = run.todo[0]!
  switch (stage.at) {
    case 'take-over':
      return claiming(world, slot, address)
    case 'give-back':
      return { kind: 'release', fence: stage.fence }
    case 'store':
      return storing(address, stage.plan)
    case 'settle':
      return stage.command
    case 'advance': {
      const { plan, target: asked, state, movedReads } = stage.conditions
      const commit = String(run.tip.commit)
      return { kind: 'advance', plan, target: asked, state, movedReads, commit, by: '', fence: undefined }
    }
    case 'claim':
      return { ...claiming(world, slot, address), apply: stage.conditions }
    case 'intend': {
      const { fence, attempt, conditions } = stage
      const action = conditions.target === GONE ? 'destroy' : 'apply'
      return { kind: 'intend', fence, attempt, action, commit: String(run.tip.commit), apply: conditions }
    }
    case 'conclude': {
      const { fence, attempt, outcome, state, reads } = stage
      return { kind: 'conclude', fence, attempt, outcome, state, reads: readsOf(address, reads) }
    }
    case 'release':
      return { kind: 'release', fence: stage.fence }
  }
}

function claiming(world: World, slot: number, address: Address): MakeClaim {
  const run = world.runs[slot]!
  const { claim } = world.documents[address]
  return {
    kind: 'claim',
    holder: { run: holderOf(slot, run), by: '', process: { host: '', pid: slot, started: String(run.life) } },
    purpose: 'apply',
    leaseMs,
    ...(claim && { holderState: { fence: claim.fence, is: holderState(world, claim.holder) } }),
  }
}

/** Where a run goes on when its write is answered. */
function wrote(rules: Rules, world: World, slot: number, stage: Writing, decision: Decision): Next {
  const address = world.runs[slot]!.todo[0]!
  const go = (to: Stage): Next => ({ world: withRun(world, slot, { stage: to }) })
  const end = (next: World, result: Result): Next => ({ world: finished(next, slot, address, result) })
  switch (stage.at) {
    case 'take-over':
      return go(
        decision.kind === 'refused' ? { at: 'look', took: true } : { at: 'give-back', fence: decision.document.fence },
      )
    case 'give-back':
      return go({ at: 'look', took: true })
    case 'settle':
      return stage.then === 'waits' ? end(world, 'waits') : go(stage.then)
    case 'store':
      return compared(rules, takenIn(world, stage.plan), slot, address, stage)
    case 'advance':
      return end(refusedIn(rules, world, address, decision), decision.kind === 'done' ? 'advanced' : 'refused')
    case 'claim': {
      if (decision.kind === 'refused') return end(refusedIn(rules, world, address, decision), 'refused')
      const { conditions, saw } = stage
      const attempt = `t${world.names}`
      const to: Stage = { at: 'intend', conditions, saw, fence: decision.document.fence, attempt }
      return { world: withRun({ ...world, names: world.names + 1 }, slot, { stage: to }) }
    }
    case 'intend': {
      if (decision.kind === 'done') return started(world, slot, address, stage, decision.document)
      const to: Stage = { at: 'release', fence: stage.fence, result: 'refused' }
      return { world: withRun(refusedIn(rules, world, address, decision), slot, { stage: to }) }
    }
    case 'conclude':
      if (decision.kind === 'refused') return go({ at: 'release', fence: stage.fence, result: 'refused' })
      return end(
        stage.outcome === 'done' ? spent(world, address, stage.attempt) : world,
        stage.outcome === 'done' ? 'applied' : 'failed',
      )
    case 'release':
      return end(world, stage.result)
  }
}

/** A yes is spent by the apply that it was given for: the same change asked for again is asked of people again. */
function spent(world: World, address: Address, attempt: string): World {
  const ended = world.documents[address].attempts.find(({ id }) => id === attempt)
  if (ended === undefined) return world
  const { fingerprint, startedMs } = ended
  const isSpent = (it: World['yes'][number]) =>
    it.address === address && it.fingerprint === fingerprint && it.atMs <= startedMs
  return { ...world, yes: world.yes.filter((it) => !isSpent(it)) }
}

/** Terraform ends: applied, nothing done, or half-way. */
function terraform(
  world: World,
  slot: number,
  address: Address,
  { makes: made, fence, attempt }: Extract<Stage, { at: 'terraform' }>,
  how: 'ok' | 'fails' | 'partial',
): Next {
  const before = world.real[address]
  const { lock: _, ...after } = how === 'fails' ? before : moved(before, how === 'ok' ? made : half(before, made))
  const outcome = how === 'ok' ? 'done' : sameState(stateOf(before), stateOf(after)) ? 'failed' : 'partial'
  const reads = output(world.real.a)
  const stage: Stage = { at: 'conclude', outcome, state: stateOf(after), reads, fence, attempt }
  return { world: withRun(withReal(world, address, after), slot, { stage }) }
}

/** Whether the process that a claim names still runs, as others see it. */
function holderState(
  { runs }: World,
  { process }: { readonly process?: { readonly pid: number; readonly started: string } },
) {
  const run = runs[process!.pid]!
  const alive = String(run.life) === process!.started && run.stage.at !== 'idle' && !run.thoughtOver
  return alive ? 'running' : 'over'
}

/** What comes before any write: the plan of the tip's fingerprint, on the state and the values of now. */
function look(rules: Rules, world: World, slot: number, address: Address, took: boolean): Next {
  const run = world.runs[slot]!
  const end = (result: Result): Next => ({ world: finished(world, slot, address, result) })
  const fingerprint = rules.targetOf(target(run.tip, address))
  if (address === 'b' && rules.stops(run.results.a)) return end('blocked')
  if (fingerprint === undefined) return end('waits')
  const document = world.documents[address]
  const moved = address === 'b' && run.results.a === 'applied'
  const isReader = address === 'b' && standing(rules, world, run.tip).get('b')?.kind !== 'in-flight'
  if (isReader && !moved) return end('advanced')
  const busy = rules.claimRefusal(
    document,
    document.claim ? holderState(world, document.claim.holder) : 'unknown',
    world.nowMs,
  )
  if (busy !== undefined) return end('refused')
  const known = rules.planFor(document, fingerprint, world.nowMs)
  const { claim } = document
  const asLeft = claim === undefined ? document : abandoned(document, claim.fence, world.nowMs).document
  const goesOn = rules.resumable(asLeft, fingerprint, rules.approval, known, world.nowMs) !== undefined
  if (known === undefined && !moved && !goesOn) return end('waits')
  if (claim !== undefined && !took) return { world: withRun(world, slot, { stage: { at: 'take-over' } }) }
  const real = world.real[address]
  const value = output(world.real.a)
  const saw: Seen = { serial: real.serial, tip: true, upstream: true, value }
  const state = stateOf(real)
  const isUnknown = rules.interrupted(document, fingerprint)?.outcome === 'unknown'
  const isAgain = known === undefined || isUnknown || rules.mustPlanAgain(known, filled(address, value), tool)
  if (!isAgain)
    return choose(rules, world, slot, address, {
      at: 'choose',
      plan: known,
      coveredBy: undefined,
      found: false,
      state,
      saw,
    })
  if (real.lock !== undefined) return end('failed')
  const { world: next, plan } = newPlan(world, address, fingerprint, { branch: 'main', run: holderOf(slot, run) })
  const approved = known !== undefined && rules.approvalOf(document, known, rules.approval).kind === 'approved'
  const stage: Stage = { at: 'store', plan, before: known, approved, state, saw }
  return { world: withRun({ ...next, inbox: [...next.inbox, { address, plan }] }, slot, { stage }) }
}

/** Compares a plan that was made in the run with the one that was approved; as `flows/plan-again.ts` has it. */
function compared(
  rules: Rules,
  world: World,
  slot: number,
  address: Address,
  { plan, before, approved, state, saw }: Extract<Stage, { at: 'store' }>,
): Next {
  const document = world.documents[address]
  const attempt = rules.interrupted(document, plan.fingerprint)
  const rest = attempt && restOf(rules, world, attempt, plan, document, state)
  const go = (coveredBy: string | undefined): Next =>
    settling(world, slot, rest, { at: 'choose', plan, coveredBy, found: rest !== undefined, state, saw })
  if (rules.approval === 'none') return go(undefined)
  const isAgreed = before !== undefined && (approved || rules.changesNothing(before))
  if (isAgreed && covers(before.digest, plan.digest, 'same')) return go(before.digest)
  if (rest?.of !== undefined) return go(rest.of)
  if (rules.changesNothing(plan)) return go(undefined)
  if (!isAgreed && rest?.compared === undefined) return go(undefined)
  return settling(world, slot, rest, 'waits')
}

interface Rest {
  readonly command: Settle | undefined
  /** Digest of the approved plan of which this is what is left; and of the one that it was compared with. */
  readonly of: string | undefined
  readonly compared: string | undefined
}

/** What an interrupted attempt has come to, and what a fresh plan is of what was approved; as `flows/rest.ts` has it. */
function restOf(
  rules: Rules,
  world: World,
  attempt: Attempt,
  plan: PlanRecord,
  document: AddressDocument,
  state: StateId,
): Rest {
  const approved = rules.approvedBefore(document, attempt, world.nowMs)
  const of = approved.find(({ digest }) => residualOf(digest, plan.digest).kind === 'residual')?.digest
  const begun = document.plans.find(({ id }) => id === attempt.plan)
  const { what } = rules.finding({
    attempt,
    state,
    rest: rules.changesNothing(plan) ? 'nothing' : begun && residualOf(begun.digest, plan.digest),
    mayExist: [],
  })
  const command: Settle | undefined =
    what === 'done'
      ? undefined
      : {
          kind: 'settle',
          attempt: attempt.id,
          by: '',
          plan: plan.id,
          is: of === undefined ? 'different' : 'residual',
          what,
          mayExist: [],
          state,
          fence: undefined,
        }
  return { command, of, compared: approved[0]?.digest }
}

/** Goes on once it is written down what an attempt has come to, where there is something to write. */
function settling(world: World, slot: number, rest: Rest | undefined, then: Choose | 'waits'): Next {
  const command = rest?.command
  if (command !== undefined) return { world: withRun(world, slot, { stage: { at: 'settle', command, then } }) }
  if (then === 'waits') return { world: finished(world, slot, world.runs[slot]!.todo[0]!, 'waits') }
  return { world: withRun(world, slot, { stage: then }) }
}

/** Whether an approved plan covers another one: the same; or, after an interruption, what is left of it. */
export function covers(approved: string, fresh: string, how: 'same' | 'rest'): boolean {
  return approved === fresh || (how === 'rest' && isResidual(fresh, approved))
}

/** The last look before the claim: whether this is the tip still, and what people said. */
function choose(
  rules: Rules,
  world: World,
  slot: number,
  address: Address,
  { plan, coveredBy: known, found, state, saw: before }: Choose,
): Next {
  const run = world.runs[slot]!
  if (!rules.isTip(run.tip.commit, world.tip.commit)) return { world: finished(world, slot, address, 'refused') }
  const saw: Seen = {
    ...before,
    tip: run.tip.commit === world.tip.commit,
    upstream: address !== 'b' || !isBehind(world, run.tip, 'a'),
  }
  const document = world.documents[address]
  const coveredBy = earlierYes(rules, document, plan, known)
  const attempt = found ? undefined : rules.interrupted(document, plan.fingerprint)
  if (attempt !== undefined && rules.approvalOf(document, plan, rules.approval, coveredBy).kind === 'missing') {
    const rest = restOf(rules, world, attempt, plan, document, state)
    return settling(world, slot, rest, { at: 'choose', plan, coveredBy: rest.of, found: true, state, saw: before })
  }
  const conditions: Conditions = {
    plan: plan.id,
    target: rules.targetOf(target(run.tip, address))!,
    approval: rules.approval,
    ...(coveredBy !== undefined && { coveredBy }),
    state,
    movedReads: rules.movedReads(plan, filled(address, before.value)),
  }
  if (rules.changesNothing(plan)) return { world: withRun(world, slot, { stage: { at: 'advance', conditions, saw } }) }
  if (rules.approvalOf(document, plan, conditions.approval, coveredBy).kind === 'missing')
    return { world: finished(world, slot, address, 'waits') }
  return { world: withRun(world, slot, { stage: { at: 'claim', conditions, saw } }) }
}

/** The yes that an earlier plan got which covers this one; as `withEarlierYes` has it. */
function earlierYes(rules: Rules, document: AddressDocument, plan: PlanRecord, known: string | undefined) {
  if (rules.approvalOf(document, plan, rules.approval, known).kind !== 'missing') return known
  const earlier = document.plans.findLast(
    (it) =>
      it.id !== plan.id &&
      it.fingerprint === plan.fingerprint &&
      it.status.kind === 'superseded' &&
      it.status.why === 'newer-plan' &&
      rules.approvalOf(document, it, 'needed').kind === 'approved' &&
      covers(it.digest, plan.digest, 'same'),
  )
  return earlier?.digest ?? known
}

/** Terraform begins: here the invariants look at what is about to happen to reality. */
function started(
  world: World,
  slot: number,
  address: Address,
  { fence, conditions, saw, attempt }: Extract<Stage, { at: 'intend' }>,
  document: AddressDocument,
): Next {
  const run = world.runs[slot]!
  const plan = document.plans.find(({ id }) => id === conditions.plan)!
  const broken = wrongApply(
    world,
    slot,
    run.tip,
    address,
    plan,
    saw,
    document.claim?.fence === fence ? document.claim : undefined,
  )
  const real = world.real[address]
  const go = (next: World, stage: Stage): Next => ({
    world: withRun(next, slot, { stage }),
    ...(broken !== undefined && { broken }),
  })
  // Terraform refuses what is locked, and a plan of another state than that of now.
  if (real.lock !== undefined || !sameState(plan.state, stateOf(real)))
    return go(world, { at: 'conclude', outcome: 'failed', state: stateOf(real), reads: saw.value, fence, attempt })
  return go(withReal(world, address, { ...real, lock: 'running' }), {
    at: 'terraform',
    makes: makes(plan.digest),
    fence,
    attempt,
  })
}

/** What is wrong with an apply that is about to begin, if anything is. */
function wrongApply(
  world: World,
  slot: number,
  tip: Tip,
  address: Address,
  plan: PlanRecord,
  saw: Seen,
  claim: Claim | undefined,
): string | undefined {
  const asked = target(tip, address)
  const others = world.runs.some(
    ({ stage, todo, thoughtOver }, i) =>
      i !== slot && !thoughtOver && todo[0] === address && ['terraform', 'conclude'].includes(stage.at),
  )
  if (others) return `1: two runs apply ${address} at once`
  if (claim?.holder.run !== holderOf(slot, world.runs[slot]!)) return `1: a run applies ${address} without holding it`
  if (asked === undefined) return `11: ${address} is absent, and ${plan.digest} is applied`
  if (makes(plan.digest) === 'gone' && asked !== 'gone')
    return `11: ${address} is destroyed, and nobody removed it by name`
  if (plan.fingerprint !== asked) return `3: a plan of ${plan.fingerprint} is applied where ${asked} is asked`
  if (plan.state?.serial !== saw.serial)
    return `3: a plan on serial ${plan.state?.serial} is applied, and the run saw ${saw.serial}`
  if (plan.reads.some(({ hash }) => hash !== saw.value)) return '3: a plan is applied whose read had moved'
  if (!saw.tip) return `5: a commit is applied that was not the tip when the run decided so`
  if (!saw.upstream) return `5: ${address} is applied before what it reads`
  const ofTarget = world.yes.filter((it) => it.address === address && it.fingerprint === asked)
  if (ofTarget.some(({ digest }) => covers(digest, plan.digest, 'rest'))) return undefined
  if (makes(plan.digest) === 'gone') return `11: ${address} is destroyed, and nobody agreed`
  return ofTarget.length === 0
    ? `10: ${address} is applied as ${asked}, and nobody ever agreed to that change`
    : `2: ${plan.digest} is applied at ${address}, and what was approved is ${ofTarget.map((it) => it.digest).join(', ')}`
}

/** What an address is, half-way to what a plan makes of it. */
export function half({ is }: Reality, made: string): string {
  return is === `~${made}` ? is : `~${made}`
}

export function moved(real: Reality, is: string): Reality {
  return { ...real, serial: real.serial + 1, is }
}

export function storing(address: Address, { status: _, ...plan }: PlanRecord): Command {
  return { kind: 'store-plan', name: `${address}@m`, plan }
}

export function takenIn(world: World, plan: PlanRecord): World {
  return { ...world, inbox: world.inbox.filter((it) => it.plan.id !== plan.id) }
}

/** A plan whose state has moved never counts again. */
function refusedIn(rules: Rules, world: World, address: Address, decision: Decision): World {
  if (decision.kind !== 'refused' || decision.refusal.kind !== 'state-moved') return world
  return write(rules, world, address, {
    kind: 'supersede',
    plans: [decision.refusal.plan.id],
    why: 'state-moved',
  }).world
}

function finished(world: World, slot: number, address: Address, result: Result): World {
  const { todo, results } = world.runs[slot]!
  return withRun(world, slot, {
    stage: { at: 'look' },
    todo: todo.slice(1),
    results: { ...results, [address]: result },
  })
}

/** The run says what is left, and is no more. Whoever it believes to be done is done. */
function ended(rules: Rules, world: World, slot: number): Next {
  const { results } = world.runs[slot]!
  const left = [...standing(rules, world, world.tip)].flatMap(([address, { kind }]) =>
    kind === 'in-flight' ? [address] : [],
  )
  const named = rules.reports === 'all' ? left : left.filter((it) => it in results)
  const silent = addresses.find((it) => isBehind(world, world.tip, it) && !named.includes(it))
  const next = withRun(world, slot, { stage: { at: 'idle' }, todo: [], results: {} })
  return silent === undefined
    ? { world: next }
    : { world: next, broken: `9: a run ends without a word of ${silent}, which is not as the tip asks` }
}

function filled(address: Address, value: string): Filled {
  return { reads: readsOf(address, value) } as unknown as Filled
}

const tool = { tool: { kind: 'terraform', version: '1.11.4' } } as ApplyRun
