import { describe, expect, test } from 'vitest'
import { bugs } from './bugs.ts'
import { explore } from './explore.ts'
import { bugLine } from './report.ts'
import { start } from './scopes.ts'

/** All invariants that the model is about. */
const invariants = [1, 2, 3, 4, 5, 7, 9, 10, 11]

describe('a planted bug is found', { timeout: 600_000 }, () => {
  test.each(bugs.map((it) => [it.what, it] as const))('%s', (_, bug) => {
    const found = explore(bug.rules, start(bug.offers, bug.left ?? {}, bug.runs), { depth: 99, states: 200_000 })
    console.log(bugLine(bug, found))
    expect(found.broken?.what).toMatch(new RegExp(`^(${bug.breaks.join('|')}): `))
    expect(found.broken?.trace.length).toBeGreaterThan(3)
  })

  test('for every invariant there is one', () => {
    expect([...new Set(bugs.flatMap(({ breaks }) => breaks))].sort((a, b) => a - b)).toEqual(invariants)
  })
})
