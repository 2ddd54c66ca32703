import { UserError } from '../error.ts'
import { countsText, summaryText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import type { Action } from '../sequences/action.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { ApplyItem } from './apply.ts'
import { allDocuments } from './documents.ts'
import { planChanges } from './plan.ts'
import type { PlanItem } from './planning.ts'
import { isOpen, status } from './status.ts'
import type { ActionFacts, StepEnd } from './steps.ts'
import { type UpEvents, type UpOutcome, type UpRequest, up } from './up.ts'
import type { World } from './world.ts'

/** Variables that would change what is planned behind the back of the stacks. */
const meddling = /^(TF_VAR_|TF_CLI_ARGS|TF_WORKSPACE$|TF_DATA_DIR$|TF_LOG|TF_INPUT$|ATMOS_)/

/**
 * Carries out a Terraform step by way of Airlock's own flows: plan, approval, claim, ledger.
 * @throws UserError `step-env-refused`, `destroy-declared`, and those of the flows
 */
export async function terraformStep(
  world: World,
  request: Pick<UpRequest, 'approve' | 'terraform'>,
  action: Extract<Action, { kind: 'terraform' }>,
  { what, at, env }: ActionFacts,
  work: UpEvents,
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
  if (declared === undefined) {
    if (items.some(isMeant)) return true
    const known = [...(await allDocuments(world)).values()].flatMap(({ names }) => names)
    const id = `${component ?? ''}@${stack}`
    if (known.some((name) => (component === undefined ? name.endsWith(id) : name === id))) return false
    throw new UserError({
      code: 'instance-unknown',
      message: `neither the stacks nor the records know ${component === undefined ? `the stack ${stack}` : typed(id)}`,
      fix: 'see what there is: airlock status, airlock describe stacks',
      at,
      exit: 2,
    })
  }
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
