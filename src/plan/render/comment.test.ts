import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planted } from '../fixtures/read.ts'
import { fixturePlan, instance, planned, sample } from '../fixtures/sample.ts'
import { parsePlan } from '../parse.ts'
import { commentMarker, headlineText, maxCommentBytes, renderComment } from './comment.ts'
import type { CommentInput, CommentInstance } from './input.ts'

const bytes = (text: string) => new TextEncoder().encode(text).length

/** What GitHub would trip over: tables whose rows differ, fences and details that do not close, mentions, foreign HTML. */
function problems(markdown: string): string[] {
  const found: string[] = []
  const outside: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,})[^`]*$/.exec(line)?.[1]
    if (fence === undefined && mark) fence = mark
    else if (fence !== undefined && line === fence) fence = undefined
    else if (fence === undefined) outside.push(line)
  }
  if (fence !== undefined) found.push('a fence does not close')
  let columns = 0
  for (const line of outside) {
    const bars = line.replaceAll('\\|', '').split('|').length - 1
    if (!line.startsWith('|')) columns = 0
    else if (columns === 0) columns = bars
    else if (bars !== columns) found.push(`a row has ${bars} bars, not ${columns}: ${line}`)
  }
  const text = withoutCode(outside.join('\n')).replace(/\]\(<https:[^<>\s`]*>\)/g, '')
  const depth = [...text.matchAll(/<(\/?)details>/g)].reduce((sum, [, slash]) => sum + (slash ? -1 : 1), 0)
  if (depth !== 0) found.push('details do not close')
  for (const [tag] of text.matchAll(/<[^>\n]*>/g))
    if (!/^<(\/?(details|summary|b|sub)|!-- airlock --)>$/.test(tag)) found.push(`foreign HTML: ${tag}`)
  for (const [mention] of text.matchAll(/@[\w-]+/g)) if (mention !== '@acme') found.push(`a mention: ${mention}`)
  if (text.replaceAll(commentMarker, '').includes('-->')) found.push('an end of comment')
  return found
}

/** Markdown without code spans and escaped characters. */
function withoutCode(markdown: string): string {
  let text = ''
  for (let at = 0; at < markdown.length; at += 1) {
    const run = /^`+/.exec(markdown.slice(at, at + 40))?.[0]
    if (markdown[at] === '\\') {
      text += ' '
      at += 1
    } else if (run === undefined) text += markdown[at]
    else {
      let end = at + run.length
      while (
        end < markdown.length &&
        !(markdown.startsWith(run, end) && markdown[end - 1] !== '`' && markdown[end + run.length] !== '`')
      )
        end += 1
      if (end >= markdown.length) return `${text} <a code span does not close>`
      at = end + run.length - 1
    }
  }
  return text
}

test('the comment answers first, then gives reasons, then the next step', () => {
  const comment = renderComment(sample())
  expect(comment).toMatchFileSnapshot('./comment.golden')
  expect(problems(comment)).toEqual([])
})

test('the headline fits a phone in the usual case', () => {
  const only = (it: CommentInstance) => headlineText({ instances: [it] })
  const create = planned(fixturePlan('create'))
  expect(only(instance('app', 'plat-ue2-dev', create))).toBe('1 planned, 5 to add')
  const nothing = { ...create, plan: { ...create.plan, changes: [], outputs: [] } }
  expect(only(instance('app', 'plat-ue2-dev', nothing))).toBe('1 planned, no change')
  expect(headlineText({ instances: [] })).toBe('nothing to plan')
})

test('what is equal in several environments is said once', () => {
  const comment = renderComment(sample())
  expect(comment).toContain('same as prod · ue2')
  expect(comment.match(/<summary>⚠ <b>vpc<\/b>/g)).toHaveLength(1)
  expect(comment).toContain('<b>vpc</b> in plat-ue2-prod, plat-ue1-prod:')
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
  expect(bytes(comment)).toBeLessThanOrEqual(maxCommentBytes)
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
  expect(bytes(comment)).toBeLessThanOrEqual(maxCommentBytes)
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
        expect(bytes(comment)).toBeLessThanOrEqual(limit)
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
