import type { StateLock } from '../terraform/state-lock.ts'
import type { StateId } from '../terraform/terraform.ts'
import type { Approval, Attempt, Claim, Outcome, PlanRecord, ReadRecord, SupersededWhy, Target } from './document.ts'
import { clock, typed } from './words.ts'

/** Why a command was not carried out: the facts, from which `refusalWords` makes the sentence. */
export type Refusal =
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly holder: 'running' | 'over' | 'unknown' }
  | { readonly kind: 'not-claimed' }
  | { readonly kind: 'claim-lost'; readonly fence: number; readonly claim?: Claim }
  | { readonly kind: 'lease-ends'; readonly claim: Claim }
  | { readonly kind: 'holder-alive'; readonly claim: Claim }
  | { readonly kind: 'holder-unknown'; readonly claim: Claim }
  | { readonly kind: 'plan-unknown'; readonly what: string }
  | { readonly kind: 'plan-superseded'; readonly plan: PlanRecord; readonly why: SupersededWhy; readonly atMs: number }
  | { readonly kind: 'plan-expired'; readonly plan: PlanRecord }
  | { readonly kind: 'target-moved'; readonly plan: PlanRecord; readonly target: Target }
  | { readonly kind: 'state-moved'; readonly plan: PlanRecord; readonly found: StateId | undefined }
  | { readonly kind: 'read-moved'; readonly plan: PlanRecord; readonly reads: readonly ReadRecord[] }
  | { readonly kind: 'approval-missing'; readonly plan: PlanRecord; readonly others: readonly Approval[] }
  | {
      readonly kind: 'destroys-unnamed'
      readonly plan: PlanRecord
      /** Removals that are in flight together. */
      readonly count: number
      readonly others: readonly Approval[]
    }
  | { readonly kind: 'rejected'; readonly plan: PlanRecord; readonly rejection: Attempt }
  | { readonly kind: 'attempt-unknown'; readonly attempt: string }
  | { readonly kind: 'attempt-ended'; readonly attempt: Attempt; readonly outcome: Outcome }
  | { readonly kind: 'attempt-running'; readonly attempt: Attempt }
  | { readonly kind: 'state-kept'; readonly attempt: Attempt }
  | { readonly kind: 'state-locked'; readonly lock: StateLock; readonly attempt?: Attempt }
  | { readonly kind: 'changes-something'; readonly plan: PlanRecord }

/** A refusal in words: what, who, since when; and what frees it, with the command that does. */
export interface RefusalWords {
  readonly message: string
  readonly fix: string
}

/** The words for a refusal, the same everywhere. `name` is the instance (`vpc@plat-ue2-prod`), or what stands for it. */
export function refusalWords(refusal: Refusal, name: string, nowMs: number): RefusalWords {
  const at = (ms: number) => clock(ms, nowMs)
  const instance = typed(name)
  const where = name.replace(/@([^@]*)$/, ' in $1')
  const replan = `plan again: airlock plan ${instance}`
  const unlock = `airlock unlock ${instance} --reason "…"`

  switch (refusal.kind) {
    case 'claimed': {
      const { claim } = refusal
      if (claim.purpose === 'hold') {
        const reason = claim.reason === undefined ? '' : `: ${claim.reason}`
        return {
          message: `${where} is held by ${claim.holder.by} since ${at(claim.sinceMs)}${reason}`,
          fix: `ask ${claim.holder.by}, or release it: ${unlock}`,
        }
      }
      if (refusal.holder === 'over')
        return {
          message: `${where} was left by ${who(claim)}, whose process is gone; claimed since ${at(claim.sinceMs)}${lease(claim, at)}`,
          fix: `it frees itself when the lease ends; at once with: ${unlock}`,
        }
      return {
        message: `${where} is being ${doing(claim)} by ${who(claim)}, since ${at(claim.sinceMs)}${lease(claim, at)}`,
        fix: `it frees itself when run ${claim.holder.run} ends; if that run is dead: ${unlock}`,
      }
    }
    case 'not-claimed':
      return { message: `nobody holds ${where}`, fix: 'there is nothing to unlock: airlock status' }
    case 'claim-lost': {
      const now = refusal.claim
      return {
        message: `this run no longer holds ${where} (its claim was number ${refusal.fence}${
          now === undefined ? ', and it was released' : `; number ${now.fence} is ${who(now)}, since ${at(now.sinceMs)}`
        })`,
        fix: 'see what is applied and what is not: airlock status',
      }
    }
    case 'lease-ends':
      return {
        message: `the lease on ${where} (${who(refusal.claim)})${lease(refusal.claim, at)} is too far gone to begin something new`,
        fix: 'run again: airlock apply',
      }
    case 'holder-alive':
      return {
        message: `${where} is held by ${who(refusal.claim)}, since ${at(refusal.claim.sinceMs)}, and that process still runs`,
        fix: `wait for it, or stop it${processOf(refusal.claim)}, then: ${unlock}`,
      }
    case 'holder-unknown':
      return {
        message: `${where} is held by ${who(refusal.claim)}, since ${at(refusal.claim.sinceMs)}, and nobody here can tell whether that still runs`,
        fix: `unlock it where it ran${processOf(refusal.claim)}: ${unlock}`,
      }
    case 'plan-unknown':
      return {
        message: `${where} has no stored plan with ${refusal.what}`,
        fix: `${replan}, and look at it: airlock show ${instance}`,
      }
    case 'plan-superseded':
      return {
        message: `the plan of ${where} that ${refusal.plan.by} made at ${at(refusal.plan.createdMs)} (run ${refusal.plan.run}) does not count since ${at(refusal.atMs)}: ${supersededWords(refusal.why)}`,
        fix: refusal.why === 'applied' ? 'see what is applied: airlock status' : replan,
      }
    case 'plan-expired':
      return {
        message: `the plan of ${where} made at ${at(refusal.plan.createdMs)} (run ${refusal.plan.run}) expired at ${at(refusal.plan.expiresMs)}`,
        fix: replan,
      }
    case 'target-moved':
      return {
        message: `the plan of ${where} made at ${at(refusal.plan.createdMs)} is for ${short(refusal.plan.fingerprint)}, but the protected branch asks for ${short(refusal.target)} now`,
        fix: replan,
      }
    case 'state-moved':
      return {
        message: `the state of ${where} has moved since its plan was made at ${at(refusal.plan.createdMs)} (run ${refusal.plan.run}): planned on ${stateWords(refusal.plan.state)}, found ${stateWords(refusal.found)}`,
        fix: `somebody applied it without Airlock, or another run did; nothing was applied. ${capital(replan)}`,
      }
    case 'read-moved':
      return {
        message: `${where} was planned with values that have changed since: ${refusal.reads.map(({ call }) => call).join(', ')}`,
        fix: replan,
      }
    case 'approval-missing': {
      const other = refusal.others.at(-1)
      return {
        message: `the plan of ${where} with digest ${digestWords(refusal.plan.digest)} is not approved${
          other === undefined
            ? ''
            : `; ${other.by.name} approved another one (${digestWords(other.digest)}) at ${at(other.atMs)}`
        }`,
        fix: `look at it: airlock show ${instance}; then: airlock approve ${instance}`,
      }
    }
    case 'destroys-unnamed': {
      const other = refusal.others.findLast(({ digest }) => digest === refusal.plan.digest)
      const said =
        other === undefined
          ? 'nobody approved its removal'
          : `${other.by.name} approved its removal at ${at(other.atMs)} ${
              other.destroys === undefined ? 'without naming a number' : `as one of ${other.destroys}`
            }`
      return {
        message: `the removal of ${where} is one of ${refusal.count} in flight, and ${said}: more than destroy.max are approved by their number`,
        fix: `look at each of them: airlock status; then: airlock approve --all --destroy ${refusal.count}`,
      }
    }
    case 'rejected':
      return {
        message: `the plan of ${where} was rejected by ${refusal.rejection.by} at ${at(refusal.rejection.startedMs)}${
          refusal.rejection.note === undefined ? '' : `: ${refusal.rejection.note}`
        }`,
        fix: `change or revert it in a pull request, or approve it after all: airlock approve ${instance}`,
      }
    case 'attempt-unknown':
      return { message: `${where} has no attempt ${refusal.attempt}`, fix: 'see what happened: airlock status' }
    case 'attempt-ended':
      return {
        message: `attempt ${refusal.attempt.id} on ${where} by ${refusal.attempt.by} has ended already: ${refusal.outcome}`,
        fix: 'see what is applied: airlock status',
      }
    case 'attempt-running':
      return {
        message: `${where} is being changed by ${refusal.attempt.by}, since ${at(refusal.attempt.startedMs)}`,
        fix: 'wait for it: airlock status',
      }
    case 'state-kept': {
      const { attempt } = refusal
      return {
        message: `the apply of ${where} by ${attempt.by}, at ${at(attempt.startedMs)}, could not store its state; what it made is only in the copy that was kept`,
        fix: `push it: airlock recover ${instance} --push; look at it first: airlock recover ${instance} --out FILE; or, if it is not needed: airlock recover ${instance} --drop --reason "…"`,
      }
    }
    case 'state-locked': {
      const { lock, attempt } = refusal
      const since = Number.isNaN(Date.parse(lock.created)) ? lock.created : at(Date.parse(lock.created))
      const doing = lock.operation.replace(/^OperationType/, '').toLowerCase()
      return {
        message: `the state of ${where} is locked by ${lock.who}, since ${since} (${doing}, lock ${lock.id})${
          attempt === undefined ? ', and that is no run of Airlock' : `, for the apply by ${attempt.by}`
        }`,
        fix: `wait until that Terraform has ended; if it is dead, release its lock: airlock unlock ${instance} --lock ${lock.id} --reason "…"`,
      }
    }
    case 'changes-something':
      return {
        message: `the plan of ${where} with digest ${digestWords(refusal.plan.digest)} changes something, so it has to be applied`,
        fix: `approve it: airlock approve ${instance}; then: airlock apply`,
      }
  }
}

/** Why a plan does not count any more, in words. */
export function supersededWords(why: SupersededWhy): string {
  switch (why) {
    case 'broken':
      return 'what is stored of it is not what was sealed, or not what the tip asks for'
    case 'state-moved':
      return 'the state it was made on has moved'
    case 'read-moved':
      return 'a value that it read has changed'
    case 'newer-plan':
      return 'a newer plan of the same change was made'
    case 'change-moved':
      return 'its branch has moved on'
    case 'change-gone':
      return 'its pull request is gone'
    case 'drift-gone':
      return 'what it was to put back is so again'
    case 'applied':
      return 'it was applied'
  }
}

/** A digest as people compare it: `7c0e 51d2`. */
export function digestWords(digest: string): string {
  const hex = digest.replace(/^[a-z0-9]+:/, '')
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)}`.trim()
}

function short(target: Target): string {
  return target === 'gone' ? 'its removal' : target.replace(/^[a-z0-9]+:/, '').slice(0, 12)
}

function stateWords(state: StateId | undefined): string {
  return state === undefined ? 'no state' : `serial ${state.serial} of ${state.lineage.slice(0, 8)}`
}

function doing({ purpose }: Claim): string {
  return purpose === 'remediate' ? 'put back' : 'applied'
}

function who({ holder }: Claim): string {
  return `${holder.by}, run ${holder.run}`
}

function lease({ untilMs }: Claim, at: (ms: number) => string): string {
  return untilMs === undefined ? '' : ` (lease until ${at(untilMs)})`
}

function processOf({ holder: { process: it } }: Claim): string {
  return it === undefined ? '' : ` (process ${it.pid} on ${it.host})`
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
