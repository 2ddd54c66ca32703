import { renderText } from '../stacks/template.ts'
import { asValue, type MapValue } from '../stacks/value.ts'
import type { Facts } from './condition.ts'
import type { Planned, Sequence } from './sequence.ts'
import type { Step, Text, Variables } from './workflow.ts'

/** What surrounds a sequence. */
export interface StepPlace {
  readonly processEnv: Readonly<Record<string, string | undefined>>
  /** `env` of atmos.yaml. */
  readonly configEnv: Readonly<Record<string, string>>
  /** Absolute folder in which a step without working directory runs. */
  readonly cwd: string
  /** Absolute folder that working directories are relative to: Atmos' base path. */
  readonly base: string
}

/** What a run of a workflow knows so far. */
export interface Scope {
  readonly sequence: Sequence
  /** Variables that earlier `env` steps set. */
  readonly set: Map<string, string>
  /** What steps printed. */
  readonly values: Map<string, string>
  status: Facts['status']
}

/** What the workflow sets, then earlier steps, then the step itself. */
export function ownVariables(place: StepPlace, scope: Scope, step: Step): Record<string, string> {
  let own: Record<string, string> = {}
  const add = (variables: Variables) => {
    const env = { ...place.processEnv, ...place.configEnv, ...own }
    const texts = [...variables].map(([name, text]) => [name, rendered(text, scope, step, env)] as const)
    own = { ...own, ...Object.fromEntries(texts) }
  }
  add(scope.sequence.workflow.env)
  own = { ...own, ...Object.fromEntries(scope.set) }
  add(step.env)
  return own
}

/** What the conditions of a step ask about. */
export function factsOf(place: StepPlace, scope: Scope, { step, stack }: Planned): Facts {
  const ci = place.processEnv.CI ?? ''
  return {
    ci: ci !== '' && ci !== 'false' && ci !== '0',
    status: scope.status,
    stack: stack?.text ?? '',
    workflow: scope.sequence.workflow.name,
    step: step.name,
    env: ownVariables(place, scope, step),
    matrix: step.matrix,
  }
}

/** A text with `.env`, `.steps.<name>.value`, `.matrix` and `.flags.stack` filled in. */
export function rendered(
  { text, at }: Text,
  { values, sequence }: Scope,
  { matrix }: Step,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (!text.includes('{{')) return text
  const known = Object.fromEntries(Object.entries(env).filter((it): it is [string, string] => it[1] !== undefined))
  const steps = Object.fromEntries([...values].map(([name, value]) => [name, { value }]))
  const data = { env: known, steps, matrix, flags: { stack: sequence.stack ?? '' } }
  return renderText(text, asValue(data, at) as MapValue, at, 'error')
}
