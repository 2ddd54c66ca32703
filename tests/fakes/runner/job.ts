import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Conclusion } from '../github/hub.ts'
import { builtins } from './builtins.ts'
import { type Contexts, evaluate, evaluateText, holds, textOf } from './expressions.ts'
import { maxOutputsBytes } from './file-commands.ts'
import type { Assignment, Host, JobRun } from './machine.ts'
import { masks } from './masks.ts'
import { killMachine, processNumbers } from './processes.ts'
import { interruptible, runSteps, type Scope } from './steps.ts'
import { mapIn, type TemplateMap } from './template.ts'
import { resolveUses } from './uses.ts'

/** What a job came to. */
export interface JobEnd {
  readonly conclusion: Conclusion
  readonly outputs: Readonly<Record<string, string>>
}

/** Runs a job on a machine of its own, of which nothing is left afterwards. */
export async function runJob(host: Host, assignment: Assignment): Promise<JobEnd> {
  const timeout = new AbortController()
  const forced = new AbortController()
  const cancelled = AbortSignal.any([assignment.cancelled, timeout.signal])
  const over = AbortSignal.any([assignment.evicted, forced.signal])
  const timers: NodeJS.Timeout[] = []
  cancelled.addEventListener('abort', () => timers.push(setTimeout(() => forced.abort(), host.timing.cleanupMs)))
  timers.push(setTimeout(() => timeout.abort(), assignment.timeoutMinutes * host.timing.minuteMs))
  const { job, close } = machine(host, { ...assignment, cancelled }, over)
  // What cannot be killed now is told when the machine is closed.
  const gone = () => void killMachine(job.folder, job.others).catch(() => undefined)
  assignment.evicted.addEventListener('abort', gone)
  try {
    const end = await work(job)
    if (timeout.signal.aborted)
      note(job, `The job has exceeded the maximum execution time of ${assignment.timeoutMinutes}m0s`)
    return end
  } finally {
    for (const timer of timers) clearTimeout(timer)
    assignment.evicted.removeEventListener('abort', gone)
    await close()
  }
}

function machine(host: Host, assignment: Assignment, over: AbortSignal): { job: JobRun; close: () => Promise<void> } {
  const { run, job: record, permissions } = assignment
  const repository = String(assignment.github.repository)
  const folder = join(host.folder, `m${record.id}`)
  const name = repository.split('/')[1]!
  const [temp, home, workspace] = [join(folder, 'work/_temp'), join(folder, 'home'), join(folder, 'work', name, name)]
  for (const it of [temp, home, workspace, join(folder, 'tmp')]) mkdirSync(it, { recursive: true })
  const token = host.hub.token({ kind: 'job', run: run.id, job: record.id, permissions }, repository)
  const oidc = permissions['id-token'] === 'write' ? host.idTokens.open(run, record) : undefined
  const eventPath = join(temp, '_github_workflow/event.json')
  mkdirSync(join(temp, '_github_workflow'))
  writeFileSync(eventPath, JSON.stringify(assignment.payload, undefined, 2))
  const github = { ...assignment.github, token, workspace, event_path: eventPath }
  const hidden = masks([...assignment.secrets.values(), token, ...(oidc ? [oidc.token] : [])])
  const job: JobRun = {
    ...assignment,
    contexts: {
      ...assignment.contexts,
      github,
      secrets: { ...Object.fromEntries(assignment.secrets), GITHUB_TOKEN: token },
      runner: {
        os: 'Linux',
        arch: 'X64',
        name: 'fake',
        temp,
        tool_cache: join(folder, 'tools'),
        environment: 'github-hosted',
      },
    },
    host,
    folder,
    workspace,
    temp,
    token,
    masks: hidden,
    env: new Map(),
    path: [],
    fixed: {
      ...githubEnv(github),
      CI: 'true',
      HOME: home,
      TMPDIR: join(folder, 'tmp'),
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: join(folder, 'tools'),
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: 'X64',
      RUNNER_NAME: 'fake',
      RUNNER_ENVIRONMENT: 'github-hosted',
      RUNNER_TRACKING_ID: `github_${randomUUID()}`,
      ...(oidc && { ACTIONS_ID_TOKEN_REQUEST_URL: oidc.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.token }),
    },
    state: { status: 'success' },
    posts: [],
    others: processNumbers(),
    over,
  }
  return {
    job,
    close: async () => {
      await killMachine(folder, job.others)
      oidc?.close()
      host.hub.revoke(token)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function githubEnv(github: Readonly<Record<string, unknown>>): Record<string, string> {
  const { token: _token, event: _event, ...shown } = github
  const pairs = Object.entries(shown).map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, textOf(value)])
  return { ...Object.fromEntries(pairs), GITHUB_ACTIONS: 'true' }
}

async function work(job: JobRun): Promise<JobEnd> {
  const scope: Scope = {
    job,
    steps: {},
    contexts: job.contexts,
    env: {},
    status: job.state,
    interrupt: new AbortController().signal,
  }
  try {
    setUp(job)
  } catch (error) {
    note(job, (error as Error).message)
    return { conclusion: 'failure', outputs: {} }
  }
  await runSteps(scope, stepsOf(job.spec))
  await runPosts(job, scope)
  if (job.evicted.aborted) return { conclusion: 'failure', outputs: {} }
  const outputs = outputsOf(job, scope)
  if (outputs === undefined) return { conclusion: 'failure', outputs: {} }
  return { conclusion: job.cancelled.aborted ? 'cancelled' : job.state.status, outputs }
}

/** What a runner does before the first step: environment, and finding every action that is not of the checkout. */
function setUp(job: JobRun): void {
  if (job.spec.has('container') || job.spec.has('services')) throw new Error('This runner has no containers')
  for (const layer of [job.workflow.env, job.spec.get('env')]) {
    const contexts: Contexts = { ...job.contexts, env: Object.fromEntries(job.env) }
    for (const [name, value] of Object.entries((evaluate(layer ?? new Map(), contexts) ?? {}) as object))
      job.env.set(name, textOf(value))
  }
  for (const step of stepsOf(job.spec)) {
    const uses = step.get('uses')
    if (typeof uses === 'string' && !uses.startsWith('./')) resolveUses(uses, job, new Set(builtins.keys()))
  }
}

async function runPosts(job: JobRun, scope: Scope): Promise<void> {
  for (let post = job.posts.shift(); post !== undefined && !job.over.aborted; post = job.posts.shift()) {
    const { name, condition, work: does } = post
    const may = () =>
      holds(
        condition,
        { ...job.contexts, steps: scope.steps },
        {
          success: () => job.state.status === 'success' && !job.cancelled.aborted,
          failure: () => job.state.status === 'failure' && !job.cancelled.aborted,
          cancelled: () => job.cancelled.aborted,
          hashFiles: () => '',
        },
      )
    if (!may()) continue
    job.job.log += `##[group]${name}\n##[endgroup]\n`
    const result = await interruptible(scope, may, undefined, does)
    if (result === 'failure' && job.state.status === 'success') job.state.status = 'failure'
  }
}

/** Outputs for `needs`; one that holds a secret is dropped. Undefined: they are more than GitHub takes. */
function outputsOf(job: JobRun, scope: Scope): Record<string, string> | undefined {
  const outputs: Record<string, string> = {}
  const contexts: Contexts = { ...job.contexts, env: Object.fromEntries(job.env), steps: scope.steps }
  for (const [name, template] of mapIn(job.spec, 'outputs')) {
    const value = evaluateText(template, contexts)
    if (job.masks.finds(value)) job.job.log += `##[warning]Skip output '${name}' since it may contain secret.\n`
    else outputs[name] = value
  }
  const bytes = Object.values(outputs).reduce((sum, value) => sum + Buffer.byteLength(value), 0)
  if (bytes <= maxOutputsBytes) return outputs
  note(job, `Job outputs are ${bytes} bytes, more than the maximum of ${maxOutputsBytes}`)
  return undefined
}

function stepsOf(spec: TemplateMap): readonly TemplateMap[] {
  return (spec.get('steps') ?? []) as readonly TemplateMap[]
}

function note(job: JobRun, message: string): void {
  job.job.log += `##[error]${job.masks.hide(message)}\n`
  job.job.annotations.push({ path: '.github', line: 1, level: 'failure', message: job.masks.hide(message) })
}
