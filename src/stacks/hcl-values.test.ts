import { expect, test } from 'vitest'
import { hclValues } from './hcl-values.ts'

test('literal values of every kind are read, numbers as integers', () => {
  const text = 'a = 1\nf = 1.9\nn = -2\ns = "x"\nl = [1, "b",\n  true]\nm = { k = null, "q r" : [] }\n'
  expect(hclValues(text)).toEqual({
    values: { a: 1, f: 1, n: -2, s: 'x', l: [1, 'b', true], m: { k: null, 'q r': [] } },
  })
})

test('a reference, a call or a template is no literal value, and has a place', () => {
  for (const value of ['var.x', 'upper("a")', '"${var.x}"', '[var.x]', '1 + 1'])
    expect(hclValues(`ok = 1\nbad = ${value}\n`)).toEqual({
      problem: expect.objectContaining({ message: 'bad is no literal value', line: 2 }) as unknown,
    })
})

test('what is no HCL is a problem', () => {
  expect(hclValues('a = {\n')).toHaveProperty('problem')
})
