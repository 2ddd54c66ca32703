import { codeownersIn } from '../gate/codeowners.ts'
import { reading } from '../git/reading.ts'
import { remoteIdentity } from '../git/remote.ts'
import type { GitHub } from '../github/github.ts'
import {
  type GovernanceEdit,
  governanceEdits,
  type WantedEnvironment,
  wantedEnvironments,
} from '../installation/environments.ts'
import { instanceSettings, type Settings } from '../settings.ts'
import type { Checkout } from './checkout.ts'
import { environmentOf } from './environment.ts'
import type { World } from './world.ts'

/** What of a repository decides how Airlock is installed in it. */
export interface Estate {
  readonly settings: Settings
  /** The protected branch, which need not be there yet. */
  readonly branch: string
  /** `.github/workflows/airlock.yml` */
  readonly workflowPath: string
  /** Environments that instances belong to, in order. */
  readonly environments: readonly string[]
  /** Those whose reviewers approve plans. */
  readonly approving: readonly string[]
  /** Whether a CODEOWNERS file says who owns what. */
  readonly codeowners: boolean
  /** `https://github.com/acme/infra`; undefined without a remote. */
  readonly url: string | undefined
}

/** Reads it off the work tree. */
export async function estateOf(
  { repo }: Pick<World, 'repo'>,
  { inventory, settings, tree }: Pick<Checkout, 'inventory' | 'settings' | 'tree'>,
): Promise<Estate> {
  const instances = [...inventory.values()].filter(
    ({ type, abstract, enabled }) => type === 'terraform' && !abstract && enabled,
  )
  const approving = instances.filter(({ sections }) => instanceSettings(sections).approval === 'environment')
  const identity = remoteIdentity((await repo.config('remote.origin.url')) ?? '')
  return {
    settings,
    branch: settings.branch ?? (await repo.originHead()) ?? 'main',
    workflowPath: `.github/workflows/${settings.github.workflow}`,
    environments: named(instances),
    approving: named(approving),
    codeowners: (await reading([tree], (it) => codeownersIn(it!))) !== undefined,
    url: identity === undefined ? undefined : `https://${identity}`,
  }
}

/** All environments that an estate needs on GitHub. */
export function environmentsOf(
  { branch, environments, approving }: Estate,
  reviewers: Readonly<Record<string, readonly string[]>> = {},
): WantedEnvironment[] {
  return wantedEnvironments({ branch, names: environments, approving, reviewers })
}

/** What has to change in GitHub's settings of the repository; changes nothing. */
export async function prepareGovernance(
  { github }: { readonly github: GitHub },
  estate: Estate,
  reviewers: Readonly<Record<string, readonly string[]>>,
): Promise<GovernanceEdit[]> {
  const { governance } = github
  const [environments, rules] = await Promise.all([governance.environments(), governance.mergeRules(estate.branch)])
  return governanceEdits(environmentsOf(estate, reviewers), estate, { environments, rules })
}

/** How one change of GitHub's settings went. */
export interface GovernanceResult {
  readonly edit: GovernanceEdit
  /** What GitHub said against it; undefined: done. */
  readonly refused?: string
}

/** Changes GitHub's settings one by one; what the plan of the owner does not have keeps none of the others. */
export async function applyGovernance(
  { github: { governance } }: { readonly github: GitHub },
  edits: readonly GovernanceEdit[],
): Promise<GovernanceResult[]> {
  const results: GovernanceResult[] = []
  for (const edit of edits)
    try {
      if (edit.kind === 'environment') await governance.setEnvironment(edit.becomes)
      else await governance.setRuleset(edit.branch, edit.becomes)
      results.push({ edit })
    } catch (error) {
      if (!isPlan(error)) throw error
      results.push({ edit, refused: error.message })
    }
  return results
}

function isPlan(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'github-plan'
}

function named(instances: readonly Parameters<typeof environmentOf>[0][]): string[] {
  return [...new Set(instances.map(environmentOf))].sort()
}
