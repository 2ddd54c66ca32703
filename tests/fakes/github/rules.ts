import type { TokenOf } from './hub.ts'
import { appId, appOf, atLeast, levelOf, loginOf, type PullRequest, type Repository, type Ruleset } from './state.ts'

/** A status or check that must be green, and the app that must have said so. */
export interface Required {
  readonly context: string
  readonly app: number | undefined
}

/** What merging into a branch demands, of rulesets and branch protection together. */
export interface BranchRules {
  readonly required: readonly Required[]
  readonly reviews: number
  readonly codeOwners: boolean
  readonly dismissStale: boolean
  readonly queue: { readonly method: 'squash' | 'merge' | 'rebase' } | undefined
  /** Changes come by pull request only. */
  readonly pullRequests: boolean
  readonly noForcePush: boolean
  readonly noDeletion: boolean
}

/** Whether a pattern of GitHub's rules fits a name. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('**', '\u0001')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\0', '(?:.*/)?')
    .replaceAll('\u0001', '.*')
  return new RegExp(`^${source}$`).test(name)
}

/** Whether a ruleset is about a branch. */
export function concerns(ruleset: Ruleset, repository: Repository, branch: string): boolean {
  const fits = (pattern: string): boolean =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' && branch === repository.defaultBranch) ||
    matches(pattern, `refs/heads/${branch}`)
  return ruleset.target === 'branch' && ruleset.include.some(fits) && !ruleset.exclude.some(fits)
}

const levelOfRole: Readonly<Record<number, 'maintain' | 'write' | 'admin'>> = { 2: 'maintain', 4: 'write', 5: 'admin' }

function bypasses(ruleset: Ruleset, repository: Repository, by: TokenOf | undefined): boolean {
  if (by === undefined) return false
  return ruleset.bypassActors.some((actor) => {
    if (by.kind === 'user') {
      const level = actor.actor_type === 'OrganizationAdmin' ? 'admin' : levelOfRole[actor.actor_id ?? 0]
      return (
        actor.actor_type !== 'Integration' && level !== undefined && atLeast(levelOf(repository, loginOf(by)), level)
      )
    }
    return actor.actor_type === 'Integration' && actor.actor_id === appId(appOf(by) ?? '')
  })
}

/** The rules for a branch; `by`: without those that this one may pass by. */
export function rulesOf(repository: Repository, branch: string, by?: TokenOf): BranchRules {
  const active = [...repository.rulesets.values()].filter(
    (it) => it.enforcement === 'active' && concerns(it, repository, branch) && !bypasses(it, repository, by),
  )
  const rules = active.flatMap((it) => it.rules)
  const pulls = rules.filter((it) => it.type === 'pull_request').map((it) => it.parameters ?? {})
  const classic = repository.protections.get(branch)
  const admin = by?.kind === 'user' && levelOf(repository, by.login) === 'admin'
  const binding = classic !== undefined && !(admin && !classic.enforceAdmins) ? classic : undefined
  const queue = rules.find((it) => it.type === 'merge_queue')
  const checks = rules
    .filter((it) => it.type === 'required_status_checks')
    .flatMap((it) => (it.parameters?.required_status_checks ?? []) as { context: string; integration_id?: number }[])
  return {
    required: [...checks.map(({ context, integration_id: app }) => ({ context, app })), ...(binding?.contexts ?? [])],
    reviews: Math.max(
      0,
      binding?.reviews?.count ?? 0,
      ...pulls.map((it) => Number(it.required_approving_review_count ?? 0)),
    ),
    codeOwners: binding?.reviews?.codeOwners === true || pulls.some((it) => it.require_code_owner_review === true),
    dismissStale:
      classic?.reviews?.dismissStale === true || pulls.some((it) => it.dismiss_stale_reviews_on_push === true),
    queue:
      queue === undefined
        ? undefined
        : {
            method: String(queue.parameters?.merge_method ?? 'MERGE').toLowerCase() as 'squash' | 'merge' | 'rebase',
          },
    pullRequests: pulls.length > 0 || binding?.reviews !== undefined,
    noForcePush: rules.some((it) => it.type === 'non_fast_forward') || binding !== undefined,
    noDeletion: rules.some((it) => it.type === 'deletion') || binding !== undefined,
  }
}

/** What GitHub says of a required status or check: absent, or what it came to. */
export function stateOf(
  repository: Repository,
  sha: string,
  required: Required,
): 'success' | 'pending' | 'failure' | 'absent' {
  const bySameApp = (slug: string | undefined): boolean =>
    required.app === undefined || (slug !== undefined && appId(slug) === required.app)
  const status = repository.statuses
    .filter((it) => it.sha === sha && it.context === required.context)
    .filter((it) => bySameApp(it.creator.endsWith('[bot]') ? it.creator.slice(0, -'[bot]'.length) : undefined))
    .at(-1)
  const check = [...repository.checks.values()]
    .filter((it) => it.sha === sha && it.name === required.context && bySameApp(it.app))
    .at(-1)
  const job = bySameApp('github-actions') ? jobOf(repository, sha, required.context) : undefined
  const said = [
    ...(status === undefined ? [] : [status.state === 'error' ? 'failure' : status.state]),
    ...[check, job].flatMap((it) => {
      if (it === undefined) return []
      if (it.status !== 'completed') return ['pending' as const]
      return [
        ['success', 'neutral', 'skipped'].includes(it.conclusion ?? '') ? ('success' as const) : ('failure' as const),
      ]
    }),
  ]
  if (said.length === 0) return 'absent'
  return said.find((it) => it === 'failure') ?? said.find((it) => it === 'pending') ?? 'success'
}

/** The newest job of that name whose run GitHub shows at the commit: in a pull request's runs, the job is the check. */
function jobOf(
  repository: Repository,
  sha: string,
  name: string,
): { status: string; conclusion: string | undefined } | undefined {
  return [...repository.jobs.values()]
    .filter(({ run, job }) => job.name === name && repository.runs.get(run)?.details.headSha === sha)
    .at(-1)?.job
}

/** Each person's last review that says yes or no, of those who may write. */
export function opinions(repository: Repository, pull: PullRequest): Map<string, string> {
  const last = new Map<string, string>()
  for (const review of pull.reviews) {
    if (review.state === 'COMMENTED' || review.state === 'PENDING') continue
    if (atLeast(levelOf(repository, review.user), 'write')) last.set(review.user, review.state)
  }
  return last
}

/** GitHub's own judgement of the reviews (GraphQL `reviewDecision`); undefined where no rule asks for reviews. */
export function decision(
  repository: Repository,
  pull: PullRequest,
): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | undefined {
  const { reviews } = rulesOf(repository, pull.baseBranch)
  const said = [...opinions(repository, pull).values()]
  if (said.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED'
  if (reviews === 0) return undefined
  return said.filter((it) => it === 'APPROVED').length >= reviews ? 'APPROVED' : 'REVIEW_REQUIRED'
}

/** Why a pull request cannot be merged now by somebody, in GitHub's words; undefined when it can. */
export function blocker(repository: Repository, pull: PullRequest, by: TokenOf): string | undefined {
  const rules = rulesOf(repository, pull.baseBranch, by)
  const states = rules.required.map((it) => ({ ...it, state: stateOf(repository, pull.headSha, it) }))
  const bad = states.filter((it) => it.state === 'failure')
  const open = states.filter((it) => it.state === 'pending' || it.state === 'absent')
  if (bad.length + open.length > 0) {
    const only = states.length === 1 ? states[0] : undefined
    if (only?.state === 'absent') return `Required status check "${only.context}" is expected.`
    if (only?.state === 'pending') return `Required status check "${only.context}" is pending.`
    if (only !== undefined) return `Required status check "${only.context}" is failing.`
    return `${bad.length + open.length} of ${states.length} required status checks have not succeeded: ${bad.length} failing, ${open.length} expected.`
  }
  const said = [...opinions(repository, pull).values()]
  if (rules.reviews > 0 && said.includes('CHANGES_REQUESTED')) return 'Changes have been requested.'
  const approved = said.filter((it) => it === 'APPROVED').length
  if (approved < rules.reviews) {
    return `At least ${rules.reviews} approving review is required by reviewers with write access.`
  }
  if (rules.queue !== undefined) return 'Changes must be made through the merge queue'
  return undefined
}
