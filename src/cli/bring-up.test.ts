import { expect, test } from 'vitest'
import type { Waiting } from '../flows/up.ts'
import { fixturePlan, planned as plannedModel } from '../plan/fixtures/sample.ts'
import { planned } from '../records/fixtures/sample.ts'
import { recordedTerminal } from '../testkit/terminal.ts'
import { upEvents } from './bring-up.ts'

const waiting: Waiting = {
  id: 'vpc@dev',
  component: 'vpc',
  stack: 'dev',
  plan: { ...planned('p1'), status: { kind: 'open' } },
  model: plannedModel(fixturePlan('change')).plan,
  differences: undefined,
}

test('a plan is shown as show prints it, with its danger and digest', () => {
  const terminal = recordedTerminal()
  upEvents(terminal, { json: false }).shown(waiting)
  expect(terminal.printed()).toContain('vpc -s dev: 1 to change ⚠, digest 7c0e 51d2\n')
  expect(terminal.printed()).toContain('input.name   "alpha" → "beta"')
})

test('for programs nothing but the answer goes to stdout', () => {
  const terminal = recordedTerminal()
  const events = upEvents(terminal, { json: true })
  events.shown(waiting)
  events.approved(waiting, { name: 'Ann', email: 'ann@acme.test' })
  expect(terminal.printed()).toBe('')
  expect(terminal.noted()).toContain('Approved by Ann <ann@acme.test>.')
})

test.each([
  ['y', 'yes'],
  [' YES ', 'yes'],
  ['', 'no'],
  ['yep', 'no'],
  ['n', 'no'],
  [undefined, 'nobody'],
])('to the answer %j it takes %s', async (typed, expected) => {
  const asked: string[] = []
  const terminal = recordedTerminal({
    ask: async (question) => {
      asked.push(question)
      return typed
    },
  })
  expect(await upEvents(terminal, { json: false }).ask(waiting)).toBe(expected)
  expect(asked).toEqual(['Approve vpc -s dev? y/N '])
})
