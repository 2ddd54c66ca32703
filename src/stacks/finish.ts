import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { setIn } from './context.ts'
import { isDeferredFunction, mergedValues, withValueAt } from './deferred.ts'
import { callIn, type Evaluated, type Evaluation, evaluate, isLate, run, staysLate } from './functions.ts'
import type { LateCall } from './instance.ts'
import { renderSections } from './render.ts'
import { type MapValue, mapAt, mapOf, textOf, type Value, valueAt } from './value.ts'

/** How far the sections of a component are worked out. */
export interface Finishing {
  readonly processTemplates: boolean
  readonly processFunctions: boolean
  /** Names of functions that stay text: `--skip`. */
  readonly skip: readonly string[]
  /** Functions that are left to the run because their answer depends on where they run. */
  readonly later?: readonly string[]
}

/** Everything, as `terraform` does. */
export const ALL: Finishing = { processTemplates: true, processFunctions: true, skip: [] }

/** What finishing looks at beside the component. */
export interface Surroundings {
  readonly tree: Tree
  readonly ambient: Ambient
  readonly config: AtmosConfig
}

const KEPT = ['mocks', 'sources', 'component_info']

/**
 * Sections with templates rendered and functions run; `mocks`, `sources` and `component_info` stay as they are.
 * @param sections all that templates may name
 */
export function finish(
  { tree, ambient, config }: Surroundings,
  merged: Merged,
  sections: MapValue,
  how: Finishing,
): Evaluated {
  const kept = KEPT.filter((name) => sections.entries.has(name))
  let result: MapValue =
    kept.length === 0 ? sections : { ...mapAt(sections.at), entries: without(sections.entries, kept) }
  const late: LateCall[] = []
  if (how.processTemplates && config.templates.enabled)
    result = renderSections(result, sections, config, { env: setIn(ambient.env) }, (args, path, at) =>
      late.push({ name: 'template', args, path, at }),
    )
  if (!how.processFunctions) return { sections: withKept(result, sections, kept), late }
  const disabled = isDisabled(sections) ? ['terraform.output', 'terraform.state'] : []
  const evaluation: Evaluation = {
    tree,
    ambient,
    sections: result,
    skip: [...how.skip, ...disabled],
    ...(how.later && { later: how.later }),
  }
  const done = evaluate(evaluation)
  const merges = settled(merged, done.sections, evaluation)
  const calls =
    merges === done.sections
      ? done.late
      : done.late.filter(({ path, name, args }) => isCall(valueAt(merges, path), name, args))
  return { late: [...late, ...calls], sections: withKept(merges, sections, kept) }
}

function without(entries: MapValue['entries'], names: readonly string[]): MapValue['entries'] {
  const others = new Map(entries)
  for (const name of names) others.delete(name)
  return others
}

function withKept(map: MapValue, from: MapValue, names: readonly string[]): MapValue {
  if (names.length === 0) return map
  const entries = new Map(map.entries)
  for (const name of names) entries.set(name, from.entries.get(name)!)
  return { ...map, entries }
}

function isDisabled(sections: MapValue): boolean {
  const enabled = mapOf(sections.entries.get('metadata'))?.entries.get('enabled')
  return enabled?.kind === 'scalar' && enabled.value === false
}

/** The results of functions merged with what other layers say at the same path. */
function settled({ deferred }: Merged, sections: MapValue, evaluation: Evaluation): MapValue {
  let result = sections
  for (const [section, items] of deferred)
    for (const { path, values, strategy } of items) {
      if (values.length === 1 && isAnswered(valueAt(result, [section, ...path]))) continue
      const alone = values.every((value) => value.kind === 'scalar')
      const answered = values.map((value) => answer(value, evaluation, alone))
      const found = answered.filter((value) => value !== undefined)
      if (found.length === 0) continue
      refuseLateMerge(values, evaluation)
      result = withValueAt(result, [section, ...path], mergedValues(found, strategy)) as MapValue
    }
  return result
}

/** A value that one function alone gives is there already, unless the merge of a value above it took it away. */
function isAnswered(value: Value | undefined): boolean {
  return value !== undefined && !(value.kind === 'scalar' && value.value === null) && !isDeferredFunction(value)
}

/** A call that is left to the run stays as it is where its answer only replaces, and is not merged with a map or a list. */
function answer(value: Value, evaluation: Evaluation, replaces: boolean): Value | undefined {
  const call = callOf(value)
  if (call === undefined || evaluation.skip.includes(call.name)) return value
  return (replaces ? staysLate(call, evaluation) : isLate(call)) ? value : run(call, value.at, evaluation)
}

function isCall(value: Value | undefined, name: string, args: string): boolean {
  const call = value && callOf(value)
  return call?.name === name && call.args === args
}

function callOf(value: Value): ReturnType<typeof callIn> {
  const text = textOf(value)
  return text === undefined ? undefined : callIn(text)
}

/** Whether a run's answer would be merged with a map or list: that would have to happen after the run. */
function refuseLateMerge(values: readonly Value[], { skip }: Evaluation): void {
  const late = values.find((value) => {
    const call = callOf(value)
    return call !== undefined && isLate(call) && !skip.includes(call.name)
  })
  if (late === undefined || values.every((value) => value.kind === 'scalar')) return
  throw new UserError({
    code: 'not-yet',
    message: `${textOf(late)} would be merged with what another layer says here, which Airlock does not do yet`,
    fix: 'write the value in one layer only',
    at: late.at,
    exit: 2,
  })
}
