import { expect, test } from 'vitest'
import type { Judged } from '../flows/gate.ts'
import type { CommitId } from '../git/repo.ts'
import { gateJson, gateText } from './gate.ts'
import { paint } from './style.ts'

const options = { look: paint(false), width: 80 }
const nowMs = Date.UTC(2026, 10, 24, 10)
const change = (number: number, state: 'pass' | 'blocked', branch = `b${number}`): Judged => ({
  number,
  title: 'Change',
  branch,
  head: 'a'.repeat(40),
  base: { name: 'main', tip: '4c1d2e9'.padEnd(40, '0') as CommitId },
  verdict: {
    state,
    reasons: state === 'pass' ? [] : [{ kind: 'not-planned', id: 'vpc@prod', why: 'never' }],
    changed: 1,
  },
  before: undefined,
  from: 'resolution',
})

test('one is told in full: what keeps it, what frees it, and the exit code', () => {
  expect(gateText({ judged: [change(42, 'blocked')], nowMs }, options)).toBe(
    `#42 (b42) cannot be merged now into main@4c1d2e9

  ✗ vpc in prod has no sealed plan
      on this branch: airlock plan vpc -s prod

(exit 3: something keeps it from being merged)`,
  )
})

test('several are told in a line each', () => {
  expect(gateText({ judged: [change(41, 'pass'), change(42, 'blocked')], nowMs }, options)).toBe(
    `2 pull requests are open, 1 cannot be merged now

  #41   b41   1 planned, nothing in the way
  #42   b42   blocked: vpc in prod is not planned for the merge

The whole of one: airlock gate b42
(exit 3: something keeps it from being merged)`,
  )
  expect(gateText({ judged: [], nowMs }, options)).toBe('No pull request is open.')
})

test('programs get the reasons as data, and the words', () => {
  expect(gateJson({ judged: [change(42, 'blocked')], nowMs })).toMatchObject({
    judged: [
      {
        number: 42,
        state: 'blocked',
        reasons: [{ kind: 'not-planned', id: 'vpc@prod' }],
        words: [{ message: 'vpc in prod has no sealed plan', blocks: true }],
      },
    ],
  })
})
