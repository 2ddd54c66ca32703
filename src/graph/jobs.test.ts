import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packed, type Work } from './jobs.ts'

const of = (component: string, count: number, durationMs?: number): Work[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${component}@s${String(index).padStart(3, '0')}`,
    component,
    ...(durationMs !== undefined && { durationMs }),
  }))

const names = (work: readonly Work[], maxJobs: number, perJob: number) =>
  packed(work, { maxJobs, perJob }).map(({ name, ids }) => `${name}: ${ids.length}`)

test('a job is a component, whatever its instances depend on', () => {
  expect(names([...of('vpc', 3), ...of('cluster', 2)], 256, 20)).toEqual(['cluster: 2', 'vpc: 3'])
})

test('a component with more than a job should have is split evenly', () => {
  expect(names([...of('vpc', 41), ...of('app', 1)], 256, 20)).toEqual([
    'app: 1',
    'vpc (1/3): 14',
    'vpc (2/3): 14',
    'vpc (3/3): 13',
  ])
})

test('what took long the last time gets more jobs than what did not', () => {
  expect(names([...of('eks', 4, 300_000), ...of('tags', 16, 1_000)], 256, 8)).toEqual([
    'eks (1/3): 2',
    'eks (2/3): 1',
    'eks (3/3): 1',
    'tags: 16',
  ])
})

test('where jobs run out, those that have most to do are split first', () => {
  expect(names([...of('big', 60), ...of('mid', 40), ...of('small', 1)], 4, 20)).toEqual([
    'big (1/2): 30',
    'big (2/2): 30',
    'mid: 40',
    'small: 1',
  ])
})

test('more components than jobs share them', () => {
  const many = Array.from({ length: 10 }, (_, index) => of(`c${index}`, index === 0 ? 5 : 1)).flat()
  expect(names(many, 4, 20)).toEqual(['c0: 5', 'c1 and 2 more: 3', 'c2 and 2 more: 3', 'c3 and 2 more: 3'])
})

test('nothing to do is no job', () => {
  expect(packed([], { maxJobs: 256, perJob: 20 })).toEqual([])
})

test('every instance is in one job, jobs are never too many nor empty, and the order of the work is no matter', () => {
  const works = fc
    .uniqueArray(
      fc.record({
        component: fc.constantFrom(...'abcdefghij'),
        stack: fc.integer({ min: 0, max: 60 }),
        durationMs: fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: undefined }),
      }),
      { selector: ({ component, stack }) => `${component}@${stack}`, maxLength: 200 },
    )
    .map((all) =>
      all.map(({ component, stack, durationMs }): Work => {
        return { id: `${component}@${stack}`, component, ...(durationMs !== undefined && { durationMs }) }
      }),
    )
  fc.assert(
    fc.property(works, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (work, maxJobs, perJob) => {
      const jobs = packed(work, { maxJobs, perJob })
      expect(jobs.flatMap(({ ids }) => ids).sort()).toEqual(work.map(({ id }) => id).sort())
      expect(jobs.length).toBeLessThanOrEqual(maxJobs)
      expect(jobs.every(({ ids }) => ids.length > 0)).toBe(true)
      expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length)
      expect(packed([...work].reverse(), { maxJobs, perJob })).toEqual(jobs)
    }),
  )
})
