import { describe, expect, test } from 'vitest'
import type { Residual } from '../plan/residual.ts'
import { attemptWords, foundWords } from './attempt-words.ts'
import type { Command, Settle } from './commands.ts'
import { decide } from './decide.ts'
import type { AddressDocument, PlanId } from './document.ts'
import {
  applying,
  approving,
  carriedOut,
  claiming,
  done,
  minute,
  planned,
  refusal,
  storing,
  T0,
} from './fixtures/sample.ts'
import { encodeDocument, parseDocument } from './format.ts'
import { flightOf } from './in-flight.ts'
import { finding, settle } from './settle.ts'

const state = (serial: number) => ({ lineage: 'lineage-1', serial })
const net = { address: 'folder_network.this', type: 'folder_network' }
const settling = (given: Partial<Settle> = {}): Settle => ({
  kind: 'settle',
  attempt: 'apply-1',
  by: 'ben, run 9',
  plan: 'rest' as PlanId,
  is: 'residual',
  what: 'partial',
  mayExist: [net],
  state: state(4),
  fence: undefined,
  ...given,
})
const killed: Command = { kind: 'unlock', by: 'ben', reason: 'it was killed', holder: 'over' }
const rest = planned('rest', { digest: 'pd1:rest', state: state(4), createdMs: T0 + minute })
const waits = (document: AddressDocument, target = 'fp1:aaaa', approval: 'needed' | 'none' = 'needed') => {
  const facts = {
    document,
    target,
    baseline: undefined,
    moved: () => false,
    upstreams: [],
    approval,
    nowMs: T0 + minute,
  }
  const flight = flightOf(facts)
  return flight.kind === 'in-flight' ? flight.waitsFor.kind : flight.kind
}

describe('what became of an attempt', () => {
  const whole: Residual = { kind: 'residual', left: ['a'], done: [], paths: [] }
  const part: Residual = { kind: 'residual', left: ['a'], done: ['b'], paths: [] }
  const other: Residual = { kind: 'different', differences: [] }
  const find = (given: Partial<Parameters<typeof finding>[0]>) =>
    finding({ attempt: { outcome: 'unknown', before: state(3) }, state: state(3), rest: whole, mayExist: [], ...given })

  test('is told by the state and by what a fresh plan still wants', () => {
    expect(find({ rest: 'nothing', mayExist: [net] })).toEqual({ what: 'done', mayExist: [] })
    expect(find({})).toEqual({ what: 'never-started', mayExist: [] })
    expect(find({ mayExist: [net] })).toEqual({ what: 'unknown', mayExist: [net] })
    expect(find({ rest: part, mayExist: [net] })).toEqual({ what: 'partial', mayExist: [net] })
    expect(find({ state: state(4) })).toEqual({ what: 'never-started', mayExist: [] })
    expect(find({ rest: other, state: state(4) })).toEqual({ what: 'partial', mayExist: [] })
    expect(find({ rest: undefined })).toEqual({ what: 'unknown', mayExist: [] })
  })

  test('of one that ended by itself, nothing is unknown: Terraform has stored what it made', () => {
    const failed = { outcome: 'failed' } as const
    expect(find({ attempt: failed, state: undefined, mayExist: [net] })).toEqual({
      what: 'never-started',
      mayExist: [],
    })
    expect(find({ attempt: failed, rest: part, mayExist: [net] })).toEqual({ what: 'partial', mayExist: [] })
  })

  test('is said in words, with the objects that may exist', () => {
    expect(foundWords({ what: 'unknown', mayExist: [net] })).toBe(
      'nobody can tell what the interrupted apply did; what it was creating may exist although no state knows it: folder_network.this',
    )
    expect(foundWords({ what: 'done', mayExist: [] })).toBe('the interrupted apply had done all of it')
    expect(foundWords({ what: 'partial', mayExist: Array(12).fill(net) })).toMatch(/ and 2 more$/)
  })
})

describe('a later run writes down what it found', () => {
  const left = carriedOut(applying(), killed)

  test('unknown becomes what was found, and the audit log says by whom', () => {
    const document = carriedOut(left, settling())
    expect(document.attempts).toMatchObject([
      {
        outcome: 'partial',
        after: state(4),
        found: { what: 'partial', by: 'ben, run 9', is: 'residual', mayExist: [net] },
      },
    ])
    expect(attemptWords(document.attempts[0]!, T0)).toMatch(
      /^the last apply, by ann, run 4411, was begun at 10:03 UTC and cut short; the interrupted apply did a part of it; what it was creating/,
    )
    expect(document.outbox.at(-1)).toMatchObject({
      kind: 'attempt-settled',
      outcome: 'partial',
      by: 'ben, run 9',
      mayExist: ['folder_network.this'],
    })
    expect(parseDocument(encodeDocument(document), 'k')).toEqual(document)
    expect(carriedOut(document, settling())).toBe(document)
  })

  test('nothing done is a failure; what nobody can tell stays unknown', () => {
    expect(carriedOut(left, settling({ what: 'never-started' })).attempts).toMatchObject([{ outcome: 'failed' }])
    expect(carriedOut(left, settling({ what: 'unknown' })).attempts).toMatchObject([{ outcome: 'unknown' }])
  })

  test('what Terraform said of its end stands', () => {
    const failed = carriedOut(applying(), {
      kind: 'conclude',
      fence: 1,
      attempt: 'apply-1',
      outcome: 'failed',
      state: state(3),
      reads: [],
      note: 'quota',
    })
    expect(carriedOut(failed, settling()).attempts).toMatchObject([
      { outcome: 'failed', note: 'quota', found: { what: 'partial' } },
    ])
  })

  test('not while somebody works on it, nor of an attempt that runs, is over, or was followed by another', () => {
    expect(settle(applying(), settling({ fence: 1 }), T0)).toMatchObject({ refusal: { kind: 'attempt-running' } })
    expect(refusal(decide(applying(), settling(), T0)).kind).toBe('claimed')
    expect(refusal(decide(carriedOut(left, claiming('4412')), settling(), T0)).kind).toBe('claimed')
    expect(done(decide(carriedOut(left, claiming('4412')), settling({ fence: 2 }), T0)).events).toHaveLength(1)
    expect(refusal(decide(left, settling({ attempt: 'apply-0' }), T0)).kind).toBe('attempt-unknown')
    const advanced = carriedOut(left, storing(planned('idle', { change: 0 })), {
      kind: 'advance',
      plan: 'idle' as PlanId,
      target: 'fp1:aaaa',
      commit: 'c',
      by: 'run 9',
      state: state(3),
      movedReads: [],
      fence: undefined,
    })
    expect(advanced.attempts).toMatchObject([{ outcome: 'done', found: { what: 'done' } }])
    expect(advanced.outbox.at(-2)).toMatchObject({ kind: 'attempt-settled', outcome: 'done' })
    expect(refusal(decide(advanced, settling(), T0)).kind).toBe('attempt-unknown')
  })
})

describe('what is left of an approved plan', () => {
  const left = carriedOut(applying(), killed)

  test('waits for an apply, not for a plan nor for another approval', () => {
    expect(waits(left)).toBe('finish')
    expect(waits(carriedOut(left, storing(rest)))).toBe('finish')
    expect(waits(carriedOut(left, storing(rest), settling()))).toBe('finish')
  })

  test('asks again when a fresh plan was found to be another one', () => {
    const other = carriedOut(left, storing(rest), settling({ is: 'different' }))
    expect(waits(other)).toBe('approval')
    expect(waits(carriedOut(other, approving(rest)))).toBe('apply')
  })

  test('is nothing to another target, nor once it was rejected', () => {
    expect(waits(left, 'fp1:bbbb')).toBe('plan')
    expect(waits(left, 'fp1:bbbb', 'none')).toBe('plan')
    const p1 = planned('p1')
    const no: Command = {
      kind: 'reject',
      fingerprint: p1.fingerprint,
      digest: p1.digest,
      by: { name: 'B', email: 'b' },
      reason: 'r',
    }
    expect(waits(carriedOut(left, no))).toBe('rejected')
  })

  test('what failed and moved nothing is simply applied again', () => {
    const end = {
      kind: 'conclude',
      fence: 1,
      attempt: 'apply-1',
      outcome: 'failed',
      state: state(3),
      reads: [],
    } as const
    expect(waits(carriedOut(applying(), end))).toBe('apply')
  })
})
