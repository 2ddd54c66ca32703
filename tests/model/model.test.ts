import { describe, expect, test } from 'vitest'
import { explore } from './explore.ts'
import { scopeLine } from './report.ts'
import { theRules } from './rules.ts'
import { everywhere, scopes } from './scopes.ts'
import { walk } from './walk.ts'

describe('the rules hold in every world that can be reached', { timeout: 600_000 }, () => {
  test.each(scopes('test').map((it) => [it.name, it] as const))('%s', (name, { first, bound }) => {
    const found = explore(theRules, first, bound)
    console.log(scopeLine(name, found))
    expect(found.broken).toBeUndefined()
    expect(found.states).toBeGreaterThan(1000)
  })

  test('on long ways that are walked at random', () => {
    const seed = 11
    const found = walk(theRules, everywhere(0).first, { seed, walks: 150, length: 60 })
    console.log(`seed ${seed}: ${found.steps} steps through ${found.worlds} worlds`)
    expect(found.broken).toBeUndefined()
    expect(found.worlds).toBeGreaterThan(4000)
  })
})
