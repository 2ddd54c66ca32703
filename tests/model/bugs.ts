import type { Command, Conditions } from '../../src/records/commands.ts'
import { type AddressDocument, GONE } from '../../src/records/document.ts'
import { type Rules, theRules } from './rules.ts'
import type { Mishap, Part } from './world.ts'

/** A rule that is wrong on purpose, written from the invariant that it should break; and where to look for it. */
export interface Bug {
  /** The invariants of design that it breaks: the first one met is reported. */
  readonly breaks: readonly number[]
  readonly what: string
  readonly rules: Rules
  readonly offers: readonly Part[]
  readonly left?: Partial<Record<Mishap, number>>
  /** One run is enough to meet it. */
  readonly runs?: 1
}

const { decide, flightOf, approvalOf } = theRules

/** `decide` with another command, or another document, in place of what it was handed. */
function asked(change: (command: Command, document: AddressDocument) => Command): Rules {
  return { ...theRules, decide: (document, command, nowMs) => decide(document, change(command, document), nowMs) }
}

function believing(change: (document: AddressDocument, command: Command) => AddressDocument): Rules['decide'] {
  return (document, command, nowMs) => {
    const believed = change(document, command)
    const decision = decide(believed, command, nowMs)
    return decision.kind === 'done' && decision.document === believed ? { ...decision, document } : decision
  }
}

function conditions(change: (apply: Conditions, document: AddressDocument) => Partial<Conditions>): Rules {
  return asked((command, document) =>
    (command.kind === 'claim' || command.kind === 'intend') && command.apply
      ? { ...command, apply: { ...command.apply, ...change(command.apply, document) } }
      : command,
  )
}

/** What every approval in a document looks like when its digest is not compared. */
function ofAnyDigest(document: AddressDocument): AddressDocument {
  const approvals = document.approvals.flatMap((it) =>
    document.plans.filter(({ fingerprint }) => fingerprint === it.fingerprint).map(({ digest }) => ({ ...it, digest })),
  )
  return { ...document, approvals: [...document.approvals, ...approvals] }
}

/** Every planted bug. */
export const bugs: readonly Bug[] = [
  {
    breaks: [1],
    what: 'a claim is taken over when its lease has ended, though its run lives',
    rules: {
      ...asked((command, { claim }) =>
        command.kind === 'claim' && claim ? { ...command, holderState: { fence: claim.fence, is: 'over' } } : command,
      ),
      claimRefusal: (document, holder, nowMs) =>
        document.claim && nowMs < document.claim.untilMs! ? theRules.claimRefusal(document, holder, nowMs) : undefined,
    },
    offers: ['2'],
  },
  {
    breaks: [1],
    what: 'a claim is taken over as soon as its run is gone, before its lease has ended',
    rules: {
      ...theRules,
      decide: believing((document, { kind }) =>
        kind === 'claim' && document.claim ? { ...document, claim: { ...document.claim, untilMs: 0 } } : document,
      ),
      claimRefusal: (document, holder, nowMs) =>
        theRules.claimRefusal(
          document.claim ? { ...document, claim: { ...document.claim, untilMs: 0 } } : document,
          holder,
          nowMs,
        ),
    },
    offers: ['2'],
    left: { crash: 1 },
  },
  {
    breaks: [1],
    what: 'an intent is written down without a look at the number of the claim',
    rules: asked((command, { claim }) =>
      command.kind === 'intend' && claim ? { ...command, fence: claim.fence } : command,
    ),
    offers: ['2'],
    left: { 'thought-over': 1 },
  },
  {
    breaks: [1],
    what: 'a claim that is taken over keeps its number',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) => {
        const decision = decide(document, command, nowMs)
        if (decision.kind === 'refused' || command.kind !== 'claim') return decision
        const { fence } = document
        const { claim } = decision.document
        return { ...decision, document: { ...decision.document, fence, ...(claim && { claim: { ...claim, fence } }) } }
      },
    },
    offers: ['2'],
    left: { 'thought-over': 1 },
  },
  {
    breaks: [2],
    what: 'a yes to one plan counts for every plan of the same fingerprint',
    rules: {
      ...theRules,
      decide: believing((document, { kind }) =>
        kind === 'claim' || kind === 'intend' ? ofAnyDigest(document) : document,
      ),
      approvalOf: (document, ...rest) => approvalOf(ofAnyDigest(document), ...rest),
    },
    offers: ['2'],
    left: { 'out-of-band': 1 },
  },
  {
    breaks: [2, 10],
    what: 'a no does not take back the yes before it',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) =>
        command.kind === 'reject' ? { kind: 'done', document, events: [] } : decide(document, command, nowMs),
    },
    offers: ['2'],
    left: { reject: 1 },
  },
  {
    breaks: [2, 10],
    what: 'a yes is not spent by the apply that it was given for',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) => {
        const decision = decide(document, command, nowMs)
        if (decision.kind === 'refused' || command.kind !== 'conclude') return decision
        return { ...decision, document: { ...decision.document, approvals: document.approvals } }
      },
    },
    offers: ['2'],
    left: { revert: 1 },
    runs: 1,
  },
  {
    breaks: [3],
    what: 'the state may have moved since the plan was made',
    rules: conditions(({ plan: id }, { plans }) => ({ state: plans.find((it) => it.id === id)?.state })),
    offers: ['2'],
    left: { 'out-of-band': 1 },
  },
  {
    breaks: [3, 5],
    what: 'the newest plan that counts is applied, whatever the tip asks for',
    rules: {
      ...conditions(({ plan: id, target }, { plans }) => ({
        target: plans.find((it) => it.id === id)?.fingerprint ?? target,
      })),
      planFor: ({ plans }) => plans.findLast(({ status }) => status.kind === 'open'),
    },
    offers: ['1', '2'],
  },
  {
    breaks: [3],
    what: 'a value that a plan read may have moved',
    rules: {
      ...conditions(() => ({ movedReads: [] })),
      mustPlanAgain: ({ uncertain }) => uncertain.length > 0,
      movedReads: () => [],
    },
    offers: ['1'],
    left: { 'out-of-band': 1 },
    runs: 1,
  },
  {
    breaks: [4, 9],
    what: 'an attempt of which nobody knows the end is forgotten',
    rules: {
      ...theRules,
      flightOf: (facts) => {
        const attempts = facts.document.attempts.filter(({ outcome }) => outcome !== 'unknown' && outcome !== undefined)
        return flightOf({ ...facts, document: { ...facts.document, attempts } })
      },
    },
    offers: ['2'],
    left: { crash: 1, revert: 1 },
  },
  {
    breaks: [4, 9],
    what: 'an attempt that was found half-way is settled as done',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) => {
        const decision = decide(document, command, nowMs)
        if (decision.kind === 'refused' || command.kind !== 'settle') return decision
        const attempts = decision.document.attempts.map((it) =>
          it.id === command.attempt ? ({ ...it, outcome: 'done' } as const) : it,
        )
        return { ...decision, document: { ...decision.document, attempts } }
      },
    },
    offers: ['2'],
    left: { crash: 1, revert: 1 },
    runs: 1,
  },
  {
    breaks: [4, 9],
    what: 'a failed attempt is forgotten',
    rules: {
      ...theRules,
      flightOf: (facts) => {
        const attempts = facts.document.attempts.filter(({ outcome }) => outcome !== 'partial' && outcome !== 'failed')
        return flightOf({ ...facts, document: { ...facts.document, attempts } })
      },
    },
    offers: ['2'],
    left: { fail: 1, revert: 1 },
  },
  {
    breaks: [4, 9],
    what: 'a read whose value moved puts nothing in flight',
    rules: { ...theRules, flightOf: (facts) => flightOf({ ...facts, moved: () => false }) },
    offers: ['1', '2'],
    left: { revert: 1 },
    runs: 1,
  },
  {
    breaks: [4, 9],
    what: 'a plan that changes something is taken for one that changes nothing',
    rules: {
      ...theRules,
      changesNothing: ({ reads, ...plan }) => reads.length > 0 || theRules.changesNothing({ reads, ...plan }),
      decide: believing((document, { kind }) =>
        kind === 'advance'
          ? {
              ...document,
              plans: document.plans.map((it) => ({ ...it, changes: { ...it.changes, change: 0 } })),
            }
          : document,
      ),
    },
    offers: ['1'],
  },
  {
    breaks: [4, 9],
    what: 'who was overtaken may still say that all is done',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) => {
        if (command.kind !== 'conclude') return decide(document, command, nowMs)
        const own = document.attempts.filter(({ id }) => id === command.attempt)
        const { ledger: _, ...rest } = document
        const decision = decide({ ...rest, attempts: own }, command, nowMs)
        if (decision.kind === 'refused') return decision
        const others = document.attempts.filter(({ id }) => id !== command.attempt)
        const ledger = decision.document.ledger ?? document.ledger
        const attempts = [...others, ...decision.document.attempts]
        return { ...decision, document: { ...decision.document, attempts, ...(ledger && { ledger }) } }
      },
    },
    offers: ['2'],
    left: { 'thought-over': 1, revert: 1 },
  },
  {
    breaks: [5],
    what: 'a reader goes on though what it reads was not applied',
    rules: { ...theRules, stops: () => false },
    offers: ['1'],
  },
  {
    breaks: [5],
    what: 'a run goes on from a commit that is the tip no more',
    rules: { ...theRules, isTip: () => true },
    offers: ['1', '2'],
  },
  {
    breaks: [7],
    what: 'nobody can take the claim of a run that is gone',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) =>
        document.claim && (command.kind === 'claim' || command.kind === 'unlock')
          ? { kind: 'refused', refusal: { kind: 'holder-unknown', claim: document.claim } }
          : decide(document, command, nowMs),
      claimRefusal: ({ claim }) => claim && { kind: 'holder-unknown', claim },
    },
    offers: ['2'],
    left: { crash: 1 },
  },
  {
    breaks: [7, 1],
    what: 'an attempt that was left behind runs for ever',
    rules: {
      ...theRules,
      decide: (document, command, nowMs) => {
        const decision = decide(document, command, nowMs)
        if (decision.kind === 'refused' || !['unlock', 'claim', 'release'].includes(command.kind)) return decision
        return { ...decision, document: { ...decision.document, attempts: document.attempts } }
      },
    },
    offers: ['2'],
    left: { crash: 1 },
  },
  {
    breaks: [9],
    what: 'a run tells only of what it worked on',
    rules: { ...theRules, reports: 'own' },
    offers: ['2', 'p'],
    left: { push: 1 },
  },
  {
    breaks: [10],
    what: 'what is on the protected branch counts as agreed to',
    rules: { ...conditions(() => ({ approval: 'none' })), approval: 'none' },
    offers: ['p'],
    left: { push: 1 },
  },
  {
    breaks: [11],
    what: 'what vanished is taken for removed by name',
    rules: { ...theRules, targetOf: (asked) => asked ?? GONE },
    offers: ['x'],
    left: { push: 1 },
  },
  {
    breaks: [11],
    what: 'a removal needs nobody to agree',
    rules: {
      ...conditions(({ target }) => (target === GONE ? { approval: 'none' } : {})),
      approvalOf: (document, plan, rule, coveredBy) =>
        approvalOf(document, plan, plan.fingerprint === GONE ? 'none' : rule, coveredBy),
    },
    offers: ['3'],
  },
]
