import { describe, expect, test } from 'vitest'
import { parseValue } from '../stacks/yaml/manifest.ts'
import { type Facts, forgives, holds, parseCondition } from './condition.ts'

const at = { file: 'wf.yaml', line: 1, column: 1 }
const facts: Facts = {
  ci: false,
  status: 'success',
  stack: 'dev',
  workflow: 'w',
  step: 's',
  env: { FLAG: '1' },
  matrix: {},
}
const condition = (yaml: string) => parseCondition(parseValue(yaml, 'wf.yaml')!)
const holdsIn = (yaml: string, more: Partial<Facts> = {}) => holds(condition(yaml), { ...facts, ...more })

test.each([
  ['always', true, true],
  ['never', false, false],
  ['success', true, false],
  ['failure', false, true],
  ['local', true, false],
  ['[always, local]', true, true],
  ['{any: [failure, {not: ci}]}', true, true],
  ['{not: success}', false, true],
  ['"status == \'failure\'"', false, true],
  ['"stack == \'dev\'"', true, false],
])('%s holds after success: %s, after failure: %s', (yaml, success, failure) => {
  expect([holdsIn(yaml), holdsIn(yaml, { status: 'failure' })]).toEqual([success, failure])
})

test('without a condition a step runs while all went well, and no failure is forgiven', () => {
  expect([holds(undefined, facts), holds(undefined, { ...facts, status: 'failure' })]).toEqual([true, false])
  expect([forgives(undefined, facts), forgives(condition('always'), facts)]).toEqual([false, true])
})

describe('expressions', () => {
  test.each([
    ['env.FLAG == "1" && workflow == "w"', true],
    ['env["FLAG"] == "1" ? step == "s" : false', true],
    ['"NONE" in env', false],
    ['stack in ["qa", "dev"]', true],
    ['!(ci || stack != "dev")', true],
    ['1 + 1', undefined],
    ['2 <= 10 && "a" < "b"', true],
    ['size(stack) > 0', undefined],
    ['env.NONE == "1"', undefined],
    ['nobody == "1"', undefined],
    ['stack', undefined],
    ['stack == "a', undefined],
  ])('%s', (text, expected) => {
    const value = () => holds(parseCondition({ kind: 'scalar', value: `!cel ${text}`, at }), facts)
    if (expected === undefined) expect(value).toThrow(expect.objectContaining({ code: 'condition-invalid', at }))
    else expect(value()).toBe(expected)
  })

  test('a part that does not count is not looked at', () => {
    expect(holdsIn('"\\"NONE\\" in env && env.NONE == \\"1\\""')).toBe(false)
  })
})
