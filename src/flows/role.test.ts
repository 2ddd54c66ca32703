import { describe, expect, test } from 'vitest'
import { asValue, type MapValue, type Plain } from '../stacks/value.ts'
import { roleOf } from './role.ts'

const at = { file: 'stacks/prod.yaml', line: 1, column: 1 }
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const instance = (sections: Plain) => ({ sections: asValue(sections, at) as MapValue })
const airlock = { settings: { airlock: { auth: { plan: role('look'), apply: role('change') } } } }
const gitops = { settings: { integrations: { github: { gitops: { role: { plan: role('p'), apply: role('a') } } } } } }
const identity = (more: Record<string, Plain>) => ({
  kind: 'aws/assume-role',
  via: { provider: 'github-oidc' },
  principal: { assume_role: role('atmos') },
  ...more,
})

describe('the role of an instance', () => {
  test('is what Airlock is told, for plans and applies apart', () => {
    expect(roleOf(instance(airlock), 'plan')).toBe(role('look'))
    expect(roleOf(instance(airlock), 'apply')).toBe(role('change'))
    const planOnly = { settings: { airlock: { auth: { plan: role('look') } }, ...gitops.settings } }
    expect(roleOf(instance(planOnly), 'plan')).toBe(role('look'))
    expect(roleOf(instance(planOnly), 'apply')).toBe(role('a'))
  })

  test("is else that of Atmos' default identity", () => {
    const auth = { auth: { identities: { admin: identity({}), prod: identity({ default: true }) } } }
    expect(roleOf(instance({ ...auth, ...gitops }), 'plan')).toBe(role('atmos'))
    expect(roleOf(instance({ ...auth, ...airlock }), 'plan')).toBe(role('look'))
  })

  test.each<[string, Record<string, Plain>]>([
    ['none is the default', { one: identity({}) }],
    ['two are the default', { one: identity({ default: true }), two: identity({ default: true }) }],
    ['it is reached through another identity', { one: identity({ default: true, via: { identity: 'two' } }) }],
    ['it is no role', { one: identity({ default: true, kind: 'aws/permission-set' }) }],
  ])('is not guessed where %s', (_, identities) => {
    expect(roleOf(instance({ auth: { identities } }), 'plan')).toBeUndefined()
    expect(roleOf(instance({ auth: { identities }, ...gitops }), 'apply')).toBe(role('a'))
  })

  test("is else that of Cloud Posse's actions, else nobody's", () => {
    expect(roleOf(instance(gitops), 'plan')).toBe(role('p'))
    expect(roleOf(instance(gitops), 'apply')).toBe(role('a'))
    expect(roleOf(instance({}), 'plan')).toBeUndefined()
  })
})
