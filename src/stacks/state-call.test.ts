import { expect, test } from 'vitest'
import type { Instance, LateCall } from './instance.ts'
import { stateCall } from './state-call.ts'

const asking = { stack: 'dev' } as Instance
const ask = (args: string) =>
  stateCall(
    {
      name: 'terraform.state',
      args,
      path: ['vars', 'x'],
      at: { file: 'a.yaml', line: 1, column: 2 },
    } satisfies LateCall,
    asking,
  )

test('two words are a component of the same stack and an output', () => {
  expect(ask('vpc id')).toMatchObject({ target: 'vpc@dev', expression: '.id' })
  expect(ask('vpc .subnets[0] // "x y"')).toMatchObject({ target: 'vpc@dev', expression: '.subnets[0] // "x y"' })
})

test('a second word that is no expression is a stack', () => {
  expect(ask('vpc prod id')).toMatchObject({ target: 'vpc@prod', expression: '.id' })
  expect(ask('vpc prod .id // null')).toMatchObject({ target: 'vpc@prod', expression: '.id // null' })
})

test('quotes around the whole expression go', () => {
  expect(ask(`vpc ".id // ""a"""`)).toMatchObject({ target: 'vpc@dev', expression: '.id // "a"' })
})

test('a missing output and surplus words are errors with a place', () => {
  expect(() => ask('vpc')).toThrow('needs a component and an output')
  expect(() => ask('vpc prod id more')).toThrow('too many words')
})
