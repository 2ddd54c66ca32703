import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import {
  type AskedPlan,
  encodeEnvironmentAsk,
  environmentAskKey,
  parseEnvironmentAsk,
} from '../records/environment-approval.ts'
import { transact } from '../records/journal.ts'
import { approvalKind } from './approval-kind.ts'
import { type Asking, asking } from './asking.ts'
import { originOf } from './confirm.ts'
import { addressName } from './documents.ts'
import { environmentOf } from './environment.ts'
import { flushSoon } from './flush.ts'
import { personOf } from './github-approvals.ts'
import { hasTask, type Status } from './status.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** Which environments a run asks. */
export interface AskedEnvironments {
  readonly environments: readonly string[]
  /** They were asked before, and nobody had to answer: they have no reviewers. */
  readonly unprotected: readonly string[]
  /** Their reviewers were asked by an earlier run and said no, which is written down now. */
  readonly rejected: readonly string[]
  /** Something is to be asked that this run cannot ask, since its first attempt asked something else. */
  readonly another: boolean
}

/**
 * Which environments have plans that wait for their reviewers. What they will be asked is stored before they are, once a run:
 * GitHub tells of one yes for all attempts of it. Nobody is asked the same by two runs; a no is written down instead.
 * @param ask the look at GitHub in which approvals were read
 */
export async function askEnvironments(
  world: Needs,
  at: Status,
  ask: Asking = asking(world.github),
): Promise<AskedEnvironments> {
  const run = Number(/^\d+/.exec(world.machine.run?.name ?? '')?.[0] ?? Number.NaN)
  const environments: string[] = []
  const unprotected: string[] = []
  const rejected: string[] = []
  let another = false
  if (Number.isNaN(run)) return { environments, unprotected, rejected, another }
  for (const [environment, plans] of await waitingIn(world, ask, at)) {
    const key = environmentAskKey(run, environment)
    const before = await world.store.get(key)
    const isOther = before && canonicalJson(parseEnvironmentAsk(before.bytes, key).plans) !== canonicalJson(plans)
    if (isOther && (await world.store.get(askedKey(environment, plans))) === undefined) {
      another = true
      continue
    }
    const answer = await mayAsk(world, ask, run, environment, plans, at)
    if (answer === 'unprotected') unprotected.push(environment)
    if (answer === 'rejected') rejected.push(environment)
    if (answer !== 'ask') continue
    const put = await world.store.put(key, encodeEnvironmentAsk({ run, environment, plans }), { kind: 'absent' })
    const stored = put.kind === 'written' ? undefined : await world.store.get(key)
    const first = stored && parseEnvironmentAsk(stored.bytes, key).plans
    if (first === undefined || canonicalJson(first) === canonicalJson(plans)) environments.push(environment)
    else another = true
  }
  return { environments, unprotected, rejected, another }
}

/** Whether reviewers of an environment are to be asked what no run has asked them. */
export async function mustAsk(world: Needs, at: Status, ask: Asking): Promise<boolean> {
  const waiting = await waitingIn(world, ask, at)
  const asked = await Promise.all(waiting.map((it) => world.store.get(askedKey(...it))))
  return asked.includes(undefined)
}

/** Where it is kept which run asks it. */
function askedKey(environment: string, plans: readonly AskedPlan[]): string {
  const name = createHash('sha256').update(canonicalJson({ environment, plans })).digest('hex').slice(0, 32)
  return `runs/asked/${name}.json`
}

/** Whether this run is the one that asks; else what became of the run that asked the same before. */
async function mayAsk(
  world: Needs,
  ask: Asking,
  run: number,
  environment: string,
  plans: readonly AskedPlan[],
  at: Status,
): Promise<'ask' | 'waits' | 'rejected' | 'unprotected'> {
  const { store } = world
  const key = askedKey(environment, plans)
  const bytes = new TextEncoder().encode(`${JSON.stringify({ format: 1, run })}\n`)
  const put = await store.put(key, bytes, { kind: 'absent' })
  const stored = put.kind === 'written' ? undefined : await store.get(key)
  if (stored === undefined) return put.kind === 'written' ? 'ask' : 'waits'
  const before = Number(/"run":\s*(\d+)/.exec(new TextDecoder().decode(stored.bytes))?.[1])
  if (before === run) return 'ask'
  const answer = Number.isNaN(before) ? 'ask' : await answerOf(world, ask, before, environment, at)
  if (answer !== 'ask') return answer
  // Of several runs that see this, one asks.
  const taken = await store.put(key, bytes, { kind: 'match', etag: stored.etag })
  return taken.kind === 'written' ? 'ask' : 'waits'
}

/** What became of an earlier question: it stands, somebody said no, nobody had to answer, or it was cut short. */
async function answerOf(
  world: Needs,
  ask: Asking,
  run: number,
  environment: string,
  at: Status,
): Promise<'ask' | 'waits' | 'rejected' | 'unprotected'> {
  const found = await ask.run(run)
  if (found !== undefined && found.status !== 'completed') return 'waits'
  const said = (await ask.environmentReviews(run)).filter((it) => it.environments.includes(environment))
  const no = said.find(({ state }) => state === 'rejected')
  if (no !== undefined) {
    await rejectAsked(world, run, environment, at, no.by, no.comment)
    return 'rejected'
  }
  const wasCut = found === undefined || found.conclusion === 'cancelled' || found.conclusion === 'timed_out'
  return wasCut || said.length > 0 ? 'ask' : 'unprotected'
}

async function rejectAsked(
  world: Needs,
  run: number,
  environment: string,
  at: Status,
  login: string,
  comment: string,
): Promise<void> {
  const key = environmentAskKey(run, environment)
  const stored = await world.store.get(key)
  if (stored === undefined) return
  const by = personOf(login)
  const reason = comment.trim().slice(0, 500) || `environment ${environment} of run ${run} was rejected`
  for (const { address, fingerprint, digest } of parseEnvironmentAsk(stored.bytes, key).plans) {
    const document = at.documents.get(address)
    if (document === undefined) continue
    await transact(world.journal, document.address, { kind: 'reject', fingerprint, digest, by, reason })
    await flushSoon(world.journal, document.address)
  }
}

/** Plans that wait for reviewers of an environment: where that is the way, and where there is no pull request to review. */
async function waitingIn(
  world: Needs,
  ask: Asking,
  at: Status,
): Promise<readonly (readonly [environment: string, plans: readonly AskedPlan[]])[]> {
  const found = new Map<string, AskedPlan[]>()
  for (const item of at.items) {
    if (!hasTask(item) || item.plan === undefined || item.approval?.kind !== 'missing') continue
    if (item.kind === 'in-flight' && item.waitsFor.kind !== 'approval' && item.waitsFor.kind !== 'upstream') continue
    const { instance } = item.task.subject
    const kind = approvalKind(world, instance)
    const unreviewed = async () =>
      item.kind === 'in-flight' && (await originOf(ask, at, item.id, item.document, item.task.target)).past
    if (kind !== 'environment' && !(kind === 'review' && (await unreviewed()))) continue
    const environment = environmentOf(instance)
    const destroys = item.kind === 'in-flight' ? item.removal?.destroys : undefined
    const { fingerprint, digest } = item.plan
    const plan: AskedPlan = {
      id: item.id,
      address: addressName(instance),
      fingerprint,
      digest,
      ...(destroys !== undefined && { destroys }),
    }
    found.set(environment, [...(found.get(environment) ?? []), plan])
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
