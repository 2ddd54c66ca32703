import { expect, test } from 'vitest'
import { fixturePlan } from '../plan/fixtures/sample.ts'
import { parsePlan } from '../plan/parse.ts'
import { redact } from '../plan/redact.ts'
import { policyInput } from './policy-input.ts'

const json = (name: 'create' | 'change') => JSON.parse(policyInput(redact(fixturePlan(name), [])))

test.each(['create', 'change'] as const)('a plan of Terraform is told in its own shape: %s', (name) => {
  const plan = redact(fixturePlan(name), [])
  const again = redact(parsePlan(policyInput(plan)), [])
  const facts = (of: typeof plan) =>
    of.changes.map(({ address, action, type, name: its, mode, module, provider, replacePaths }) => ({
      address,
      action,
      type,
      name: its,
      mode,
      module,
      provider,
      replacePaths,
    }))
  expect(facts(again)).toEqual(facts(plan))
  expect(again.outputs.map((it) => [it.name, it.action])).toEqual(plan.outputs.map((it) => [it.name, it.action]))
})

test('what is sensitive is marked and not there, what is unknown is marked', () => {
  const plan = fixturePlan('change')
  const text = policyInput(redact(plan, []))
  for (const secret of plan.secrets.filter((it) => it.length > 5)) expect(text).not.toContain(secret)
  expect(plan.secrets.length).toBeGreaterThan(0)
  expect(text).toContain('"(sensitive)"')
  const all = json('change').resource_changes.map((it: { change: object }) => it.change)
  expect(JSON.stringify(all.map((it: { after_sensitive: unknown }) => it.after_sensitive))).toContain('true')
  expect(
    JSON.stringify(
      json('create').resource_changes.map((it: { change: { after_unknown: unknown } }) => it.change.after_unknown),
    ),
  ).toContain('true')
})
