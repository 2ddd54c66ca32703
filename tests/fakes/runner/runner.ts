import { execFileSync } from 'node:child_process'
import type { Delivery, FakeJob, FakeRun, Hub } from '../github/hub.ts'
import { activity } from './activity.ts'
import { changedFiles } from './changed-files.ts'
import { frozen } from './expressions.ts'
import { runGraph } from './graph.ts'
import { concurrencyGroups } from './groups.ts'
import { idTokenServer } from './id-tokens.ts'
import { concurrencyOf } from './instance.ts'
import { endRun, type LiveRun, liveRun, reviewed, type Surroundings } from './live.ts'
import { githubsTiming, type Timing } from './machine.ts'
import { slots } from './slots.ts'
import { parseFile, type TemplateMap } from './template.ts'
import { dispatchInputs, isTriggered } from './triggers.ts'

/** How a host runner is set up. */
export interface RunnerOptions {
  /** An absolute path: machines of jobs, artifacts and caches are made in it. */
  readonly folder: string
  /** What every machine has in its environment, beside this process' PATH. */
  readonly env?: Readonly<Record<string, string>>
  /** Folders that stand for repositories of actions, at every ref: `{ 'OWNER/airlock': '/path' }`. */
  readonly actions?: Readonly<Record<string, string>>
  /** Machines at once; more jobs wait in the queue. */
  readonly parallel?: number
  /** The Node of `using: node24`; `node24` of PATH where there is one, else this process' own. */
  readonly node?: string
  readonly timing?: Partial<Timing>
  /** Waits for what GitHub itself still does, a merge queue for example; `idle` waits for that, too. */
  readonly settled?: () => Promise<void>
}

/** Runs the workflows of a GitHub on this machine. */
export interface Runner {
  /** Waits until nothing runs or can run: what waits for an approval does not. */
  idle(): Promise<void>
  runs(): readonly FakeRun[]
  /** What was wrong with workflow files: such runs have no jobs. */
  problems(): readonly string[]
  /** Takes a job's machine away, as when it is evicted: nothing of it gets to its end, and the job fails. */
  kill(job: FakeJob): void
  cancel(run: FakeRun): void
  /** Runs all jobs again, with the same event and commit. */
  rerun(run: FakeRun): void
  approve(run: FakeRun, environment: string, by: string, comment?: string): void
  reject(run: FakeRun, environment: string, by: string, comment?: string): void
  /** Cancels and kills all that still runs. */
  close(): Promise<void>
}

/** Starts a runner that hears of a GitHub's events and runs what they trigger. */
export async function startRunner(hub: Hub, options: RunnerOptions): Promise<Runner> {
  const idTokens = await idTokenServer(hub)
  const runs = new Map<number, LiveRun>()
  const problems: string[] = []
  const numbers = new Map<string, number>()
  const closing = new AbortController()
  const around: Surroundings = {
    host: {
      hub,
      folder: options.folder,
      env: options.env ?? {},
      node: options.node ?? nodeForActions(),
      actions: options.actions ?? {},
      timing: { ...githubsTiming, ...options.timing },
      idTokens,
      runs: () => [...runs.values()].map(({ run }) => run),
    },
    activity: activity(),
    groups: concurrencyGroups(),
    machines: slots(options.parallel ?? 2),
    closed: closing.signal,
  }

  async function deliver(delivery: Delivery): Promise<void> {
    if (closing.signal.aborted || !startsRuns(delivery)) return
    const files = await hub.workflows(delivery.repository, delivery.sha)
    for (const [name, content] of files) {
      const path = name.startsWith('.github/') ? name : `.github/workflows/${name}`
      await consider(delivery, path, content)
    }
  }

  async function consider(delivery: Delivery, path: string, content: string): Promise<void> {
    const start = () => begin(delivery, path, content, hub)
    try {
      const tree = parseFile('workflow', path, content)
      const changed = () => changedFiles(hub, options.folder, delivery)
      if (await isTriggered({ path, on: tree.get('on') }, delivery, changed)) follow(start())
    } catch (error) {
      problems.push((error as Error).message)
      const live = emptyRun(hub, hub.startRun(runOf(delivery, path)), delivery, path)
      runs.set(live.run.id, live)
      endRun(live, 'failure')
    }
  }

  function begin(delivery: Delivery, path: string, content: string, of: Hub): LiveRun {
    const tree = parseFile('workflow', path, content)
    const run = of.startRun(runOf(delivery, path))
    const number = (numbers.get(`${delivery.repository} ${path}`) ?? 0) + 1
    numbers.set(`${delivery.repository} ${path}`, number)
    return attempt(run, delivery, path, tree, number)
  }

  function attempt(run: FakeRun, delivery: Delivery, path: string, tree: TemplateMap, number: number): LiveRun {
    const live = liveRun({
      hub,
      run,
      delivery,
      path,
      tree,
      inputs: dispatchInputs(tree.get('on'), delivery),
      github: githubContext(hub, run, delivery, path, tree, number),
      untrusted: hub.isUntrusted(delivery),
    })
    runs.set(run.id, live)
    return live
  }

  function follow(live: LiveRun): void {
    const end = around.activity.begin()
    oneRun(around, live)
      .catch((error: Error) => {
        problems.push(error.message)
        endRun(live, 'failure')
      })
      .finally(end)
  }

  function rerun(run: FakeRun, attemptIsNew: boolean): void {
    const before = liveOf(run)
    if (before.run.status !== 'completed' && !attemptIsNew) throw new Error(`Run ${run.id} is still at work`)
    if (!attemptIsNew) {
      run.attempt++
      run.jobs.splice(0)
      run.status = 'queued'
      run.conclusion = undefined
    }
    hub.artifacts(run).clear()
    follow(attempt(run, before.delivery, before.path, before.tree, Number(before.github.run_number)))
  }

  function liveOf(run: FakeRun): LiveRun {
    const live = runs.get(run.id)
    if (live === undefined) throw new Error(`There is no run ${run.id}`)
    return live
  }

  function review(run: FakeRun, state: 'approved' | 'rejected', environment: string, by: string, comment: string) {
    liveOf(run)
    hub.reviewEnvironments(run, { environments: [environment], state, by, comment })
  }

  hub.onEvent((delivery) => {
    const end = around.activity.begin()
    deliver(delivery)
      .catch((error: Error) => problems.push(error.stack ?? error.message))
      .finally(end)
  })
  hub.onRunChange((run, change) => {
    if (closing.signal.aborted || !runs.has(run.id)) return
    if (change === 'cancel') liveOf(run).cancel.abort()
    if (change === 'reviewed') reviewed(liveOf(run))
    if (change === 'rerun') rerun(run, true)
  })

  return {
    async idle() {
      do {
        await around.activity.idle()
        await options.settled?.()
      } while (around.activity.busy())
    },
    runs: around.host.runs,
    problems: () => problems,
    kill(job) {
      const machine = [...runs.values()].map(({ evict }) => evict.get(job.id)).find((it) => it !== undefined)
      if (machine === undefined || job.status !== 'in_progress') throw new Error(`Job ${job.name} is not on a machine`)
      machine.abort()
    },
    cancel: (run) => liveOf(run).cancel.abort(),
    rerun: (run) => rerun(run, false),
    approve: (run, environment, by, comment = '') => review(run, 'approved', environment, by, comment),
    reject: (run, environment, by, comment = '') => review(run, 'rejected', environment, by, comment),
    async close() {
      closing.abort()
      for (const { run, cancel, evict } of runs.values())
        if (run.status !== 'completed') {
          cancel.abort()
          for (const machine of evict.values()) machine.abort()
        }
      await around.activity.idle()
      await idTokens.close()
    },
  }
}

/** Brings a run to its end, when its concurrency group lets it. */
async function oneRun(around: Surroundings, live: LiveRun): Promise<void> {
  const { run, tree } = live
  const { hub } = around.host
  const trusted = !live.untrusted
  const variables = trusted ? hub.variables(run.repository) : new Map<string, string>()
  const contexts = { github: live.github, inputs: live.inputs, vars: Object.fromEntries(variables) }
  const concurrency = concurrencyOf(tree.get('concurrency'), contexts)
  const place =
    concurrency &&
    (await around.activity.pause(
      around.groups.enter({
        ...concurrency,
        group: `${run.repository}:${concurrency.group}`,
        cancelled: live.cancel.signal,
        cancel: () => live.cancel.abort(),
        waits: () => {
          run.status = 'pending'
          hub.runUpdated(run)
        },
      }),
    ))
  if (place?.kind === 'evicted') {
    return endRun(live, 'cancelled')
  }
  try {
    const graph = {
      live,
      tree,
      workflowRef: String(live.github.workflow_ref),
      inputs: live.inputs,
      secrets: trusted ? hub.secrets(run.repository) : new Map<string, string>(),
      variables,
      cancelled: live.cancel.signal,
    }
    const results = await around.activity.pause(runGraph(around, graph))
    const ends = [...results.values()].map(({ result }) => result)
    const worst = (['failure', 'cancelled', 'success'] as const).find((it) => ends.includes(it)) ?? 'skipped'
    endRun(live, live.cancel.signal.aborted ? 'cancelled' : worst)
  } finally {
    if (place?.kind === 'entered') place.leave()
  }
}

/** Nothing that a job's token did starts a run, but the two dispatches. */
function startsRuns({ by, event }: Delivery): boolean {
  return by.kind !== 'job' || event === 'workflow_dispatch' || event === 'repository_dispatch'
}

function runOf(delivery: Delivery, path: string) {
  const { repository, event, ref, sha } = delivery
  return { repository, workflow: path, event, ref, sha, actor: actorOf(delivery) }
}

function actorOf({ payload, by }: Delivery): string {
  const sender = payload.sender as { login?: string } | undefined
  if (sender?.login !== undefined) return sender.login
  return by.kind === 'user' ? by.login : by.kind === 'app' ? `${by.slug}[bot]` : 'github-actions[bot]'
}

function emptyRun(hub: Hub, run: FakeRun, delivery: Delivery, path: string): LiveRun {
  return liveRun({ hub, run, delivery, path, tree: new Map(), inputs: {}, github: {}, untrusted: true })
}

function githubContext(
  hub: Hub,
  run: FakeRun,
  delivery: Delivery,
  path: string,
  tree: TemplateMap,
  number: number,
): Record<string, unknown> {
  const { payload, repository, ref, sha, event } = delivery
  const pull = payload.pull_request as { head?: { ref?: string }; base?: { ref?: string } } | undefined
  const about = payload.repository as { id?: number; owner?: { id?: number } } | undefined
  return {
    action: '',
    actor: run.actor,
    triggering_actor: run.actor,
    api_url: hub.apiUrl,
    base_ref: pull?.base?.ref ?? '',
    event: frozen(payload),
    event_name: event,
    graphql_url: `${hub.apiUrl}/graphql`,
    head_ref: pull?.head?.ref ?? '',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_protected: false,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_id: String(about?.id ?? ''),
    repository_owner: repository.split('/')[0],
    repository_owner_id: String(about?.owner?.id ?? ''),
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(number),
    server_url: hub.serverUrl,
    sha,
    workflow: String(tree.get('name') ?? path),
    workflow_ref: `${repository}/${path}@${ref}`,
    workflow_sha: sha,
  }
}

function nodeForActions(): string {
  try {
    return execFileSync('sh', ['-c', 'command -v node24'], { encoding: 'utf8' }).trim()
  } catch {
    return process.execPath
  }
}
