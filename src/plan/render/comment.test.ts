import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planted } from '../fixtures/read.ts'
import { fixturePlan, instance, planned, sample } from '../fixtures/sample.ts'
import { parsePlan } from '../parse.ts'
import { maxCommentCharacters, renderComment } from './comment.ts'
import { headlineText } from './headline.ts'
import type { CommentInput, CommentInstance } from './input.ts'
import { problems } from './markdown.testkit.ts'

test('the comment answers first, then gives reasons, then the next step', async () => {
  const comment = renderComment(sample())
  await expect(comment).toMatchFileSnapshot('./comment.golden')
  expect(problems(comment)).toEqual([])
})

test('the headline fits a phone in the usual case', () => {
  const only = (it: CommentInstance) => headlineText({ instances: [it] })
  const create = planned(fixturePlan('create'))
  expect(only(instance('app', 'plat-ue2-dev', create))).toBe('1 planned: 5 add')
  const nothing = { ...create, plan: { ...create.plan, changes: [], outputs: [] } }
  expect(only(instance('app', 'plat-ue2-dev', nothing))).toBe('1 planned: no change')
  expect(headlineText({ instances: [] })).toBe('nothing to plan')
})

test('what is equal in several environments is said once', () => {
  const comment = renderComment(sample())
  expect(comment).toContain('same as prod · ue1')
  expect(comment.match(/<summary>⚠ <b>vpc<\/b>/g)).toHaveLength(1)
  expect(comment).toContain('<b>vpc</b> in plat-ue1-prod, plat-ue2-prod:')
})

test('no planted secret reaches the comment', () => {
  for (const secret of planted) expect(renderComment(sample())).not.toContain(secret)
})

test('a text of several lines is shown as a diff, and JSON by what it says', () => {
  const text = (last: string) => ['#!/bin/sh', 'set -e', 'a=1', 'b=2', 'c=3', `echo ${last}`].join('\n')
  const plan = update(
    { user_data: text('one'), policy: '{"Statement":[{"Action":"a","Effect":"Allow"}]}' },
    {
      user_data: text('```two'),
      policy: '{"Statement":[{"Action":"b","Effect":"Allow"}]}',
    },
  )
  const comment = renderComment({ ...sample(), instances: [instance('app', 'plat-ue2-dev', planned(plan))] })
  expect(comment).toContain('| `policy ▸ Statement[0].Action` | `a` | `b` |')
  expect(comment).toContain('````diff\n…\n b=2\n c=3\n-echo one\n+echo ```two\n````')
  expect(problems(comment)).toEqual([])
})

test('a text that looks like another value keeps its quotes', () => {
  const comment = renderComment({
    ...sample(),
    instances: [instance('app', 'plat-ue2-dev', planned(update({ a: 'true', b: 5 }, { a: true, b: '5' })))],
  })
  expect(comment).toContain('| `a` | `"true"` | `true` |')
  expect(comment).toContain('| `b` | `5` | `"5"` |')
})

test('drift met while planning, failed checks and deferred changes are told', () => {
  const base = planned(fixturePlan('change'))
  const [adopted] = base.plan.changes
  const outcome = {
    ...base,
    plan: {
      ...base.plan,
      changes: [],
      complete: false,
      drift: [adopted!],
      deferred: [{ reason: 'provider_config_unknown', change: adopted! }],
      checks: [{ address: 'check.health', status: 'fail' as const, problems: ['it is down'] }],
    },
  }
  const comment = renderComment({ ...sample(), instances: [instance('app', 'plat-ue2-dev', outcome)] })
  expect(comment).toContain('`terraform_data.adopted` was changed outside of Terraform.')
  expect(comment).toContain('⚠ `check.health` fails: it is down')
  expect(comment).toContain('Deferred (provider config unknown): `terraform_data.adopted`')
  expect(comment).toContain('This plan is not the whole')
})

test('a comment that would be too long is told shorter, says so, and stays whole', () => {
  const big = Object.fromEntries(Array.from({ length: 140 }, (_, i) => [`attribute_${i}`, 'x|`'.repeat(90)]))
  const outcome = planned(update({}, big))
  const instances = Array.from({ length: 30 }, (_, i) => instance(`component-${i}`, 'plat-ue2-dev', outcome))
  const comment = renderComment({ ...sample(), instances: [...instances, ...sample().instances] })
  expect(comment.length).toBeLessThanOrEqual(maxCommentCharacters)
  expect(comment).toMatch(
    /\*\*This comment would be too long\*\*: \d+ parts are told shorter\. The whole plans: `airlock show`\./,
  )
  expect(comment).toContain('<b>bastion</b>')
  expect(comment).toContain('will be **destroyed** (its key')
  expect(problems(comment)).toEqual([])
})

test('thousands of instances still make a whole comment', () => {
  const outcome = planned(fixturePlan('change'))
  const instances = Array.from({ length: 600 }, (_, i) => ({
    ...instance(`component-${i}-${'n'.repeat(200)}`, `plat-ue2-dev${i % 12}`, outcome),
    reasons: [],
  }))
  const comment = renderComment({ ...sample(), instances })
  expect(comment.length).toBeLessThanOrEqual(maxCommentCharacters)
  expect(comment).toMatch(/\d+ are left out/)
  expect(problems(comment)).toEqual([])
})

test('whatever names, values and limits there are, the comment is whole and short enough', () => {
  const text = fc.string({
    unit: fc.constantFrom(
      ...'ab1 `|\\*_<>&@#[]()~!-\n"',
      '-->',
      '</details>',
      '```',
      '@evil',
      '<b>',
      '😀',
      '\u202e',
      '\ud800',
    ),
    maxLength: 25,
  })
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(text, { maxLength: 3 }),
    fc.dictionary(text, text, { maxKeys: 3 }),
  )
  const object = fc.dictionary(text, value, { maxKeys: 5 })
  fc.assert(
    fc.property(
      fc.array(fc.record({ component: text, stack: text, before: object, after: object, reason: text }), {
        maxLength: 6,
      }),
      text,
      fc.integer({ min: 6000, max: 20_000 }),
      (all, address, limit) => {
        const input: CommentInput = {
          ...sample(),
          instances: all.map((it) => ({
            ...instance('a', 'a-b-c', planned(update(it.before, it.after, address))),
            component: it.component,
            stack: it.stack,
            environment: it.stack,
            reasons: [{ text: it.reason, at: { file: it.reason, line: 1, column: 1 } }],
          })),
          beforeMerge: [
            [
              address,
              { code: address },
              { link: `https://x.test/${address}`, text: address },
              { owner: `x${address}` },
            ],
          ],
        }
        const comment = renderComment(input, limit)
        expect(problems(comment)).toEqual([])
        expect(comment.length).toBeLessThanOrEqual(limit)
      },
    ),
    { numRuns: 40 },
  )
})

function update(before: object, after: object, address = 'aws_instance.this') {
  return parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      {
        address,
        mode: 'managed',
        type: 'aws_instance',
        name: 'this',
        provider_name: 'aws',
        change: { actions: ['update'], before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
      },
    ],
  })
}
