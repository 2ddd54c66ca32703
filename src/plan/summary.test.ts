import { expect, test } from 'vitest'
import { fixtureText } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import { addCounts, changesAnything, countsText, isDangerous, planCounts, summaryText } from './summary.ts'

const create = parsePlan(fixtureText('create/plan.json.golden'))
const change = parsePlan(fixtureText('change/plan.json.golden'))

test('a plan is summed up with what is dangerous first', () => {
  expect(summaryText(create)).toBe('5 to add')
  expect(summaryText(change)).toBe(
    '1 to destroy, 1 to replace, 2 to change, 2 to add, 1 to import, 1 to move, 1 to forget ⚠',
  )
  expect([isDangerous(create), isDangerous(change)]).toEqual([false, true])
})

test('a plan that only moves outputs says so, and one without any change too', () => {
  const outputs = { ...change, changes: [] }
  expect(summaryText(outputs)).toBe('outputs only')
  expect(changesAnything(planCounts(outputs))).toBe(true)
  const nothing = { ...outputs, outputs: [] }
  expect(summaryText(nothing)).toBe('no change')
  expect(changesAnything(planCounts(nothing))).toBe(false)
})

test('several plans add up', () => {
  expect(countsText(addCounts([planCounts(create), planCounts(create)]))).toBe('10 to add')
})
