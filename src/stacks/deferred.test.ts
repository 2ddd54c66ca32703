import { expect, test } from 'vitest'
import { mergeDeferred } from './deferred.ts'
import { type MapValue, plain } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

const merged = (...texts: string[]): unknown => {
  const { value, deferred } = mergeDeferred(
    texts.map((text) => parseManifest(text, 'a.yaml') as MapValue),
    'replace',
  )
  return { value: plain(value!), deferred: deferred.map(({ path, values }) => [path.join('.'), values.length]) }
}

test('the text of the last layer stands until functions run, and all layers at the path are remembered', () => {
  expect(merged('a: !template "{}"', 'a: {b: 1}')).toEqual({ value: { a: { b: 1 } }, deferred: [['a', 2]] })
  expect(merged('a: {b: 1}', 'a: !template "{}"')).toEqual({ value: { a: '!template {}' }, deferred: [['a', 2]] })
})

test('null does not override a function', () => {
  expect(merged('a: !env X', 'a: null')).toEqual({ value: { a: '!env X' }, deferred: [['a', 1]] })
})

test('a scalar in place of a map that holds a function is an error with its place', () => {
  expect(() => merged('a:\n  b: !env X', 'a: 1')).toThrow(
    expect.objectContaining({ code: 'function-replaced', at: { file: 'a.yaml', line: 1, column: 4 } }),
  )
})
