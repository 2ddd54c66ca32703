import { expect, it } from 'vitest'
import { mayDeploy } from './patterns.ts'
import { permissionsOf, tokenPermissions } from './permissions.ts'

const of = (permissions: Record<string, string>) => new Map(Object.entries(permissions))
const nothing = { workflow: undefined, job: undefined, atMost: undefined, untrusted: false }

it('gives a token what the job says, else the workflow, else reading of contents', () => {
  expect(tokenPermissions(nothing)).toEqual({ contents: 'read', metadata: 'read' })
  expect(tokenPermissions({ ...nothing, workflow: new Map() })).toEqual({ metadata: 'read' })
  expect(tokenPermissions({ ...nothing, workflow: new Map(), job: of({ statuses: 'write', checks: 'none' }) })).toEqual(
    {
      statuses: 'write',
      metadata: 'read',
    },
  )
})

it('lets strangers only read, without OIDC', () => {
  const job = of({ contents: 'write', statuses: 'write', 'id-token': 'write' })
  expect(tokenPermissions({ ...nothing, job, untrusted: true })).toEqual({
    contents: 'read',
    statuses: 'read',
    metadata: 'read',
  })
})

it('refuses a called workflow that asks for more than its caller has', () => {
  const atMost = permissionsOf(of({ contents: 'read' }))
  expect(() => tokenPermissions({ ...nothing, job: of({ contents: 'write' }), atMost })).toThrow(
    "requesting 'contents: write', but is only allowed 'contents: read'",
  )
  expect(() => tokenPermissions({ ...nothing, workflow: of({ checks: 'write' }), atMost })).toThrow('checks: none')
  expect(tokenPermissions({ ...nothing, atMost })).toEqual(atMost)
})

it('lets a ref use an environment when a policy names its branch, or a pull request’s merge ref', () => {
  expect(mayDeploy(undefined, 'refs/pull/7/merge')).toBe(true)
  expect(mayDeploy(['main'], 'refs/heads/main')).toBe(true)
  expect(mayDeploy(['main'], 'refs/heads/main2')).toBe(false)
  expect(mayDeploy(['main'], 'refs/heads/main/x')).toBe(false)
  expect(mayDeploy(['main'], 'refs/pull/7/merge')).toBe(false)
  expect(mayDeploy(['refs/pull/*/merge'], 'refs/pull/7/merge')).toBe(true)
  expect(mayDeploy(['release/*'], 'refs/heads/release/1')).toBe(true)
  expect(mayDeploy(['release/*'], 'refs/heads/release/1/2')).toBe(false)
  expect(mayDeploy([], 'refs/heads/main')).toBe(false)
})
