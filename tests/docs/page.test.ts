import { expect, test } from 'vitest'
import { agrees, examples, needsTerraform, rewritten } from './page.ts'

const page =
  'Look:\n\n```console\n$ airlock status\nIn flight: 2   4c1d2e9, just now\n$ echo $?\n3\n```\n\n```json\n{}\n```\n'

test('commands of console blocks are found, with what they print', () => {
  expect(examples(page)).toEqual([
    { line: 'airlock status', expected: ['In flight: 2   4c1d2e9, just now'] },
    { line: 'echo $?', expected: ['3'] },
  ])
  expect(needsTerraform(page)).toBe(false)
  expect(needsTerraform('```console terraform\n$ airlock plan\n```\n')).toBe(true)
})

test('commits, digests, times and columns may differ, words and numbers may not', () => {
  const expected = ['In flight: 2   4c1d2e9, digest 7c0e 51d2, 12 min ago, 10:04 UTC']
  expect(agrees(expected, 'In flight: 2 a91f03b, digest 90b1 aa3e, just now, 23 Nov 09:58 UTC\n')).toBe(true)
  expect(agrees(expected, 'In flight: 3 a91f03b, digest 90b1 aa3e, just now, 09:58 UTC\n')).toBe(false)
  expect(agrees(['one'], 'one\ntwo\n')).toBe(false)
  expect(agrees([], '')).toBe(true)
})

test('a line of three dots stands for any lines', () => {
  expect(agrees(['one', '…', 'four'], 'one\ntwo\nthree\nfour\n')).toBe(true)
  expect(agrees(['one', '…', 'four'], 'one\ntwo\n')).toBe(false)
})

test('rewriting puts in what was printed, and leaves what agrees', () => {
  expect(rewritten(page, ['In flight: 2 a91f03b, 1 min ago\n', '0\n'])).toBe(page.replace('\n3\n', '\n0\n'))
})
