import type { Subject } from '../affected/subject.ts'
import { canonicalJson } from '../json.ts'
import { type Plan, plannedOutputs } from '../plan/plan.ts'
import type { PlanValue } from '../plan/value.ts'
import { filled } from '../stacks/fill.ts'
import { finishedWith } from '../stacks/finish-late.ts'
import type { InstanceId, LateCall } from '../stacks/instance.ts'
import { type LateAnswer, lateAnswers, type Outputs, type Upstream, upstreams } from '../stacks/late.ts'
import { type MapValue, type Plain, plain, textsIn } from '../stacks/value.ts'
import { UNKNOWN } from '../stacks/yq.ts'
import type { StateRef } from '../terraform/states.ts'
import type { Checkout } from './checkout.ts'
import { actingRole } from './role.ts'
import type { World } from './world.ts'

/** A value that an instance took from another's state, a plan or the environment, as records keep it: never the value. */
export interface Read {
  /** `!terraform.state vpc cidr` */
  readonly call: string
  readonly of?: InstanceId
  readonly source: 'plan' | 'state' | 'environment'
  /** Keyed hash of the value. */
  readonly hash: string
}

/** An instance's sections with every late value filled in, or why that cannot be done yet. */
export type FillIn =
  | {
      readonly kind: 'filled'
      readonly sections: MapValue
      readonly reads: readonly Read[]
      /** Upstreams whose value will be known only after their apply; the value of now stands in. */
      readonly provisional: readonly InstanceId[]
      /** Values that must not be shown. */
      readonly secrets: readonly string[]
    }
  | { readonly kind: 'deferred'; readonly waitsFor: readonly InstanceId[] }

/** Sections that a run can begin with. */
export type Filled = Extract<FillIn, { kind: 'filled' }>

/** The plan of an instance in this run; `elsewhere`: another job makes it, and nothing of it can be known here. */
export type Planned = Plan | 'elsewhere' | undefined

/**
 * Fills in what only a run can know.
 * @param planned plans that this run made, by instance: their known outputs come before the state's
 */
export async function fillIn(
  world: Pick<World, 'states' | 'vault' | 'repo' | 'ambient' | 'acts' | 'credentials'>,
  { inventory, stacks }: Pick<Checkout, 'inventory' | 'stacks'>,
  { instance }: Pick<Subject, 'instance'>,
  planned: (id: InstanceId) => Planned,
): Promise<FillIn> {
  const { states, vault, repo, ambient } = world
  // Who reads a state needs the right to: what stands in it is the reader's from then on.
  const role = actingRole(world, instance)
  const known = new Map<InstanceId, Upstream>()
  for (const id of upstreams(instance)) {
    const target = inventory.get(id)
    if (target === undefined) continue
    const state = await states.read(stateRef(target, repo.mainWorktree, role))
    const found = planned(id)
    const plan = found === 'elsewhere' ? undefined : found
    known.set(id, {
      ...(found && { planned: found === 'elsewhere' ? 'unknown' : outputsOf(found) }),
      ...(state && {
        state: Object.fromEntries(Object.entries(state.outputs).map(([name, { value }]) => [name, value])),
      }),
      sensitive: new Set([
        ...Object.entries(state?.outputs ?? {}).flatMap(([name, { sensitive }]) => (sensitive ? [name] : [])),
        ...(plan?.outputs ?? []).flatMap(({ name, after }) => (after?.kind === 'sensitive' ? [name] : [])),
      ]),
    })
  }
  const answers = lateAnswers(instance, (id) => known.get(id), { env: ambient.env, root: repo.root })
  const waitsFor = [...new Set(answers.flatMap((it) => (it.kind === 'missing' ? [it.of] : [])))]
  if (waitsFor.length > 0) return { kind: 'deferred', waitsFor }
  const found = answers.filter((it) => it.kind !== 'missing')
  return {
    kind: 'filled',
    sections: filledIn(stacks, instance, new Map(found.map(({ call, value }) => [call, value]))),
    reads: found.map((it) => readOf(it, (value) => vault.hash(canonicalJson(value)))),
    provisional: [...new Set(found.flatMap((it) => (it.kind === 'provisional' ? [it.of] : [])))],
    secrets: [
      ...found.flatMap(({ sensitive, value }) => (sensitive ? textsIn(value) : [])),
      // What such an output was, or will be, may stand in this instance's state or plan as well.
      ...[...known.values()].flatMap(({ sensitive, planned: next, state }) =>
        [...sensitive].flatMap((name) =>
          [next === 'unknown' ? undefined : next?.[name], state?.[name]].flatMap(knownTexts),
        ),
      ),
    ],
  }
}

/** A text to be rendered, and what is to be merged with other layers, need the whole component to be worked out again. */
function filledIn(
  stacks: Checkout['stacks'],
  instance: Subject['instance'],
  values: ReadonlyMap<LateCall, Plain>,
): MapValue {
  const again = instance.late.some(({ reads, merged }) => reads !== undefined || merged)
  return again ? finishedWith(stacks, instance, values) : filled(instance.sections, values)
}

/** Where an instance's state is. Local state lies in the checkout that owns the repository. */
export function stateRef(
  { backendType, sections, workspace, folder }: Subject['instance'],
  stateRoot: string,
  role?: string,
): StateRef {
  const backend = sections.entries.get('backend')
  return {
    backendType,
    backend: backend?.kind === 'map' ? (plain(backend) as Record<string, unknown>) : {},
    workspace,
    folder: `${stateRoot}/${folder}`,
    ...(role !== undefined && { role }),
  }
}

function readOf(answer: Exclude<LateAnswer, { kind: 'missing' }>, hash: (value: Plain) => string): Read {
  return {
    call: `!${answer.call.name} ${answer.call.args}`,
    ...(answer.of && { of: answer.of }),
    source: answer.kind === 'provisional' ? 'state' : answer.source,
    hash: hash(answer.value),
  }
}

function knownTexts(value: unknown): string[] {
  if (value === undefined || value === UNKNOWN) return []
  if (Array.isArray(value)) return value.flatMap(knownTexts)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(knownTexts)
  return textsIn(value as Plain)
}

function outputsOf(plan: Plan): Outputs {
  return Object.fromEntries([...plannedOutputs(plan)].map(([name, value]) => [name, dataOf(value)]))
}

function dataOf(value: PlanValue): unknown {
  switch (value.kind) {
    case 'known':
      return value.value
    case 'unknown':
      return UNKNOWN
    case 'sensitive':
      return value.value === undefined ? UNKNOWN : dataOf(value.value)
    case 'list':
      return value.items.map(dataOf)
    case 'map':
      return Object.fromEntries(value.entries.map(([key, item]) => [key, dataOf(item)]))
  }
}
