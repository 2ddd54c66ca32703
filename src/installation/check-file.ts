import type { Plain } from '../stacks/value.ts'

type Node = { readonly [key: string]: Plain | undefined }

/** Something in a workflow file that is not as it must be; a file that people changed is looked at by what it says. */
export type FileFault =
  | { readonly kind: 'trigger-missing'; readonly event: string; readonly types: readonly string[] }
  | { readonly kind: 'job-missing'; readonly job: string }
  | { readonly kind: 'grant-missing'; readonly job: string; readonly scope: string; readonly grant: string }
  | { readonly kind: 'grant-wide'; readonly job: string; readonly scope: string; readonly grant: string }
  | { readonly kind: 'not-pinned'; readonly uses: string }
  | { readonly kind: 'environment'; readonly job: string; readonly is: string | undefined; readonly must: string }

/** Compares a workflow, parsed, with the one that would be written: what it must have, and what it must not. */
export function fileFaults(is: Plain, must: Plain): FileFault[] {
  const [have, want] = [is, must].map(node) as [Node, Node]
  return [...triggerFaults(node(have.on), node(want.on)), ...jobFaults(node(have.jobs), node(want.jobs)), ...loose(is)]
}

function triggerFaults(have: Node, want: Node): FileFault[] {
  return Object.entries(want).flatMap(([event, wanted]): FileFault[] => {
    const types = texts(node(wanted).types)
    if (!(event in have)) return [{ kind: 'trigger-missing', event, types }]
    // GitHub's own list of types where none is given lacks some that are needed.
    const missing = types.filter((type) => !texts(node(have[event]).types).includes(type))
    return missing.length === 0 ? [] : [{ kind: 'trigger-missing', event, types: missing }]
  })
}

function jobFaults(have: Node, want: Node): FileFault[] {
  return Object.entries(want).flatMap(([job, wanted]): FileFault[] => {
    if (!(job in have)) return [{ kind: 'job-missing', job }]
    const [is, must] = [node(have[job]), node(wanted)]
    return [...grantFaults(job, node(is.permissions), node(must.permissions)), ...environmentFaults(job, is, must)]
  })
}

function grantFaults(job: string, have: Node, want: Node): FileFault[] {
  const rank = (grant: Plain | undefined) => (grant === 'write' ? 2 : grant === 'read' ? 1 : 0)
  const scopes = [...new Set([...Object.keys(have), ...Object.keys(want)])].sort()
  return scopes.flatMap((scope): FileFault[] => {
    const [is, must] = [rank(have[scope]), rank(want[scope])]
    if (is < must) return [{ kind: 'grant-missing', job, scope, grant: String(want[scope]) }]
    return is > must ? [{ kind: 'grant-wide', job, scope, grant: String(have[scope]) }] : []
  })
}

function environmentFaults(job: string, is: Node, must: Node): FileFault[] {
  const [found, wanted] = [environmentOf(is), environmentOf(must)]
  return wanted === undefined || wanted === found ? [] : [{ kind: 'environment', job, is: found, must: wanted }]
}

function environmentOf(job: Node): string | undefined {
  const it = job.environment
  const name = typeof it === 'string' ? it : node(it).name
  return typeof name === 'string' ? name : undefined
}

function loose(workflow: Plain): FileFault[] {
  const uses = [...new Set(usesIn(workflow))]
  return uses
    .filter((it) => !it.startsWith('./') && !it.startsWith('$/') && !/@[0-9a-f]{40}$/.test(it))
    .map((it) => ({ kind: 'not-pinned', uses: it }))
}

function usesIn(value: Plain | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(usesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'uses' && typeof item === 'string' ? [item] : usesIn(item as Plain),
  )
}

function node(value: Plain | undefined): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
}

function texts(value: Plain | undefined): string[] {
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : []
}

/** A fault in words. */
export function faultWords(fault: FileFault): string {
  switch (fault.kind) {
    case 'trigger-missing':
      return `is not run by ${fault.event}${fault.types.length > 0 ? ` (${fault.types.join(', ')})` : ''}`
    case 'job-missing':
      return `has no job ${fault.job}`
    case 'grant-missing':
      return `${fault.job} lacks ${fault.scope}: ${fault.grant}`
    case 'grant-wide':
      return `${fault.job} need not have ${fault.scope}: ${fault.grant}`
    case 'not-pinned':
      return `${fault.uses} is not a full commit: whoever owns it can change what runs`
    case 'environment':
      return `${fault.job} runs in ${fault.is ?? 'no environment'}, not in ${fault.must}`
  }
}
