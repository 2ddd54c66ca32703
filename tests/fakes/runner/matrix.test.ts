import { expect, it } from 'vitest'
import { matrixRows, rowName } from './matrix.ts'

it('makes a job of each combination, without those excluded', () => {
  expect(matrixRows({ os: ['a', 'b'], n: [1, 2], exclude: [{ os: 'a', n: 1 }] })).toEqual([
    { os: 'a', n: 2 },
    { os: 'b', n: 1 },
    { os: 'b', n: 2 },
  ])
})

it('includes into combinations that it leaves as they were, and else as a job of its own', () => {
  // The example of GitHub's documentation.
  const rows = matrixRows({
    fruit: ['apple', 'pear'],
    animal: ['cat', 'dog'],
    include: [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ],
  })
  expect(rows).toEqual([
    { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
    { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
    { fruit: 'pear', animal: 'cat', color: 'pink' },
    { fruit: 'pear', animal: 'dog', color: 'green' },
    { fruit: 'banana' },
    { fruit: 'banana', animal: 'cat' },
  ])
})

it('makes a job of each row where there is nothing but rows to include', () => {
  expect(
    matrixRows({
      include: [
        { job: 0, name: 'vpc' },
        { job: 1, name: 'cluster (1/2)' },
      ],
    }),
  ).toHaveLength(2)
})

it('refuses a matrix without a row, and one of more than 256', () => {
  expect(() => matrixRows({ include: [] })).toThrow('Matrix must define at least one vector')
  expect(() => matrixRows({ a: [] })).toThrow("Matrix vector 'a' does not contain any values")
  const many = Array.from({ length: 257 }, (_, job) => ({ job }))
  expect(matrixRows({ include: many.slice(1) })).toHaveLength(256)
  expect(() => matrixRows({ include: many })).toThrow('more than 256 jobs: 257')
})

it('names a job of a matrix by the values of its row', () => {
  expect(rowName({ os: 'linux', version: 20, more: { a: true } })).toBe('linux, 20, true')
})
