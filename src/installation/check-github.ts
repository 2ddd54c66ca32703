import type { Environment, MergeRules, RepositoryFacts } from '../github/governance.ts'
import { gateContext, type WantedEnvironment } from './environments.ts'
import type { Finding } from './finding.ts'

/** What GitHub says of the repository; a part that the token may not see is why not. */
export interface GitHubFacts {
  readonly facts: RepositoryFacts
  readonly environments: readonly Environment[]
  readonly rules: MergeRules | undefined
  readonly defaultPermissions: 'read' | 'write'
  readonly enabled: boolean
  /** Names by environment, the repository's own under the empty name. */
  readonly secrets: Readonly<Record<string, readonly string[]>> | { readonly hidden: string }
}

/** What the repository's files ask of GitHub. */
export interface Asked {
  readonly branch: string
  readonly codeowners: boolean
  readonly environments: readonly WantedEnvironment[]
  /** Environments whose reviewers approve plans. */
  readonly approving: readonly string[]
  /** `https://github.com/acme/infra` */
  readonly url: string
  /** The file only plans and comments: no environment but that of plans, no secrets, no gate. */
  readonly trying: boolean
}

/** All findings about GitHub's settings, in the order in which they matter. */
export function gitHubFindings(found: GitHubFacts, asked: Asked): Finding[] {
  return [
    branchFinding(found, asked),
    tokenFinding(found, asked),
    ...(asked.trying ? [] : [environmentFinding(found, asked), approvalFinding(found, asked)].flat()),
    ...(asked.trying ? [] : [...secretFindings(found, asked), ...ruleFindings(found, asked)]),
  ]
}

const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found })

function branchFinding({ facts, enabled }: GitHubFacts, { branch, url }: Asked): Finding {
  const name = 'github branch'
  if (!enabled)
    return { name, state: 'wrong', found: 'Actions are switched off', fix: `switch them on: ${url}/settings/actions` }
  if (facts.defaultBranch === branch) return ok(name, `${branch}, the default branch`)
  return {
    name,
    state: 'wrong',
    found: `${branch} is protected, but ${facts.defaultBranch} is GitHub's default branch: comments, schedules and dispatches run its workflow`,
    fix: `make ${branch} the default branch: ${url}/settings, or set integrations.airlock.branch`,
  }
}

function tokenFinding({ defaultPermissions }: GitHubFacts, { url }: Asked): Finding {
  const name = 'github token'
  if (defaultPermissions === 'read') return ok(name, 'workflows that do not say what they need may only read')
  return {
    name,
    state: 'missing',
    found: 'workflows that do not say what they need may write, other than that of Airlock',
    fix: `choose "Read repository contents": ${url}/settings/actions`,
  }
}

function environmentFinding({ environments }: GitHubFacts, { environments: wanted, url }: Asked): Finding {
  const name = 'environments'
  const faults = wanted.flatMap((it) => {
    const fault = environmentFault(
      it,
      environments.find(({ name: is }) => is === it.name),
    )
    return fault === undefined ? [] : [`${it.name} ${fault}`]
  })
  if (faults.length === 0) return ok(name, wanted.map((it) => it.name).join(', '))
  return {
    name,
    state: 'wrong',
    found: faults.join('; '),
    fix: `airlock init --apply, or by hand: ${url}/settings/environments`,
  }
}

function environmentFault(wanted: WantedEnvironment, is: Environment | undefined): string | undefined {
  if (is === undefined)
    return wanted.branches === undefined ? 'is missing' : 'is missing: GitHub would make it, open to every branch'
  if (wanted.branches === undefined)
    return is.branches !== undefined
      ? 'is closed to pull requests: allow any branch'
      : is.reviewers.length > 0
        ? 'has reviewers, for whom every run would wait'
        : undefined
  const open = is.branches === undefined || is.branches === 'protected' ? is.branches : undefined
  if (is.branches === undefined) return `is open to every branch: allow ${wanted.branches} only`
  if (open === undefined && !sameBranches(is.branches, wanted.branches))
    return `allows ${is.branches}, not ${wanted.branches} only`
  return wanted.why === 'applies' && is.reviewers.length > 0
    ? 'has reviewers: they belong to the environment without -apply'
    : undefined
}

function sameBranches(a: Environment['branches'], b: Environment['branches']): boolean {
  return JSON.stringify([a].flat()) === JSON.stringify([b].flat())
}

function approvalFinding({ environments, facts }: GitHubFacts, { approving, url }: Asked): Finding[] {
  const without = approving.filter(
    (name) => (environments.find((it) => it.name === name)?.reviewers ?? []).length === 0,
  )
  if (without.length === 0) return approving.length === 0 ? [] : [ok('reviewers', `of ${approving.join(', ')}`)]
  const plan = facts.private ? '; private repositories need GitHub Enterprise for it: else approval: review' : ''
  return [
    {
      name: 'reviewers',
      state: 'wrong',
      found: `approval is environment, and nobody reviews ${without.join(', ')}: no plan of it can be approved`,
      fix: `airlock init --apply --reviewers ${without[0]}=@TEAM, or by hand: ${url}/settings/environments${plan}`,
    },
  ]
}

function secretFindings({ secrets }: GitHubFacts, { environments, url }: Asked): Finding[] {
  const name = 'secrets'
  if ('hidden' in secrets)
    return [{ name, state: 'missing', found: `not looked at: ${secrets.hidden}`, fix: 'use a token that may see them' }]
  const names = (secrets as Readonly<Record<string, readonly string[]>>) ?? {}
  const has = (secret: string, of: string) => (names[of] ?? []).includes(secret)
  const applying = environments.filter(({ why }) => why === 'applies').map((it) => it.name)
  const lacking = applying.filter((it) => !has(identity, it))
  const hashing = ['airlock-plan', 'airlock-drift', ...applying].filter((it) => !has(reads, '') && !has(reads, it))
  const exposed = ['', ...environments.map((it) => it.name).filter((it) => !applying.includes(it))].filter((it) =>
    has(identity, it),
  )
  return [
    ...(exposed.length === 0
      ? []
      : [
          {
            name,
            state: 'wrong' as const,
            found: `${identity} is a secret of ${exposed.map((it) => (it === '' ? 'the repository' : it)).join(', ')}: jobs that run code of pull requests can read it`,
            fix: `delete it there (${url}/settings/secrets/actions), make another key, and give it to ${applying.join(', ')} only`,
          },
        ]),
    lacking.length === 0
      ? ok(name, `${identity} of ${applying.join(', ')}`)
      : {
          name,
          state: 'wrong',
          found: `${identity} is missing in ${lacking.join(', ')}: nothing sealed can be opened there`,
          fix: `gh secret set ${identity} --env ${lacking[0]} < airlock-identity.txt`,
        },
    hashing.length === 0
      ? ok(name, reads)
      : {
          name,
          state: 'wrong',
          found: `${reads} is missing${hashing.length < applying.length + 2 ? ` in ${hashing.join(', ')}` : ''}`,
          fix: `openssl rand -hex 32 | gh secret set ${reads}`,
        },
  ]
}

const identity = 'AIRLOCK_AGE_IDENTITY'
const reads = 'AIRLOCK_READS_KEY'

function ruleFindings({ rules }: GitHubFacts, { branch, codeowners, url }: Asked): Finding[] {
  const name = 'merge rules'
  const fix = `airlock init --apply, or by hand: ${url}/settings/rules`
  const gated = rules?.requiredChecks.some(({ context }) => context === gateContext) ?? false
  return [
    gated
      ? ok(name, `${gateContext} is required on ${branch}${rules?.mergeQueue ? ', with a merge queue' : ''}`)
      : {
          name,
          state: 'wrong',
          found: `${gateContext} is not required on ${branch}: what it says holds nothing back`,
          fix,
        },
    ...(codeowners && !rules?.codeOwnerReview
      ? [
          {
            name,
            state: 'missing' as const,
            found: 'CODEOWNERS is there, but their review is not required',
            fix,
          },
        ]
      : []),
  ]
}
