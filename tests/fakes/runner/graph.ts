import { setMaxListeners } from 'node:events'
import type { Permissions } from '../github/hub.ts'
import { type Contexts, evaluate, evaluateText, type Functions, holds } from './expressions.ts'
import { type Instance, instance, type Result } from './instance.ts'
import { type LiveRun, type Surroundings, setStatus } from './live.ts'
import { matrixRows, rowName } from './matrix.ts'
import { slots } from './slots.ts'
import { InvalidFile, mapIn, type TemplateMap, textsOf } from './template.ts'

/** A workflow file at work: the run's own, or one that a job calls. */
export interface Graph {
  readonly live: LiveRun
  readonly tree: TemplateMap
  /** `acme/infra/.github/workflows/airlock.yml@refs/heads/main` */
  readonly workflowRef: string
  /** Set where it is called. */
  readonly called?: { readonly name: string; readonly atMost: Permissions; readonly folder: string | undefined }
  readonly inputs: Readonly<Record<string, unknown>>
  readonly secrets: ReadonlyMap<string, string>
  readonly variables: ReadonlyMap<string, string>
  readonly cancelled: AbortSignal
}

/** Runs the jobs of a workflow, each when those that it needs are over; answers what each came to. */
export async function runGraph(around: Surroundings, graph: Graph): Promise<ReadonlyMap<string, Result>> {
  const jobs = mapIn(graph.tree, 'jobs') as ReadonlyMap<string, TemplateMap>
  const order = inOrder(jobs)
  const results = new Map<string, Promise<Result>>()
  for (const key of order) results.set(key, job(around, graph, jobs, key, results))
  return new Map(await Promise.all([...results].map(async ([key, result]) => [key, await result] as const)))
}

async function job(
  around: Surroundings,
  graph: Graph,
  jobs: ReadonlyMap<string, TemplateMap>,
  key: string,
  results: ReadonlyMap<string, Promise<Result>>,
): Promise<Result> {
  const spec = jobs.get(key)!
  const above = new Map<string, Result>()
  for (const name of ancestors(jobs, key)) above.set(name, await results.get(name)!)
  const needs = Object.fromEntries(textsOf(spec.get('needs')).map((name) => [name, above.get(name)!]))
  const contexts: Contexts = {
    github: { ...graph.live.github, job: key },
    needs,
    inputs: graph.inputs,
    vars: Object.fromEntries(graph.variables),
  }
  const end = around.activity.begin()
  try {
    if (!holds(spec.get('if'), contexts, statusOf(graph, [...above.values()])))
      return skipped(around, graph, spec, key, contexts)
    return await rows(around, graph, { key, spec, contexts })
  } catch (error) {
    return failed(around, graph, key, error as Error)
  } finally {
    end()
  }
}

/** The jobs of a matrix, or the one of a job without. */
async function rows(
  around: Surroundings,
  graph: Graph,
  of: { readonly key: string; readonly spec: TemplateMap; readonly contexts: Contexts },
): Promise<Result> {
  const strategy = (evaluate(of.spec.get('strategy'), of.contexts) ?? {}) as Record<string, unknown>
  const matrix = strategy.matrix === undefined ? [undefined] : matrixRows(strategy.matrix)
  const failFast = strategy['fail-fast'] !== false
  const siblings = new AbortController()
  const most = slots(Number(strategy['max-parallel'] ?? matrix.length))
  // Who runs after a cancel does so because of its condition, and is not cancelled by it.
  const cancelled = graph.cancelled.aborted ? siblings.signal : AbortSignal.any([graph.cancelled, siblings.signal])
  setMaxListeners(0, cancelled)
  const one = async (row: (typeof matrix)[number], index: number) => {
    const end = around.activity.begin()
    try {
      const contexts = {
        ...of.contexts,
        matrix: row ?? null,
        strategy: {
          'fail-fast': failFast,
          'job-index': index,
          'job-total': matrix.length,
          'max-parallel': Number(strategy['max-parallel'] ?? matrix.length),
        },
      }
      const made: Instance = {
        graph,
        key: of.key,
        name: nameOf(graph, of.key, of.spec, contexts, row),
        spec: of.spec,
        contexts,
        most,
        cancelled,
      }
      const result = await instance(around, made, runGraph)
      if (result.result === 'failure' && failFast) siblings.abort()
      return result
    } finally {
      end()
    }
  }
  const all = await around.activity.pause(Promise.all(matrix.map(one)))
  return {
    result: worst(all.map((it) => it.result)),
    outputs: Object.assign({}, ...all.map((it) => filled(it.outputs))) as Record<string, string>,
  }
}

/** Of a matrix, the last job that gave an output something wins. */
function filled(outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''))
}

function worst(results: readonly Result['result'][]): Result['result'] {
  return (['failure', 'cancelled', 'success'] as const).find((it) => results.includes(it)) ?? 'skipped'
}

function nameOf(
  graph: Graph,
  key: string,
  spec: TemplateMap,
  contexts: Contexts,
  row: Readonly<Record<string, unknown>> | undefined,
): string {
  const own = evaluateText(spec.get('name'), contexts) || (row === undefined ? key : `${key} (${rowName(row)})`)
  return graph.called === undefined ? own : `${graph.called.name} / ${own}`
}

function skipped(around: Surroundings, graph: Graph, spec: TemplateMap, key: string, contexts: Contexts): Result {
  // The matrix of a job that is skipped is not known, so its name is not either.
  const name = spec.has('strategy') ? key : nameOf(graph, key, spec, contexts, undefined)
  const record = around.host.hub.startJob(graph.live.run, { name, key })
  graph.live.jobs.push(record)
  setStatus(graph.live, record, 'completed', 'skipped')
  return { result: 'skipped', outputs: {} }
}

function failed(around: Surroundings, graph: Graph, key: string, error: Error): Result {
  const record = around.host.hub.startJob(graph.live.run, { name: key, key })
  graph.live.jobs.push(record)
  record.log += `##[error]${error.message}\n`
  record.annotations.push({ path: '.github', line: 1, level: 'failure', message: error.message })
  setStatus(graph.live, record, 'completed', 'failure')
  return { result: 'failure', outputs: {} }
}

/** `success()` of a job looks at all that came before it, however far; one that was skipped is no success. */
function statusOf(graph: Graph, above: readonly Result[]): Functions {
  const cancelled = () => graph.live.cancel.signal.aborted
  return {
    success: () => !cancelled() && above.every((it) => it.result === 'success'),
    failure: () => !cancelled() && above.some((it) => it.result === 'failure'),
    cancelled,
    hashFiles: () => {
      throw new Error('hashFiles() is not known here')
    },
  }
}

function ancestors(jobs: ReadonlyMap<string, TemplateMap>, key: string): string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    for (const need of textsOf(jobs.get(name)!.get('needs')))
      if (!found.has(need)) {
        found.add(need)
        visit(need)
      }
  }
  visit(key)
  return [...found]
}

/** Keys such that each comes after all that it needs. @throws InvalidFile for a job that is not there, and for a circle */
export function inOrder(jobs: ReadonlyMap<string, TemplateMap>): string[] {
  const order: string[] = []
  const visit = (key: string, from: readonly string[]) => {
    if (order.includes(key)) return
    if (from.includes(key))
      throw new InvalidFile(`Invalid workflow file: the jobs ${[...from, key].join(' → ')} need each other`)
    for (const need of textsOf(jobs.get(key)!.get('needs'))) {
      if (!jobs.has(need))
        throw new InvalidFile(`Invalid workflow file: Job '${key}' depends on unknown job '${need}'.`)
      visit(need, [...from, key])
    }
    order.push(key)
  }
  for (const key of jobs.keys()) visit(key, [])
  return order
}
