import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixturePlan, instance, planned, sample } from '../fixtures/sample.ts'
import { parsePlan } from '../parse.ts'
import { maxCommentCharacters, renderComment } from './comment.ts'
import type { CommentInput, CommentInstance, CommentOutcome, Sentence } from './input.ts'
import { problems } from './markdown.testkit.ts'
import { commentState } from './state.ts'

const hostile = [
  '`',
  '```',
  '~~~',
  '|',
  '\\',
  '\\|',
  '<details>',
  '</details>',
  '<!--',
  '-->',
  '<!-- airlock:1 {"digests":[]} -->',
  '</summary>',
  '@everyone',
  '@acme/network',
  '#1',
  'GH-1',
  'https://evil.test/x',
  '](https://evil.test)',
  '\n',
  '\r',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\ud800',
  '😀',
  '漢字',
  'ﷺ',
  '$x$',
  ':tada:',
  '**',
  '_',
  '#',
  '- ',
  '> ',
  ' ',
  'a',
]
const text = fc.array(fc.constantFrom(...hostile), { maxLength: 12 }).map((parts) => parts.join(''))
const long = fc.tuple(text, fc.integer({ min: 1, max: 400 })).map(([it, times]) => it.repeat(times).slice(0, 5000))
const sentence: fc.Arbitrary<Sentence> = fc.array(
  fc.oneof(
    text,
    text.map((it) => ({ code: it })),
    text.map((it) => ({ bold: it })),
    text.map((it) => ({ link: `https://x.test/${it}`, text: it })),
    text.map((it) => ({ owner: `x${it}` })),
  ),
  { maxLength: 6 },
)
const name = fc.record({ component: text, stack: text })
const outcome: fc.Arbitrary<CommentOutcome> = fc.oneof(
  fc.tuple(long, long, text).map(([before, after, address]) => planned(update({ a: before }, { a: after }, address))),
  fc.record({ kind: fc.constant('failed' as const), step: fc.constantFrom('init', 'plan'), output: long }),
  fc.record({ kind: fc.constant('refused' as const), message: long, fix: text }),
  fc.record({ kind: fc.constant('absent' as const), why: text }),
  fc.record({ kind: fc.constant('deferred' as const), waitsFor: fc.array(name, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('may' as const),
    reads: fc.array(
      fc.tuple(name, text).map(([it, output]) => ({ ...it, output })),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('unplanned' as const),
    change: fc.constantFrom('create' as const, 'update' as const, 'destroy' as const, 'may' as const),
  }),
)
const anyInstance: fc.Arbitrary<CommentInstance> = fc
  .record({
    component: text,
    stack: text,
    environment: text,
    removed: fc.boolean(),
    outcome,
    reasons: fc.array(
      text.map((it) => ({ text: it, at: { file: it, line: 1, column: 1 } })),
      { maxLength: 3 },
    ),
    progress: fc.option(
      fc.record({ state: fc.constantFrom('applied' as const, 'failed' as const, 'waits' as const), words: sentence }),
      { nil: undefined },
    ),
  })
  .map(({ progress, ...it }) => ({ ...it, ...(progress && { progress }) }))

test('whatever names, values, sentences and limits there are, the comment is whole, short enough, and read back', () => {
  fc.assert(
    fc.property(
      fc.array(anyInstance, { maxLength: 12 }),
      fc.array(sentence, { maxLength: 30 }),
      fc.integer({ min: 6000, max: maxCommentCharacters }),
      text,
      (instances, sentences, limit, why) => {
        const input: CommentInput = {
          ...sample(),
          instances,
          absent: Array.from({ length: 20 }, () => ({ why, instances: [{ component: why, stack: why }] })),
          unplanned: { why: 'fork', head: why },
          beforeMerge: sentences,
          blockedBy: sentences,
        }
        const comment = renderComment(input, limit)
        expect(comment.length).toBeLessThanOrEqual(limit)
        expect(problems(comment)).toEqual([])
        expect(commentState(comment)?.version).toBe(1)
      },
    ),
    { numRuns: 60 },
  )
})

test('characters that take two units each are counted as GitHub counts them', () => {
  const wide = planned(
    update({}, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, '😀'.repeat(299)]))),
  )
  const instances = Array.from({ length: 40 }, (_, i) => instance(`c${i}`, 'plat-ue2-dev', wide))
  const comment = renderComment({ ...sample(), instances })
  expect(comment.length).toBeLessThanOrEqual(maxCommentCharacters)
  expect(comment.length).toBeGreaterThan(maxCommentCharacters * 0.8)
  expect(comment).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
})

test.each([1, 12, 100, 300, 1000, 5000])('%i instances make a whole comment', (count) => {
  const outcome = planned(fixturePlan('change'))
  const instances = Array.from({ length: count }, (_, i) => ({
    ...instance(`component-${i % 300}`, `plat-ue${i % 11}-dev${i % 7}`, {
      ...outcome,
      digest: `pd1:${i.toString(16).padStart(16, '0')}`,
    }),
  }))
  const comment = renderComment({ ...sample(), instances })
  expect(comment.length).toBeLessThanOrEqual(maxCommentCharacters)
  expect(problems(comment)).toEqual([])
  const state = commentState(comment)!
  expect(state.of ?? state.digests.length).toBe(count)
  expect(comment).toMatch(new RegExp(`^### Airlock: ${count} planned: ${2 * count} add, `))
})

test('a comment of somebody else, or of another version, has no state', () => {
  expect(commentState('<!-- airlock:1 {"digests":["a"]} -->\nand more')).toBeUndefined()
  expect(commentState('<!-- airlock:2 {"digests":["a"]} -->')).toBeUndefined()
  expect(commentState('<!-- airlock:1 {"digests":"a"} -->')).toBeUndefined()
  expect(commentState('<!-- airlock:1 {broken} -->')).toBeUndefined()
  expect(commentState('x\n\n<!-- airlock:1 {"digests":["a"]} -->\r\n')).toEqual({ version: 1, digests: ['a'] })
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
