import { createHash } from 'node:crypto'
import type { DeploymentState } from '../github/deployments.ts'
import { canonicalJson } from '../json.ts'
import { addressId } from '../records/address.ts'
import type { AddressDocument, Attempt } from '../records/document.ts'
import { environmentOf } from './environment.ts'
import type { Status } from './status.ts'
import type { GitHubWorld } from './world.ts'

/** Tells our deployments from those that a job's environment makes. */
export const deploymentTask = 'airlock'

/** What a run did at one address. */
export interface Deployed {
  readonly address: string
  readonly id: string
  readonly fingerprint: string
  readonly digest: string
  readonly outcome: NonNullable<Attempt['outcome']> | 'running'
  readonly serial?: number
  readonly lineage?: string
}

/** What one run did in one environment: GitHub keeps it, whatever becomes of the store. */
export interface EnvironmentDeployment {
  readonly environment: string
  readonly state: DeploymentState
  readonly description: string
  readonly instances: readonly Deployed[]
  /** Names all of it. */
  readonly digest: string
}

/** GitHub takes this much in a description. */
const longestDescription = 140

/** What a run did, an environment each: from the attempts that the records have of it. Pure. */
export function deploymentsOf(at: Status, run: string): readonly EnvironmentDeployment[] {
  const environments = new Map<string, string>()
  for (const { instance } of at.checkout.subjects.values()) environments.set(instance.id, environmentOf(instance))
  for (const item of at.items) if ('task' in item) environments.set(item.id, environmentOf(item.task.subject.instance))
  const found = new Map<string, Deployed[]>()
  for (const document of at.documents.values()) {
    const attempt = document.attempts.findLast((it) => it.outcome !== 'rejected' && it.by.endsWith(`, run ${run}`))
    if (attempt === undefined) continue
    const name = document.names[0] ?? addressId(document.address)
    const environment = environments.get(name) ?? name.slice(name.lastIndexOf('@') + 1)
    found.set(environment, [...(found.get(environment) ?? []), deployed(document, attempt, name)])
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([environment, instances]) => {
      const sorted = instances.sort((a, b) => (a.address < b.address ? -1 : 1))
      const digest = createHash('sha256').update(canonicalJson(sorted)).digest('hex')
      return { environment, instances: sorted, digest, ...outcomeOf(sorted) }
    })
}

function deployed(document: AddressDocument, attempt: Attempt, id: string): Deployed {
  return {
    address: addressId(document.address),
    id,
    fingerprint: attempt.fingerprint,
    digest: attempt.digest,
    outcome: attempt.outcome ?? 'running',
    ...(attempt.after && { serial: attempt.after.serial, lineage: attempt.after.lineage }),
  }
}

function outcomeOf(instances: readonly Deployed[]): Pick<EnvironmentDeployment, 'state' | 'description'> {
  const of = (...outcomes: readonly string[]) => instances.filter(({ outcome }) => outcomes.includes(outcome))
  const bad = of('failed', 'partial', 'unknown')
  const running = of('running')
  const names = (all: readonly Deployed[]) => all.map(({ id }) => id).join(', ')
  const said =
    bad.length > 0
      ? `${bad.length} of ${instances.length} not applied: ${names(bad)}`
      : running.length > 0
        ? `${running.length} of ${instances.length} not over: ${names(running)}`
        : `applied: ${names(instances)}`
  return {
    state: bad.length > 0 ? 'failure' : running.length > 0 ? 'in_progress' : 'success',
    description: said.length > longestDescription ? `${said.slice(0, longestDescription - 1)}…` : said,
  }
}

/** Tells GitHub what this run did, one deployment an environment: two requests each. */
export async function recordDeployments(
  { github, machine }: Pick<GitHubWorld, 'github' | 'machine'>,
  at: Status,
): Promise<readonly EnvironmentDeployment[]> {
  const { run } = machine
  if (run === undefined) return []
  const all = deploymentsOf(at, run.name)
  for (const { environment, state, description, instances, digest } of all) {
    const { id } = await github.deployments.create({
      environment,
      commit: at.branch.tip,
      task: deploymentTask,
      description,
      payload: { format: 1, run: run.name, digest, instances },
    })
    await github.deployments.setStatus(id, { state, description, logUrl: run.url })
  }
  return all
}

/** What deployments say was applied last at an address, and what the records say. */
export interface LedgerDifference {
  readonly environment: string
  readonly id: string
  readonly address: string
  readonly deployed: Pick<Deployed, 'fingerprint' | 'digest' | 'serial'> & {
    readonly commit: string
    readonly atMs: number
  }
  /** Undefined where the records know nothing of it. */
  readonly recorded: { readonly fingerprint: string; readonly atMs: number } | undefined
}

/** So many deployments of an environment are looked at. */
const mostDeployments = 100

/**
 * Compares the ledger with what GitHub's deployments say of it: the ledger of last resort, where the store was lost or set back.
 * Anybody who may write could have made a deployment: it is told to people, and nothing is done by it.
 */
export async function ledgerDifferences(
  { github }: Pick<GitHubWorld, 'github'>,
  at: Status,
): Promise<readonly LedgerDifference[]> {
  const environments = new Set([...at.checkout.subjects.values()].map(({ instance }) => environmentOf(instance)))
  const found: LedgerDifference[] = []
  for (const environment of [...environments].sort()) {
    const seen = new Set<string>()
    for (const of of await github.deployments.list({ environment, task: deploymentTask }, mostDeployments)) {
      for (const it of instancesIn(of.payload)) {
        if (seen.has(it.address) || it.outcome !== 'done') continue
        seen.add(it.address)
        const ledger = [...at.documents].find(([address]) => address === it.address)?.[1].ledger
        if (ledger !== undefined && (ledger.fingerprint === it.fingerprint || ledger.atMs > of.createdMs)) continue
        found.push({
          environment,
          id: it.id,
          address: it.address,
          deployed: {
            fingerprint: it.fingerprint,
            digest: it.digest,
            ...(it.serial !== undefined && { serial: it.serial }),
            commit: of.commit,
            atMs: of.createdMs,
          },
          recorded: ledger && { fingerprint: ledger.fingerprint, atMs: ledger.atMs },
        })
      }
    }
  }
  return found
}

/** What a payload tells of instances; what is none of ours tells nothing. */
function instancesIn(payload: Readonly<Record<string, unknown>>): readonly Deployed[] {
  const { instances } = payload
  if (!Array.isArray(instances)) return []
  return instances.filter(
    (it: unknown): it is Deployed =>
      typeof it === 'object' &&
      it !== null &&
      ['address', 'id', 'fingerprint', 'digest', 'outcome'].every(
        (key) => typeof (it as Record<string, unknown>)[key] === 'string',
      ),
  )
}
