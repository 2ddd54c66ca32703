import { type ExitCode, UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import { countsText, summaryText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import type { Action } from '../sequences/action.ts'
import { workflowIn, workflowNamed, workflowPath } from '../sequences/files.ts'
import { parseWorkflows } from '../sequences/parse.ts'
import { actionMustBePossible, mustBePossible, type Sequence, sequenceOf } from '../sequences/sequence.ts'
import { quoted } from '../sequences/split.ts'
import { envTexts } from '../stacks/env-texts.ts'
import { type InstanceId, instanceId } from '../stacks/instance.ts'
import { belowRoot, joinPath } from '../stacks/paths.ts'
import type { ApplyItem } from './apply.ts'
import { type CommitCheckout, checkout, commitOf, mustBeConfigured } from './checkout.ts'
import { type PlanItem, planChanges } from './plan.ts'
import { isOpen, type Status, status } from './status.ts'
import {
  type ActionFacts,
  runSequence,
  type SequenceEnd,
  type StepEnd,
  type StepEvents,
  type StepPlace,
} from './steps.ts'
import { type UpEvents, type UpOutcome, up } from './up.ts'
import type { World } from './world.ts'

/** Which workflow to run, and how. */
export interface WorkflowRequest {
  /** Relative to the folder of workflows, or to where the process stands; `.yaml` may be left out. */
  readonly file: string
  /** May be left out where the file has one workflow. */
  readonly workflow?: string
  readonly stack?: string
  readonly fromStep?: string
  /** Say yes, in the name of Git's user, to every plan that is shown. */
  readonly approve: boolean
  readonly terraform?: string
  /** Absolute folder that the process stands in. */
  readonly cwd: string
}

export interface WorkflowEvents extends StepEvents {
  /** What Terraform steps tell while they work. */
  readonly work: UpEvents
  /** Runs a command that only looks, as `airlock …` would. */
  look(words: readonly string[]): Promise<ExitCode>
}

/** A workflow that was read and checked, and what surrounds it. */
export interface OpenedWorkflow {
  readonly sequence: Sequence
  readonly place: StepPlace
  /** The commit whose stacks the steps name. */
  readonly at: CommitCheckout
}

export interface WorkflowOutcome extends SequenceEnd {
  readonly sequence: Sequence
  /** The command that goes on from the step that stopped the run; undefined where it came to its end. */
  readonly resume: string | undefined
}

/**
 * Reads a workflow from the work tree and checks all of its steps against the stacks of the checked out commit.
 * @throws UserError for what is wrong in any of them
 */
export async function openWorkflow(
  world: Pick<World, 'repo' | 'ambient'>,
  request: WorkflowRequest,
): Promise<OpenedWorkflow> {
  const { repo, ambient } = world
  const at = await checkout(world, await commitOf(world, 'HEAD'))
  mustBeConfigured(at, repo.root)
  const { config } = at.stacks
  const tree = await repo.workTree((path) => /\.ya?ml$/.test(path))
  const from = belowRoot(repo.root, request.cwd) ?? ''
  const sequence = await reading([tree], (it) => {
    const read = (path: string) => parseWorkflows(it!.text(path) ?? '', path)
    const file = read(workflowPath(it!, config, request.file, from))
    const found = sequenceOf(workflowIn(file, request.workflow), {
      stack: request.stack,
      fromStep: request.fromStep,
      env: ambient.env,
      find: (name, named, place) =>
        named === undefined
          ? workflowNamed(it!, config, name, place)
          : workflowIn(read(it!.files.has(named) ? named : workflowPath(it!, config, named, from, place)), name, place),
    })
    mustBePossible(found, at.inventory)
    return found
  })
  const configEnv = Object.entries(envTexts(config.env)).filter((it): it is [string, string] => it[1] !== null)
  return {
    sequence,
    at,
    place: {
      processEnv: ambient.env,
      configEnv: Object.fromEntries(configEnv),
      cwd: request.cwd,
      base: joinPath(repo.root, config.folder),
    },
  }
}

/** Runs a workflow: its Terraform steps by the flows of Airlock, its other steps in a shell. */
export async function runWorkflow(
  world: World,
  request: WorkflowRequest,
  events: WorkflowEvents,
): Promise<WorkflowOutcome> {
  const { sequence, place, at } = await openWorkflow(world, request)
  const ended = await runSequence(
    {
      shell: world.shell,
      pause: world.journal.pause,
      act: async (action, facts) => {
        actionMustBePossible(action, facts.what, facts.at, at.inventory)
        if (action.kind === 'look') return looked(action.words, events)
        const { component, stack } = action
        const instance = component === undefined ? undefined : at.inventory.get(instanceId(component, stack))
        if (instance?.enabled === false) return { kind: 'skipped', text: 'is disabled (metadata.enabled: false)' }
        return terraform(world, request, action, facts, events)
      },
    },
    sequence,
    place,
    events,
  )
  return {
    ...ended,
    sequence,
    resume: ended.end === 'done' ? undefined : resumeCommand(request, sequence, ended.stopped),
  }
}

/** What a dry run shows: the sequence, and where the instances that it names stand. */
export async function dryRun(
  world: Omit<World, 'terraform'>,
  request: WorkflowRequest,
): Promise<OpenedWorkflow & { readonly status: Status }> {
  return { ...(await openWorkflow(world, request)), status: await status(world) }
}

/** The command that runs a workflow from a step on; without one, from its beginning. */
export function resumeCommand(
  { file, stack, terraform, approve }: Omit<WorkflowRequest, 'cwd' | 'fromStep'>,
  { workflow }: Pick<Sequence, 'workflow'>,
  step: string | undefined,
): string {
  const words = [
    ...['airlock', 'run', file, workflow.name],
    ...(stack === undefined ? [] : ['-s', stack]),
    ...(terraform === undefined ? [] : ['--terraform', terraform]),
    ...(approve ? ['--approve'] : []),
    ...(step === undefined ? [] : ['--from-step', step]),
  ]
  return words.map(quoted).join(' ')
}

async function looked(words: readonly string[], { look }: WorkflowEvents): Promise<StepEnd> {
  const code = await look(words)
  return code === 0 ? { kind: 'done', text: 'done' } : { kind: 'failed', text: `ended with ${code}` }
}

/** Variables that would change what is planned behind the back of the stacks. */
const meddling = /^(TF_VAR_|TF_CLI_ARGS|TF_WORKSPACE$|TF_DATA_DIR$|TF_LOG|TF_INPUT$|ATMOS_)/

async function terraform(
  world: World,
  request: WorkflowRequest,
  action: Extract<Action, { kind: 'terraform' }>,
  { what, at, env }: ActionFacts,
  { work }: WorkflowEvents,
): Promise<StepEnd> {
  const name = Object.keys(env).find((it) => meddling.test(it))
  if (name !== undefined)
    throw new UserError({
      code: 'step-env-refused',
      message: `${what} runs Terraform with ${name}, which would change what is planned, and no stack says so`,
      fix: `say it in the stack (vars, env), or set ${name} only for steps that run no Terraform`,
      at,
      exit: 2,
    })
  const inside = withEnvironment(world, env)
  const { component, stack } = action
  const tool = request.terraform === undefined ? {} : { terraform: request.terraform }
  if (action.verb === 'plan') {
    const named = { stack, ...(component !== undefined && { component }), ...tool }
    return planEnd((await planChanges(inside, named, { ...work, finished: () => undefined })).items)
  }
  if (action.verb === 'destroy' && !(await isRemoved(inside, action, at)))
    return { kind: 'done', text: 'nothing is left to destroy' }
  return upEnd(
    await up(inside, { stack, ...(component !== undefined && { component }), approve: request.approve, ...tool }, work),
  )
}

/** The world with the variables of a step: they reach Terraform below what the component itself sets. */
function withEnvironment(world: World, env: Readonly<Record<string, string>>): World {
  if (Object.keys(env).length === 0) return world
  const { terraform, ambient } = world
  return {
    ...world,
    ambient: { ...ambient, env: { ...ambient.env, ...env } },
    terraform: {
      ...terraform,
      open: (job, tool, events) => terraform.open({ ...job, env: { ...env, ...job.env } }, tool, events),
    },
  }
}

/**
 * Whether something is left of what a step destroys. Nothing is destroyed that a person did not remove by name.
 * @throws UserError `destroy-declared`
 */
async function isRemoved(
  world: World,
  { component, stack }: Extract<Action, { kind: 'terraform' }>,
  at: ActionFacts['at'],
): Promise<boolean> {
  const { checkout: tip, branch, items } = await status(world)
  const isMeant = (it: { readonly component: string; readonly stack: string }) =>
    it.stack === stack && (component === undefined || it.component === component)
  const declared = [...tip.subjects.values()].find(({ instance }) => isMeant(instance))?.instance.id
  if (declared === undefined) return items.some(isMeant)
  throw new UserError({
    code: 'destroy-declared',
    message: `${typed(declared)} is declared at ${branch.name}@${branch.tip.slice(0, 7)}, and only what was removed is destroyed`,
    fix: 'remove its declaration, and merge that: its destroy plan is made and asks for approval like any other',
    at,
    exit: 3,
  })
}

function planEnd(items: readonly PlanItem[]): StepEnd {
  const name = namer(items)
  const failed = items.filter(({ kind }) => kind === 'failed' || kind === 'blocked')
  if (failed.length > 0)
    return {
      kind: 'failed',
      text: items.length === 1 ? 'the plan failed' : `${failed.length} of ${items.length} plans failed`,
      detail: failed
        .map((it) =>
          it.kind === 'failed'
            ? `${typed(it.id)}:\n${it.output.trimEnd()}`
            : `${typed(it.id)}: what it reads could not be planned`,
        )
        .join('\n'),
    }
  const texts = items.map((it) => `${name(it.id)}${plannedText(it)}`)
  return { kind: 'done', text: texts.length === 0 ? 'nothing to plan' : texts.join('; ') }
}

function plannedText(item: PlanItem): string {
  if (item.kind === 'planned') return `planned: ${summaryText(item.redacted)}`
  if (item.kind === 'deferred') return `planned once ${item.waitsFor.map(typed).join(', ')} is applied`
  return item.kind === 'not-planned' ? item.why : ''
}

function upEnd({ items, clean, left: all }: UpOutcome): StepEnd {
  const left = all.filter(isOpen)
  const name = namer([...items, ...clean.map((id) => ({ id })), ...left])
  const failed = items.filter(({ kind }) => kind === 'failed')
  if (failed.length > 0)
    return {
      kind: 'failed',
      text: failed.map(({ id }) => `${name(id)}failed`).join('; '),
      detail: failed.map(outcomeText).join('\n'),
    }
  const waiting = items.filter(({ kind }) => kind !== 'applied' && kind !== 'advanced')
  if (waiting.length > 0 || left.length > 0)
    return {
      kind: 'waits',
      text: [
        ...waiting.map((it) => `${name(it.id)}${waitingText(it)}`),
        ...(waiting.length === 0 ? left.map(({ id }) => `${name(id)}is still in flight`) : []),
      ].join('; '),
      detail: waiting.map(outcomeText).join('\n'),
    }
  const done = items.map((it) =>
    it.kind === 'applied' ? `${name(it.id)}applied: ${countsText(it.plan.changes)}` : `${name(it.id)}no change`,
  )
  return {
    kind: 'done',
    text: [...done, ...clean.map((id) => `${name(id)}as asked already`)].join('; ') || 'nothing to apply',
  }
}

/** What comes before the words on an instance: its name, where a step is about several. */
function namer(items: readonly { readonly id: InstanceId }[]): (id: InstanceId) => string {
  const several = new Set(items.map(({ id }) => id)).size > 1
  return (id) => (several ? `${typed(id)}: ` : '')
}

function waitingText(item: ApplyItem): string {
  if (item.kind === 'blocked') return `waits for ${typed(item.by)}`
  if (item.kind !== 'waits') return 'was refused'
  return `waits for ${item.upstreams?.map(typed).join(', ') ?? (item.for === 'plan' ? 'a plan' : 'approval')}`
}

function outcomeText(item: ApplyItem): string {
  if (item.kind === 'failed') return `${typed(item.id)} failed:\n${item.output.trimEnd()}`
  if (item.kind === 'refused') return `${item.message}\n${item.fix}`
  if (item.kind === 'waits' && item.for === 'approval')
    return `look at it: airlock show ${typed(item.id)}; then: airlock approve ${typed(item.id)}`
  return `${typed(item.id)} ${waitingText(item)}`
}
