import { plain } from '../../../src/stacks/value.ts'
import { parseManifest } from '../../../src/stacks/yaml/manifest.ts'
import { Refusal } from './state.ts'

/** An input that a workflow takes when somebody starts it. */
export interface DispatchInput {
  readonly type?: string
  readonly required?: boolean
  readonly default?: unknown
  readonly options?: readonly string[]
}

/** A workflow's name, and what `workflow_dispatch` of it takes; undefined when nobody can start it. */
export interface WorkflowFile {
  readonly name: string
  readonly dispatch: Readonly<Record<string, DispatchInput>> | undefined
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What GitHub's API needs to know of a workflow file. */
export function workflowFile(path: string, text: string): WorkflowFile {
  const value = parseManifest(text, path)
  const file = value === undefined ? {} : plain(value)
  if (!isObject(file)) return { name: path, dispatch: undefined }
  const on = file.on
  const name = typeof file.name === 'string' ? file.name : path
  const bare = on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'))
  if (!isObject(on) || !('workflow_dispatch' in on)) return { name, dispatch: bare ? {} : undefined }
  const event = on.workflow_dispatch
  const inputs = isObject(event) && isObject(event.inputs) ? event.inputs : {}
  return { name, dispatch: inputs as Readonly<Record<string, DispatchInput>> }
}

/** The inputs of a dispatch with defaults filled in. @throws Refusal 422 as GitHub refuses them */
export function dispatchInputs(
  takes: Readonly<Record<string, DispatchInput>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const unexpected = Object.keys(given).filter((name) => !(name in takes))
  if (unexpected.length > 0) throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  if (JSON.stringify(given).length > 65_535) throw new Refusal(422, 'inputs are too large.')
  const filled = Object.entries(takes).flatMap(([name, input]): [string, string][] => {
    const value = given[name] ?? input.default
    if (value === undefined || value === null) {
      if (input.required === true) throw new Refusal(422, `Required input '${name}' not provided`)
      return [[name, input.type === 'boolean' ? 'false' : '']]
    }
    if (input.type === 'choice' && !(input.options ?? []).includes(String(value))) {
      throw new Refusal(422, `Provided value '${value}' for input '${name}' not in the list of allowed values`)
    }
    if (input.type === 'boolean' && !['true', 'false'].includes(String(value))) {
      throw new Refusal(422, `Provided value '${value}' for input '${name}' is not a boolean`)
    }
    return [[name, String(value)]]
  })
  return Object.fromEntries(filled)
}
