import { posix } from 'node:path'
import type { BaselineView, CommitView, Dashboard, PullView } from '../dashboard/dashboard.ts'
import type { InstanceFacts, StandingFacts } from '../dashboard/facts.ts'
import { payload, wantedModels } from '../dashboard/payload.ts'
import { type PlanView, planView, viewSize } from '../dashboard/plan-view.ts'
import { UserError } from '../error.ts'
import { gateWords } from '../gate/words.ts'
import { remoteIdentity } from '../git/remote.ts'
import type { CommitId, CommitInfo } from '../git/repo.ts'
import { decodePlan } from '../plan/format.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { addressId } from '../records/address.ts'
import type { AddressDocument, RecordEvent } from '../records/document.ts'
import { parseEvents } from '../records/format.ts'
import { eventsPrefix } from '../records/keys.ts'
import { secretsOf } from '../secrets.ts'
import { documentOf } from './documents.ts'
import { readBaseline } from './known.ts'
import { allPullRequests } from './pull-requests.ts'
import { type Status, type StatusItem, status } from './status.ts'
import type { World } from './world.ts'

/** Events looked at of one instance: the newest. */
const mostEvents = 60
/** Commits that are asked of Git by name. */
const mostCommits = 400
/** Characters of plans on one page; what is beyond is told to be in `airlock show`. */
const viewBudget = 1_000_000
/** Objects read from the store at once. */
const parallel = 32

/**
 * Everything that the dashboard shows, from the records and the tip of the protected branch. What cannot be read of events
 * and plans is told on the page; no text of it holds a secret of the environment, and no value that a comment would not
 * show.
 */
export async function dashboard(world: Omit<World, 'terraform'>): Promise<Dashboard> {
  const now = await status(world)
  const problems: string[] = []
  const instances = await instanceFacts(world, now, problems)
  const made = payload({
    nowMs: now.nowMs,
    repository: await repositoryName(world),
    branch: now.branch,
    total: now.total,
    instances,
    commits: await commitViews(world, instances),
    views: await planViews(world, instances, problems),
    pulls: await pullViews(world, now.nowMs),
    baseline: await baselineView(world),
    problems,
  })
  return withoutSecrets(made, secretsOf(world.ambient.env))
}

async function instanceFacts(
  world: Pick<World, 'store'>,
  { checkout, items, commits, documents }: Status,
  problems: string[],
): Promise<InstanceFacts[]> {
  const standing = new Map(items.filter(({ kind }) => kind !== 'absent').map((item) => [item.id, item]))
  const asked = [...checkout.subjects.values()].map(({ instance }) => ({
    id: instance.id,
    component: instance.component,
    stack: instance.stack,
    document: documentOf(documents, instance),
    standing: standingFacts(standing.get(instance.id), commits),
  }))
  const orphans = items.flatMap((item) => (isBeside(item) ? [{ ...item, standing: standingFacts(item, commits) }] : []))
  const all = [
    ...asked,
    ...orphans.map(({ id, component, stack, document, standing: it }) => ({
      id,
      component,
      stack,
      document,
      standing: it,
    })),
  ]
  return inParallel(all, async (it) => ({ ...it, events: await eventsOf(world, it.document, problems) }))
}

/** What the commit's own instances do not hold: what is absent, and what is to be destroyed. */
function isBeside(item: StatusItem): boolean {
  return item.kind === 'absent' || (item.kind === 'in-flight' && item.removal !== undefined)
}

function standingFacts(item: StatusItem | undefined, commits: Status['commits']): StandingFacts {
  switch (item?.kind) {
    case undefined:
    case 'moved':
      return { kind: 'clean' }
    case 'drifted':
      return { kind: 'drifted', approval: item.approval }
    case 'unknown':
      return { kind: 'unknown', why: item.why, sinceMs: item.sinceMs }
    case 'in-flight': {
      const { kind, why, waitsFor, holder, plan, approval } = item
      return { kind, why, waitsFor, holder, plan, approval, commits: (commits.get(item.id) ?? []).map(commitView) }
    }
    case 'follows': {
      const { kind, upstreams, plan, approval } = item
      return { kind, upstreams, plan, approval }
    }
    case 'absent':
      return { kind: 'orphan', why: item.why, words: item.words, attempt: item.attempt }
  }
}

/** The newest events of an address, in order: those that are objects, and those that still ride in the document. */
async function eventsOf(
  { store }: Pick<World, 'store'>,
  { address, outbox, rev }: AddressDocument,
  problems: string[],
): Promise<RecordEvent[]> {
  if (rev === 0) return []
  const keys = (await store.list(eventsPrefix(addressId(address)))).slice(-mostEvents)
  const stored = await Promise.all(
    keys.map(async (key) => {
      const found = await store.get(key)
      return found && orProblem(() => parseEvents(found.bytes, key), problems)
    }),
  )
  const known = new Map([...stored.flatMap((it) => it ?? []), ...outbox].map((it) => [it.id, it]))
  return [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(-mostEvents)
}

/** What reviewers saw of plans, the most wanted first, until the page is full. */
async function planViews(
  { store }: Pick<World, 'store'>,
  instances: readonly InstanceFacts[],
  problems: string[],
): Promise<Map<string, PlanView | { readonly left: string }>> {
  const views = new Map<string, PlanView | { readonly left: string }>()
  const wanted = wantedModels(instances)
  let size = 0
  for (let start = 0; start < wanted.length; start += parallel) {
    const keys = wanted.slice(start, start + parallel)
    if (size >= viewBudget) {
      for (const key of wanted.slice(start))
        views.set(key, { left: 'left out, since this page would become too large' })
      break
    }
    const read = await Promise.all(keys.map((key) => store.get(key)))
    for (const [index, key] of keys.entries()) {
      const stored = read[index]
      const plan = stored && orProblem(() => decodePlan(stored.bytes, `plan ${key}`), problems)
      const view = plan && planView(plan)
      views.set(key, view ?? { left: stored ? 'it cannot be read' : 'it is no longer in the store' })
      size += view ? viewSize(view) : 0
    }
  }
  return views
}

/** The answer, or undefined when a record cannot be read, which is noted down. */
function orProblem<T>(read: () => T, problems: string[]): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    problems.push(error.message)
    return undefined
  }
}

/** The commits that records speak of, as far as they are in this clone. */
async function commitViews(
  { repo }: Pick<World, 'repo'>,
  instances: readonly InstanceFacts[],
): Promise<Map<string, CommitView>> {
  const spoken = instances.flatMap(({ document: { ledger, attempts }, events }) => [
    ...(ledger ? [{ id: ledger.commit, atMs: ledger.atMs }] : []),
    ...attempts.map(({ commit, startedMs }) => ({ id: commit, atMs: startedMs })),
    ...events.flatMap((event) => (event.kind === 'advanced' ? [{ id: event.commit, atMs: event.atMs }] : [])),
  ])
  const newest = new Map(spoken.sort((a, b) => b.atMs - a.atMs).map(({ id }) => [id, id]))
  const views = await inParallel([...newest.keys()].slice(0, mostCommits), async (id) => {
    const commit: CommitId | undefined = await repo.resolve(id)
    return commit && commitView(await repo.info(commit))
  })
  return new Map(views.flatMap((it) => (it ? [[it.id, it] as const] : [])))
}

function commitView({ id, subject, timeMs }: CommitInfo): CommitView {
  return { id, subject, atMs: timeMs }
}

/** Open pull requests, with what the gate said of them last; nothing is judged anew for a page. */
async function pullViews(world: Pick<World, 'store'>, nowMs: number): Promise<PullView[]> {
  const open = (await allPullRequests(world)).filter(({ state }) => state.kind === 'open')
  return open.map(({ number, title, outlook, verdict }) => ({
    name: `#${number}`,
    title,
    of: outlook?.instances.map(({ id }) => id) ?? [],
    gate: verdict?.state ?? 'not judged',
    says: verdict ? gateWords(verdict, nowMs).description : `airlock gate '#${number}' judges it`,
    ...(verdict && { atMs: verdict.atMs }),
  }))
}

async function baselineView(world: Pick<World, 'store'>): Promise<BaselineView | undefined> {
  const found = await readBaseline(world)
  return found && { commit: { id: found.commit }, atMs: found.atMs, by: found.by }
}

async function repositoryName({ repo }: Pick<World, 'repo'>): Promise<string> {
  const origin = await repo.config('remote.origin.url')
  return (origin && remoteIdentity(origin)) ?? posix.basename(repo.mainWorktree)
}

/** The same data with every secret hidden in every text of it, before any of it is escaped for a page. */
function withoutSecrets<T>(data: T, values: readonly string[]): T {
  const all = secrets(values)
  const known = new Map<string, string>()
  const hidden = (text: string) => {
    const found = known.get(text) ?? redactText(text, all)
    known.set(text, found)
    return found
  }
  const walk = (it: unknown): unknown => {
    if (typeof it === 'string') return hidden(it)
    if (Array.isArray(it)) return it.map(walk)
    if (typeof it !== 'object' || it === null) return it
    return Object.fromEntries(Object.entries(it).map(([key, item]) => [key, walk(item)]))
  }
  return walk(data) as T
}

async function inParallel<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const done: B[] = []
  for (let start = 0; start < items.length; start += parallel)
    done.push(...(await Promise.all(items.slice(start, start + parallel).map(work))))
  return done
}
