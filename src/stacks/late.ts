import { UserError } from '../error.ts'
import { isGuessable, isSecretName } from '../secrets.ts'
import type { Instance, InstanceId, LateCall } from './instance.ts'
import { rereadText } from './reread.ts'
import { readsState, stateCall } from './state-call.ts'
import { type Plain, plain, valueAt } from './value.ts'
import { evaluateYq, hasDefault, UNKNOWN } from './yq.ts'

/** Outputs by name; `UNKNOWN` inside stands for what is known only after apply. */
export type Outputs = Readonly<Record<string, unknown>>

/** What is known of an instance whose outputs are read. */
export interface Upstream {
  /** Outputs as its plan in this run says that they will be; `unknown`: it is planned, and nothing of that can be told here. */
  readonly planned?: Outputs | 'unknown'
  /** Outputs as its state has them now; undefined when it was never applied. */
  readonly state?: Outputs
  /** Names of outputs that are sensitive. */
  readonly sensitive: ReadonlySet<string>
}

/**
 * What a late call came to. `plan`: the upstream's plan of this run knows the value. `state`: the value of now.
 * `provisional`: the value of now, though the upstream's plan says that it will be known only after apply. `missing`: there
 * is no value yet, because the upstream was never applied.
 */
export type LateAnswer =
  | {
      readonly kind: 'value'
      readonly call: LateCall
      readonly source: 'plan' | 'state' | 'environment'
      readonly value: Plain
      readonly of?: InstanceId
      readonly sensitive: boolean
    }
  | {
      readonly kind: 'provisional'
      readonly call: LateCall
      readonly value: Plain
      readonly of: InstanceId
      readonly sensitive: boolean
    }
  | { readonly kind: 'missing'; readonly call: LateCall; readonly of: InstanceId }

/** Instances whose outputs an instance reads. @throws UserError `call-invalid` */
export function upstreams(instance: Instance): InstanceId[] {
  return [
    ...new Set(
      instance.late.flatMap((call) => call.reads ?? (readsState(call) ? [stateCall(call, instance).target] : [])),
    ),
  ]
}

/** Where a run is: what its environment says, and the absolute path of its checkout. */
export interface Here {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly root: string
}

/**
 * Answers every late call of an instance, from what is known of the instances it reads and from the environment.
 * @throws UserError `call-unsupported`, `output-path-invalid`, `instance-unknown`
 */
export function lateAnswers(
  instance: Instance,
  known: (id: InstanceId) => Upstream | undefined,
  { env, root }: Here,
): LateAnswer[] {
  return instance.late.map((call) => {
    if (call.reads) return templateAnswer(call, call.reads, known)
    if (readsState(call)) return stateAnswer(instance, call, known)
    if (call.name === 'env') {
      const value = envValue(instance, call, env)
      const sensitive = isSecretName(words(call.args)[0] ?? '') && !isGuessable(value)
      return { kind: 'value', call, source: 'environment', value, sensitive }
    }
    if (call.name === 'repo-root' || call.name === 'git.root')
      return { kind: 'value', call, source: 'environment', value: root, sensitive: false }
    throw new UserError({
      code: 'call-unsupported',
      message: `!${call.name} ${call.args} in ${instance.id} cannot be filled in yet`,
      fix: `write the value, or read it with !terraform.state or !env`,
      at: call.at,
      exit: 2,
    })
  })
}

/** What a text that only a run can render hangs on: all outputs of the components that it asks, by their names. */
function templateAnswer(
  call: LateCall,
  reads: readonly InstanceId[],
  known: (id: InstanceId) => Upstream | undefined,
): LateAnswer {
  const upstreams = reads.flatMap((id) => {
    const upstream = known(id)
    return upstream ? [{ id, upstream, planned: whollyKnown(upstream) }] : []
  })
  const waiting = upstreams.find(({ upstream, planned }) => planned === undefined && upstream.state === undefined)
  if (waiting) return { kind: 'missing', call, of: waiting.id }
  const value = Object.fromEntries(
    upstreams.map(({ id, upstream, planned }) => [id, (planned ?? upstream.state) as Plain]),
  )
  const provisional = upstreams.find(({ upstream, planned }) => upstream.planned && planned === undefined)
  if (provisional) return { kind: 'provisional', call, value, of: provisional.id, sensitive: false }
  const source = upstreams.some(({ planned }) => planned) ? 'plan' : 'state'
  return { kind: 'value', call, source, value, ...(reads[0] && { of: reads[0] }), sensitive: false }
}

/** The outputs that a plan of this run says, where it says all of them. */
function whollyKnown({ planned }: Upstream): Outputs | undefined {
  if (planned === undefined || planned === 'unknown') return undefined
  return evaluateYq('.', planned).kind === 'value' ? planned : undefined
}

function stateAnswer(instance: Instance, call: LateCall, known: (id: InstanceId) => Upstream | undefined): LateAnswer {
  const { target, expression } = stateCall(call, instance)
  const upstream = known(target)
  if (upstream === undefined)
    throw new UserError({
      code: 'instance-unknown',
      message: `${instance.id} reads ${target}, which no stack declares`,
      fix: 'correct the component or the stack of the call',
      at: call.at,
      exit: 2,
    })
  const sensitive = readsAny(expression, upstream)
  const now = upstream.state ?? (hasDefault(expression) ? {} : undefined)
  if (upstream.planned) {
    const found = evaluateYq(expression, upstream.planned === 'unknown' ? UNKNOWN : upstream.planned)
    if (found.kind === 'wrong') throw invalidPath(call, found.why)
    if (found.kind === 'value')
      return { kind: 'value', call, source: 'plan', value: reread(call, found.value as Plain), of: target, sensitive }
  }
  if (now === undefined || (upstream.planned && upstream.state === undefined))
    return { kind: 'missing', call, of: target }
  const found = evaluateYq(expression, now)
  if (found.kind === 'wrong') throw invalidPath(call, found.why)
  if (found.kind === 'unknown') throw new Error(`the state of ${target} holds an unknown value`)
  const value = reread(call, found.value as Plain)
  return upstream.planned
    ? { kind: 'provisional', call, value, of: target, sensitive }
    : { kind: 'value', call, source: 'state', value, of: target, sensitive }
}

/** Whether the answer hangs on a sensitive output. */
function readsAny(expression: string, { sensitive, state, planned }: Upstream): boolean {
  if (sensitive.size === 0) return false
  const hidden = Object.fromEntries([...sensitive].map((name) => [name, UNKNOWN]))
  const outputs = { ...state, ...(planned === 'unknown' ? {} : planned) }
  const shown = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, value === UNKNOWN ? null : value] as const),
  )
  return evaluateYq(expression, { ...shown, ...hidden }).kind === 'unknown'
}

/** The value as it is used. @throws UserError `not-json` for a text such as `.inf`, which becomes a number that JSON cannot hold */
export function reread(call: LateCall, value: Plain): Plain {
  const read = rereadText(value)
  if (typeof read !== 'number' || Number.isFinite(read)) return read
  throw new UserError({
    code: 'not-json',
    message: `!${call.name} ${call.args} gave the text ${JSON.stringify(value)}, which Atmos reads as a number that JSON cannot hold`,
    fix: 'put it into a list or a map in the output: texts inside of these stay as they are',
    at: call.at,
    exit: 2,
  })
}

/** The component's `env` section first, then the process, then the default, else the empty text. */
function envValue(instance: Instance, call: LateCall, env: Readonly<Record<string, string | undefined>>): string {
  const [name, otherwise, ...more] = words(call.args)
  if (name === undefined || more.length > 0) throw invalidPath(call, 'needs a name, and at most a default')
  const own = valueAt(instance.sections, ['env', name])
  if (own !== undefined && own.kind === 'scalar') return own.value === null ? '<nil>' : String(plain(own))
  return env[name] ?? otherwise ?? ''
}

function words(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|(\S+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!)
}

function invalidPath(call: LateCall, why: string): UserError {
  return new UserError({
    code: 'output-path-invalid',
    message: `!${call.name} ${call.args}: ${why}`,
    fix: 'write the output as a path, for example .subnets[0].id // "none"',
    at: call.at,
    exit: 2,
  })
}
