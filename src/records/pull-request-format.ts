import type { Closure } from '../affected/closure.ts'
import { branded, count, type Decoder, flag, listOf, object, oneOf, optional, text, union } from './decode.ts'
import type { Person } from './document.ts'
import { parseRecord } from './format.ts'
import type {
  BrokenMerge,
  ChangedInstance,
  Neighbour,
  Outlook,
  OwnersNeed,
  OwnersOutlook,
  OwnersProblem,
  PolicyResult,
  PolicyRule,
  PullRequestDocument,
  PullRequestState,
  SaidStatus,
  SupersedesRecord,
} from './pull-request.ts'
import { policyEnd, type Verdict, verdict } from './verdict.ts'

const approval = oneOf('needed', 'none')

const state = union<PullRequestState>({
  open: object({ kind: oneOf('open') }),
  closed: object({ kind: oneOf('closed'), atMs: count }),
  merged: object({ kind: oneOf('merged'), commit: text, atMs: count }),
})

const broken = union<BrokenMerge>({
  conflict: object({ kind: oneOf('conflict'), paths: listOf(text) }),
  unresolvable: object<Extract<BrokenMerge, { kind: 'unresolvable' }>>({
    kind: oneOf('unresolvable'),
    message: text,
    fix: optional(text),
  }),
})

const instance = object<ChangedInstance>({
  id: branded,
  address: branded,
  kind: oneOf('create', 'update', 'destroy', 'absent', 'may', 'move'),
  target: optional(text),
  before: optional(text),
  approval,
  ordered: flag,
  plan: optional(object<NonNullable<ChangedInstance['plan']>>({ id: branded, digest: text })),
})

const neighbour = object<Neighbour>({
  id: branded,
  address: branded,
  concern: oneOf('read', 'ordered'),
  for: branded,
  target: text,
  approval,
})

const owners = object<OwnersOutlook>({
  kind: oneOf('off', 'none', 'file'),
  needs: listOf(object<OwnersNeed>({ owners: listOf(text), file: text, line: count, ids: listOf(branded) })),
  problems: listOf(object<OwnersProblem>({ file: text, line: count, column: count, problem: text })),
})

const policy = object<PolicyRule>({ name: text, command: text, timeoutMs: count })

const outlook = object<Outlook>({
  broken: optional(broken),
  closure: object<Closure>({ paths: listOf(text), stacks: text, components: text }),
  instances: listOf(instance),
  neighbours: listOf(neighbour),
  mode: oneOf('block', 'warn'),
  owners,
  policies: listOf(policy),
  results: listOf(object<PolicyResult>({ policy, id: branded, digest: text, how: policyEnd, said: listOf(text) })),
})

const judged: Decoder<Verdict & { readonly atMs: number }> = (value, path) => ({
  ...verdict(value, path),
  ...object<{ atMs: number }>({ atMs: count })(value, path),
})

const pullRequest = object<PullRequestDocument>({
  format: oneOf(1),
  number: count,
  title: text,
  author: text,
  branch: text,
  state,
  head: text,
  base: object<PullRequestDocument['base']>({ branch: text, commit: text }),
  outlook: optional(outlook),
  supersedes: listOf(
    object<SupersedesRecord>({
      pullRequest: count,
      by: object<Person>({ name: text, email: text }),
      reason: text,
      atMs: count,
    }),
  ),
  verdict: optional(judged),
  hosted: optional(oneOf('here', 'fork')),
  planned: optional(object<NonNullable<PullRequestDocument['planned']>>({ head: text, run: text })),
  comment: optional(
    object<NonNullable<PullRequestDocument['comment']>>({ id: count, hash: text, over: optional(flag) }),
  ),
  said: optional(object<SaidStatus>({ head: text, state: text, description: text })),
  openedMs: count,
  rev: count,
  atMs: count,
  nonces: listOf(text),
})

/** The pull request as it was stored under `key`. @throws UserError `record-newer`, `record-unreadable` */
export function parsePullRequest(bytes: Uint8Array, key: string): PullRequestDocument {
  return parseRecord(pullRequest, bytes, key)
}
