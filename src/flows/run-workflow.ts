import type { ExitCode } from '../error.ts'
import { reading } from '../git/reading.ts'
import { workflowIn, workflowNamed, workflowPath } from '../sequences/files.ts'
import { parseWorkflows } from '../sequences/parse.ts'
import { actionMustBePossible, mustBePossible, type Sequence, sequenceOf } from '../sequences/sequence.ts'
import { quoted } from '../sequences/split.ts'
import type { StepPlace } from '../sequences/values.ts'
import { envTexts } from '../stacks/env-texts.ts'
import { instanceId } from '../stacks/instance.ts'
import { belowRoot, joinPath } from '../stacks/paths.ts'
import { type CommitCheckout, checkout, commitOf, mustBeConfigured } from './checkout.ts'
import { type Status, status } from './status.ts'
import { runSequence, type SequenceEnd, type StepEnd, type StepEvents } from './steps.ts'
import { terraformStep } from './terraform-step.ts'
import type { UpEvents } from './up.ts'
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
        return terraformStep(world, request, action, facts, events.work)
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
