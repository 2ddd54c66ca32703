import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KINDS } from './kinds.ts'
import { addPassing, broken, conformanceFolder, isAskedFor, kindsThere, knownPassing, runKind, summary } from './run.ts'

/**
 * What Atmos 1.227 answered, asked of us. By default the cases of `passing.txt` must pass, and new ones that do are
 * named; with AIRLOCK_CONFORMANCE set, all cases of that folder must.
 */
describe.skipIf(!isAskedFor && !existsSync(conformanceFolder))('recorded answers of Atmos', () => {
  const there = kindsThere()
  for (const { name } of KINDS)
    test.skipIf(!there.includes(name))(name, { timeout: 300_000 }, async () => {
      const result = await runKind(name)
      console.log(summary(result))
      if (isAskedFor) {
        const failed = result.outcomes.filter(({ pass }) => !pass)
        expect(failed.map(({ id, message }) => `${id}: ${message}`)).toEqual([])
        return
      }
      expect(broken(result).map(({ id, message }) => `${id}: ${message}`)).toEqual([])
      const known = knownPassing()
      const fresh = result.outcomes.filter(({ id, pass }) => pass && !known.has(id))
      if (fresh.length === 0) return
      if (process.env.AIRLOCK_CONFORMANCE_ADD) console.log(`${addPassing(result.outcomes)} added`)
      else console.log(`${fresh.length} more pass; add them: npx tsx tests/conformance/run.ts --add ${name}`)
    })
})
