import type { Permissions, Scope } from '../github/hub.ts'
import { InvalidFile, type Template } from './template.ts'

const scopes: readonly Scope[] = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'id-token',
  'issues',
  'pull-requests',
  'statuses',
]
/** Where a workflow says nothing, and the repository's settings are GitHub's own for new ones. */
const usual: Permissions = { contents: 'read', metadata: 'read' }

/** What `permissions` in a workflow or job give a token; undefined where it says nothing. */
export function permissionsOf(template: Template | undefined): Permissions | undefined {
  if (template === undefined) return undefined
  if (template === 'read-all') return allOf('read')
  if (template === 'write-all') return allOf('write')
  const named = template instanceof Map ? [...template] : []
  const given = named.filter(([, level]) => level === 'read' || level === 'write')
  return { ...Object.fromEntries(given), metadata: 'read' }
}

/** What a job's token may do: the job's word, else the workflow's, else GitHub's; for strangers reading only. */
export function tokenPermissions(of: {
  readonly workflow: Template | undefined
  readonly job: Template | undefined
  /** Of the job that calls the workflow. */
  readonly atMost: Permissions | undefined
  readonly untrusted: boolean
}): Permissions {
  const asked = permissionsOf(of.job) ?? permissionsOf(of.workflow) ?? of.atMost ?? usual
  const allowed = of.untrusted ? readOnly(asked) : asked
  if (of.atMost !== undefined && (of.job !== undefined || of.workflow !== undefined)) refuseMore(allowed, of.atMost)
  return allowed
}

function refuseMore(asked: Permissions, atMost: Permissions): void {
  const more = Object.entries(asked).filter(([scope, level]) => {
    const limit = atMost[scope as Scope]
    return limit === undefined || (level === 'write' && limit === 'read')
  })
  if (more.length === 0) return
  const words = (of: readonly [string, string | undefined][]) =>
    of.map(([scope, level]) => `${scope}: ${level ?? 'none'}`).join(', ')
  throw new InvalidFile(
    `The nested job is requesting '${words(more)}', but is only allowed '${words(more.map(([scope]) => [scope, atMost[scope as Scope]]))}'.`,
  )
}

function readOnly(permissions: Permissions): Permissions {
  const readable = Object.keys(permissions).filter((scope) => scope !== 'id-token')
  return Object.fromEntries(readable.map((scope) => [scope, 'read']))
}

function allOf(level: 'read' | 'write'): Permissions {
  return Object.fromEntries(
    [...scopes.filter((scope) => level === 'write' || scope !== 'id-token'), 'metadata'].map((scope) => [
      scope,
      scope === 'metadata' ? 'read' : level,
    ]),
  )
}
