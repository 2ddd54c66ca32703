import { expect, test } from 'vitest'
import { envTexts } from './env-texts.ts'
import { parseManifest } from './yaml/manifest.ts'

test('values of the environment are texts as Go prints them', () => {
  const env = parseManifest(
    'a: null\nb: true\nc: a b\nd: 12345678\ne: 1.5\nf: 1234567.89\ng: 1e6\nh: 2.0\ni: [1, a, [], null]\nj: {b: 1, a: null}\nk: 18446744073709551615\n',
    'stacks/dev.yaml',
  )
  expect(envTexts(env)).toEqual({
    a: null,
    b: 'true',
    c: 'a b',
    d: '12345678',
    e: '1.5',
    f: '1.23456789e+06',
    g: '1e+06',
    h: '2',
    i: '[1 a [] <nil>]',
    j: 'map[a:<nil> b:1]',
    k: '18446744073709551615',
  })
  expect(envTexts(undefined)).toEqual({})
})
