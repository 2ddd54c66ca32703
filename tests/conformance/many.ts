import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { affectedBetween } from '../../src/affected/atmos/between.ts'
import type { PlainMap } from '../../src/affected/atmos/described.ts'
import { subjects } from '../../src/affected/subject.ts'
import { UserError } from '../../src/error.ts'
import { edgesOf } from '../../src/flows/edges.ts'
import type { Edge } from '../../src/graph/graph.ts'
import { waves } from '../../src/graph/waves.ts'
import { type Instance, type InstanceId, instanceId } from '../../src/stacks/instance.ts'
import { resolveStacks, type Stacks } from '../../src/stacks/instances.ts'
import { plain, valueAt } from '../../src/stacks/value.ts'
import { evaluateYq } from '../../src/stacks/yq.ts'
import { type Case, differs, guarded, inputs, type Run } from './execution.ts'
import { difference, type Outcome } from './outcome.ts'
import { type Files, filesBelow, laidOver, names, readJson, treeOf } from './repos.ts'

/** `atmos terraform VERB` of many components, taken apart. */
interface Many {
  readonly verb: string
  readonly flags: Readonly<Record<string, string>>
  readonly extra: readonly string[]
}

const VERBS = ['plan', 'apply', 'deploy', 'destroy', 'init']
const CHOOSING = ['all', 'affected', 'components', 'query', 'tags', 'labels']
const WITH_VALUE = ['stack', 'components', 'query', 'tags', 'labels', 'ref', 'failure-mode', 'max-concurrency']

/**
 * Runs the cases of `conformance/execution` that call many components: which of them we would run, after whom, with what,
 * and where a run ends that fails.
 */
export function runMany(folder: string): Outcome[] {
  return names(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) => {
      const it = readJson<Case>(folder, file)
      const fixture = it.fixture === undefined ? undefined : join(folder, '..', it.fixture)
      if (fixture !== undefined && !existsSync(fixture)) return []
      const base = fixture === undefined ? (it.files ?? {}) : filesBelow(fixture)
      return it.runs.flatMap((run, at) => {
        const many = manyOf(run.args)
        return many ? [{ id: `${file}#${at}`, ...outcomeOf(run, many, base, laidOver(base, it.changes ?? {})) }] : []
      })
    })
}

/** The case of `conformance/cases` that asks for many components, in the same way. */
export function runManyExperiments(folder: string): Outcome[] {
  return names(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) =>
      readJson<readonly (Run & { readonly id: string; readonly files?: Files })[]>(folder, file).flatMap((it) => {
        const many = it.files && manyOf(it.args)
        return many ? [{ id: `${file}#${it.id}`, ...outcomeOf(it, many, it.files!, it.files!) }] : []
      }),
    )
}

function manyOf(args: readonly string[]): Many | undefined {
  const [terraform, verb = '', ...rest] = args
  if (terraform !== 'terraform') return undefined
  const flags: Record<string, string> = {}
  const extra: string[] = []
  let component: string | undefined
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!
    if (word === '--') {
      extra.push(...rest.slice(at + 1))
      break
    }
    const [, long, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? (word === '-s' ? [word, 'stack'] : [])
    if (long !== undefined) flags[long] = value ?? (WITH_VALUE.includes(long) ? (rest[++at] ?? '') : 'true')
    else if (word.startsWith('-')) extra.push(word)
    else component ??= word
  }
  const chooses = CHOOSING.some((name) => flags[name] !== undefined)
  if (!chooses && (component !== undefined || flags.stack === undefined || !VERBS.includes(verb))) return undefined
  return { verb, flags: component !== undefined && chooses ? { ...flags, component } : flags, extra }
}

function outcomeOf(run: Run, many: Many, base: Files, files: Files): Omit<Outcome, 'id'> {
  try {
    const message = compared(run, many, base, laidOver(files, run.add ?? {}))
    return message === undefined ? { pass: true } : { pass: false, message }
  } catch (error) {
    if (!(error instanceof UserError)) return { pass: false, message: `crashed: ${(error as Error).stack}` }
    if (error.code === 'not-yet') return { pass: false, message: `not yet: ${error.message}` }
    return run.code !== 0 && !run.calls?.length ? { pass: true } : { pass: false, message: `refused: ${error.message}` }
  }
}

function refuse(message: string): never {
  throw new UserError({ code: 'usage', message })
}

function compared(run: Run, { verb, flags, extra }: Many, base: Files, files: Files): string | undefined {
  if (!VERBS.includes(verb)) refuse(`${verb} runs one component`)
  if (flags.component !== undefined) refuse('a component, and many of them')
  if (flags.affected !== undefined && (flags.all ?? flags.base ?? flags['exclude-locked']) !== undefined)
    refuse('--affected has its own way to choose')
  if (!['fail-fast', 'keep-going'].includes(flags['failure-mode'] ?? 'fail-fast')) refuse('no such failure mode')
  const tree = treeOf(files)
  const stacks = resolveStacks(tree, { cwd: run.cwd ?? '', env: run.env ?? {}, gitRoot: '' })
  const runnable = new Map([...stacks.inventory()].filter(([, it]) => !it.abstract && it.enabled))
  const all = edgesOf(subjects(tree, runnable))
  const chosen = withNeighbours(chosenOf(runnable, stacks, flags, base, files), all, flags)
  const edges = all.filter(({ from, to }) => chosen.has(from as InstanceId) && chosen.has(to as InstanceId))
  waves([...chosen], edges)
  const order = inOrder([...chosen], verb === 'destroy' ? edges.map(turned) : edges)
  if (flags['dry-run'] !== undefined) return difference(dryRun(run), order.map(nameOf), 'dry run')
  return played(run, { verb, flags, extra }, stacks, order, verb === 'destroy' ? edges.map(turned) : edges, files)
}

function turned({ from, to, ...edge }: Edge): Edge {
  return { ...edge, from: to, to: from }
}

/** As Atmos goes: the smallest of those that are ready, again and again. */
function inOrder(ids: readonly InstanceId[], edges: readonly Edge[]): InstanceId[] {
  const left = new Set(ids)
  const order: InstanceId[] = []
  while (left.size > 0) {
    const ready = [...left].filter((id) => !edges.some(({ from, to }) => from === id && left.has(to as InstanceId)))
    const [next] = ready.sort((a, b) => (nodeOf(a) < nodeOf(b) ? -1 : 1))
    left.delete(next!)
    order.push(next!)
  }
  return order
}

function nodeOf(id: InstanceId): string {
  return id.replace('@', '-')
}

function nameOf(id: InstanceId): string {
  return id.replace('@', ' in ')
}

/** What Atmos says it would do. */
function dryRun(run: Run): string[] {
  const { stderr = '' } = run as { readonly stderr?: string }
  return [...stderr.matchAll(/Would \w+ (\S+ in \S+) \(dry run\)/g)].map(([, name]) => name!)
}

function chosenOf(
  runnable: ReadonlyMap<InstanceId, Instance>,
  stacks: Stacks,
  flags: Many['flags'],
  base: Files,
  files: Files,
): Set<InstanceId> {
  const affected = flags.affected === undefined ? undefined : affectedOf(stacks, flags, base, files)
  const components = flags.components?.split(',')
  const tags = flags.tags?.split(',')
  const labels = flags.labels?.split(',').map((pair) => pair.split('='))
  const is = ({ id, stack, component, sections }: Instance): boolean => {
    const own = (name: string) => {
      const value = valueAt(sections, ['metadata', name])
      return value === undefined ? undefined : plain(value)
    }
    const found = flags.query === undefined ? undefined : evaluateYq(flags.query, plain(sections))
    return (
      (flags.stack === undefined || stack === flags.stack) &&
      (components === undefined || components.includes(component)) &&
      (found === undefined || (found.kind === 'value' && found.value === true)) &&
      (tags === undefined || tags.some((tag) => ((own('tags') ?? []) as readonly string[]).includes(tag))) &&
      (labels === undefined ||
        labels.every(([key, value]) => ((own('labels') ?? {}) as Record<string, unknown>)[key!] === value)) &&
      (affected === undefined || affected.has(id))
    )
  }
  return new Set([...runnable.values()].filter(is).map(({ id }) => id))
}

function affectedOf(stacks: Stacks, flags: Many['flags'], base: Files, files: Files): Set<InstanceId> {
  const head = treeOf(files)
  const before = flags.ref === 'HEAD' ? head : treeOf(base)
  const items = affectedBetween({ work: head, head, base: before }, stacks.ambient, {
    processTemplates: true,
    processFunctions: true,
    skip: [],
    includeSettings: false,
    excludeLocked: false,
    includeDependents: flags['include-dependents'] !== undefined,
    includeSpaceliftAdminStacks: false,
  })
  const idsOf = (item: PlainMap): InstanceId[] => [
    ...(item.deleted === true ? [] : [instanceId(String(item.component), String(item.stack))]),
    ...((item.dependents ?? []) as readonly PlainMap[]).flatMap(idsOf),
  ]
  return new Set(items.flatMap(idsOf))
}

/** With what the chosen ones come after, or what comes after them, as far as was asked. */
function withNeighbours(chosen: ReadonlySet<InstanceId>, edges: readonly Edge[], flags: Many['flags']) {
  const reach = (name: string) => {
    const value = flags[name]
    return value === undefined ? 0 : value === 'true' ? Number.POSITIVE_INFINITY : Number(value)
  }
  const grown = (start: ReadonlySet<string>, steps: number, next: (edge: Edge, from: string) => string | undefined) => {
    const found = new Set(start)
    let edge = [...start]
    for (let step = 0; step < steps && edge.length > 0; step++) {
      edge = edge.flatMap((id) => edges.flatMap((it) => next(it, id) ?? [])).filter((id) => !found.has(id))
      for (const id of edge) found.add(id)
    }
    return found
  }
  const down = grown(chosen, reach('include-dependencies'), ({ from, to }, id) => (from === id ? to : undefined))
  const up = grown(chosen, reach('include-dependents'), ({ from, to }, id) => (to === id ? from : undefined))
  return new Set([...down, ...up] as InstanceId[])
}

/** Runs all of it in order, as far as it comes, and compares each call with the recorded one of its component. */
function played(
  run: Run,
  { verb, flags, extra }: Many,
  stacks: Stacks,
  order: readonly InstanceId[],
  edges: readonly Edge[],
  files: Files,
): string | undefined {
  const name = verb === 'deploy' ? 'apply' : verb
  const recorded = (run.calls ?? []).flatMap((call, index) => (call.argv[0] === name ? [{ call, index }] : []))
  const failed = new Set<string>()
  const lost = new Set<string>()
  const tree = treeOf(files)
  let at = 0
  for (const id of order) {
    const waits = edges.some(({ from, to }) => from === id && (failed.has(to) || lost.has(to)))
    if (waits || (failed.size > 0 && flags['failure-mode'] !== 'keep-going')) {
      lost.add(id)
      continue
    }
    const instance = stacks.inventory().get(id)!
    const call = {
      command: verb,
      component: instance.component,
      stack: instance.stack,
      flags: flags as Record<string, string | true>,
      extra,
    }
    try {
      guarded(call, stacks, instance, tree, false)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failed.add(id)
      continue
    }
    const ours = inputs({ ...run, args: [] }, call, stacks, instance, tree)
    const changes = verb === 'plan' && ours.code === 2
    if (ours.code !== 0 && !changes) failed.add(id)
    const theirs = recorded[at]
    const isThere = theirs?.call.argv.some((word) => word === ours.job.varFile)
    if (!isThere && failed.has(id)) continue
    if (theirs === undefined) return `runs ${id}, which Atmos does not`
    const message = differs(
      { ...run, code: ours.code, calls: run.calls!.slice(0, theirs.index + 1) },
      call,
      files,
      ours,
    )
    if (message) return `${id}: ${message}`
    at += 1
  }
  if (at < recorded.length) return `Atmos runs ${recorded.length - at} more: ${recorded[at]!.call.argv.join(' ')}`
  const isFailure = run.code !== 0 && !(verb === 'plan' && run.code === 2)
  return failed.size > 0 === isFailure
    ? undefined
    : `${[...failed].join(', ') || 'none'} failed, but Atmos ends with ${run.code}`
}
