import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Permissions } from '../github/hub.ts'
import { type Contexts, evaluate, evaluateText, textOf } from './expressions.ts'
import type { Graph, runGraph } from './graph.ts'
import type { Instance, Result } from './instance.ts'
import type { Surroundings } from './live.ts'
import { InvalidFile, mapIn, parseFile, type TemplateMap } from './template.ts'

/** Runs the workflow that a job calls, with the inputs and secrets that it is given. */
export async function callWorkflow(
  around: Surroundings,
  it: Instance,
  permissions: Permissions,
  run: typeof runGraph,
): Promise<Result> {
  const { spec, contexts, graph } = it
  const file = await fileOf(around, graph, String(spec.get('uses')))
  const call = mapIn(
    file.tree.get('on') instanceof Map ? (file.tree.get('on') as TemplateMap) : new Map(),
    'workflow_call',
  )
  const inputs = inputsOf(call, spec, contexts)
  const called: Graph = {
    live: graph.live,
    tree: file.tree,
    workflowRef: file.workflowRef,
    called: { name: it.name, atMost: permissions, folder: file.folder },
    inputs,
    secrets: secretsOf(graph, call, spec, contexts),
    variables: graph.variables,
    cancelled: it.cancelled,
  }
  const results = await around.activity.pause(run(around, called))
  const outputs = [...mapIn(call, 'outputs')].map(([name, output]) => [
    name,
    evaluateText(output instanceof Map ? output.get('value') : undefined, {
      ...contexts,
      inputs,
      jobs: Object.fromEntries(results),
    }),
  ])
  return { result: worst([...results.values()]), outputs: Object.fromEntries(outputs) }
}

function worst(results: readonly Result[]): Result['result'] {
  return (
    (['failure', 'cancelled', 'success'] as const).find((it) => results.some(({ result }) => result === it)) ??
    'skipped'
  )
}

interface CalledFile {
  readonly tree: TemplateMap
  readonly workflowRef: string
  /** Where it came from a folder on this machine: its own `./` paths lie there. */
  readonly folder: string | undefined
}

async function fileOf(around: Surroundings, graph: Graph, uses: string): Promise<CalledFile> {
  const { live } = graph
  if (uses.startsWith('./')) {
    const path = uses.slice(2)
    const folder = graph.called?.folder
    const content =
      folder === undefined ? await around.host.hub.file(live.run.repository, live.run.sha, path) : readIn(folder, path)
    return { tree: parsed(uses, content), workflowRef: sibling(graph.workflowRef, path), folder }
  }
  const found = /^([^/]+\/[^/]+)\/(.+)@(.+)$/.exec(uses)
  if (found === null) throw new InvalidFile(`invalid value workflow reference: ${uses}`)
  const [, repository, path, ref] = found as unknown as [string, string, string, string]
  const folder = around.host.actions[repository]
  const content = folder === undefined ? await around.host.hub.file(repository, ref, path) : readIn(folder, path)
  return { tree: parsed(uses, content), workflowRef: `${repository}/${path}@${ref}`, folder }
}

function readIn(folder: string, path: string): string | undefined {
  try {
    return readFileSync(join(folder, path), 'utf8')
  } catch {
    return undefined
  }
}

function parsed(uses: string, content: string | undefined): TemplateMap {
  if (content === undefined) throw new InvalidFile(`error parsing called workflow "${uses}": workflow was not found.`)
  const tree = parseFile('workflow', uses, content)
  const on = tree.get('on')
  if (!(on instanceof Map ? on.has('workflow_call') : [on].flat().includes('workflow_call')))
    throw new InvalidFile(
      `error parsing called workflow "${uses}": workflow is not reusable as it is missing a \`on.workflow_call\` trigger`,
    )
  return tree
}

function sibling(workflowRef: string, path: string): string {
  const [owner, name] = workflowRef.split('/')
  return `${owner}/${name}/${path}@${workflowRef.slice(workflowRef.lastIndexOf('@') + 1)}`
}

function inputsOf(call: TemplateMap, spec: TemplateMap, contexts: Contexts): Record<string, unknown> {
  const given = evaluate(mapIn(spec, 'with'), contexts) as Record<string, unknown>
  const declared = mapIn(call, 'inputs') as ReadonlyMap<string, TemplateMap>
  const other = Object.keys(given).find((name) => !declared.has(name))
  if (other !== undefined) throw new InvalidFile(`Invalid input, ${other} is not defined in the referenced workflow.`)
  return Object.fromEntries(
    [...declared].map(([name, input]) => {
      const type = String(input.get('type'))
      const value = given[name] ?? evaluate(input.get('default'), contexts)
      if (value === undefined || value === null) {
        if (input.get('required') === true)
          throw new InvalidFile(`Input ${name} is required, but not provided while calling.`)
        return [name, type === 'boolean' ? false : type === 'number' ? 0 : '']
      }
      return [name, typed(name, type, value)]
    }),
  )
}

function typed(name: string, type: string, value: unknown): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(textOf(value))) return textOf(value) === 'true'
  if (type === 'number' && !Number.isNaN(Number(value))) return Number(value)
  if (type === 'string') return textOf(value)
  throw new InvalidFile(`Unexpected value for input ${name}: ${textOf(value)} is no ${type}`)
}

function secretsOf(
  graph: Graph,
  call: TemplateMap,
  spec: TemplateMap,
  contexts: Contexts,
): ReadonlyMap<string, string> {
  if (spec.get('secrets') === 'inherit') return graph.secrets
  const known = { ...contexts, secrets: Object.fromEntries(graph.secrets) }
  const given = evaluate(mapIn(spec, 'secrets'), known) as Record<string, unknown>
  for (const [name, declared] of mapIn(call, 'secrets'))
    if (declared instanceof Map && declared.get('required') === true && given[name] === undefined)
      throw new InvalidFile(`Secret ${name} is required, but not provided while calling.`)
  return new Map(Object.entries(given).map(([name, value]) => [name, textOf(value)]))
}
