import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { schedule } from './schedule.ts'

test('a task starts only after all that it comes after is done, and no more run than are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (edges, parallel) => {
        const nodes = edges.map((_, index) => `n${index}`)
        const after = (node: string) =>
          edges[Number(node.slice(1))]!.filter((it) => it < Number(node.slice(1))).map((it) => `n${it}`)
        const done = new Set<string>()
        let running = 0
        await schedule(nodes, after, parallel, async (node) => {
          running += 1
          expect(running).toBeLessThanOrEqual(parallel)
          for (const it of after(node)) expect(done).toContain(it)
          await Promise.resolve()
          done.add(node)
          running -= 1
        })
        expect(done.size).toBe(nodes.length)
      },
    ),
    { numRuns: 60 },
  )
})

test('a failing task stops what has not started and is reported after the running ones ended', async () => {
  const ended: string[] = []
  const run = schedule(
    ['a', 'b', 'c'],
    (node) => (node === 'c' ? ['a'] : []),
    2,
    async (node) => {
      if (node === 'a') throw new Error('no')
      await setTimeout(5)
      ended.push(node)
    },
  )
  await expect(run).rejects.toThrow('no')
  expect(ended).toEqual(['b'])
})
