import type { Tree } from '../git/tree.ts'
import type { GoValue } from '../templates/value.ts'
import type { Ambient } from './ambient.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { setIn } from './context.ts'
import { mergedValues, withValueAt } from './deferred.ts'
import {
  type AnswerLate,
  callIn,
  type Evaluated,
  type Evaluation,
  evaluate,
  isLate,
  run,
  staysLate,
} from './functions.ts'
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
  /** Answers what only a run can know; without it such calls stay, and are listed. */
  readonly answer?: AnswerLate
  /** What `atmos.Component` gives to templates. */
  readonly component?: (component: string, stack: string) => GoValue
  /** Whether a disabled component reads the outputs of others too. */
  readonly disabledReads?: boolean
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
    result = renderSections(
      result,
      sections,
      config,
      { env: setIn(ambient.env), ...(how.component && { component: how.component }) },
      how.answer ? undefined : (args, path, at, reads) => late.push({ name: 'template', args, path, at, reads }),
    )
  if (!how.processFunctions) return { sections: withKept(result, sections, kept), late }
  const disabled = isDisabled(sections) && !how.disabledReads ? ['terraform.output', 'terraform.state'] : []
  const evaluation: Evaluation = {
    tree,
    ambient,
    sections: result,
    skip: [...how.skip, ...disabled],
    ...(how.later && { later: how.later }),
    ...(how.answer && { answer: how.answer }),
  }
  const done = evaluate(evaluation)
  const merges = settled(merged, done.sections, evaluation)
  const calls =
    merges.sections === done.sections
      ? done.late
      : done.late.filter(({ path, name, args }) => isCall(valueAt(merges.sections, path), name, args))
  return { late: [...late, ...calls, ...merges.late], sections: withKept(merges.sections, sections, kept) }
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

/**
 * The results of functions merged with what other layers say at the same path. Where a run's answer is yet to be merged
 * with a map or a list, all that the layers say stands there in a row until then.
 */
function settled({ deferred }: Merged, sections: MapValue, evaluation: Evaluation): Evaluated {
  let result = sections
  const late: LateCall[] = []
  for (const [section, items] of deferred)
    for (const { path, values, strategy } of items) {
      const whole = [section, ...path]
      if (values.length === 1 && isThere(valueAt(result, whole))) continue
      const alone = values.every((value) => value.kind === 'scalar')
      const answered = values.map((value) => answer(value, evaluation, alone))
      const found = answered.filter((value) => value !== undefined)
      if (found.length === 0) continue
      const waiting = alone ? [] : found.flatMap((value) => waitingCall(value, whole, evaluation) ?? [])
      late.push(...waiting)
      const value: Value =
        waiting.length > 0 ? { kind: 'list', at: found[0]!.at, items: found } : mergedValues(found, strategy)
      result = withValueAt(result, whole, value) as MapValue
    }
  return { sections: result, late }
}

/** A value that one function alone gives is there already, unless the merge of a value above it took it away. */
function isThere(value: Value | undefined): boolean {
  return value !== undefined && !(value.kind === 'scalar' && value.value === null)
}

/** A call that is left to the run stays as it is where its answer only replaces, and is not merged with a map or a list. */
function answer(value: Value, evaluation: Evaluation, replaces: boolean): Value | undefined {
  const call = callOf(value)
  if (call === undefined || evaluation.skip.includes(call.name)) return value
  if (!(replaces ? staysLate(call, evaluation) : isLate(call))) return run(call, value.at, evaluation)
  return evaluation.answer?.(call, value.at, { strict: true }) ?? value
}

function isCall(value: Value | undefined, name: string, args: string): boolean {
  const call = value && callOf(value)
  return call?.name === name && call.args === args
}

function callOf(value: Value): ReturnType<typeof callIn> {
  const text = textOf(value)
  return text === undefined ? undefined : callIn(text)
}

/** The call that a layer's value is, where a run has yet to answer it. */
function waitingCall(value: Value, path: readonly string[], { skip }: Evaluation): LateCall | undefined {
  const call = callOf(value)
  if (call === undefined || !isLate(call) || skip.includes(call.name)) return undefined
  return { ...call, path, at: value.at, merged: true }
}
