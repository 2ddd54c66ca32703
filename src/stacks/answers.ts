import { type Position, UserError } from '../error.ts'
import type { GoValue } from '../templates/value.ts'
import type { StateRef } from '../terraform/states.ts'
import { refuseCycle, staticOutputs, withEntry } from './asked-component.ts'
import { baseOf, sectionsIn } from './complete.ts'
import { insideRepository } from './config-base.ts'
import { ALL, type Finishing, finish } from './finish.ts'
import { type AnswerLate, type Call, json, wordsOf } from './functions.ts'
import { goValue } from './go-value.ts'
import { type InstanceId, instanceId } from './instance.ts'
import type { Stacks } from './instances.ts'
import { reread } from './late.ts'
import type { Found } from './lookup.ts'
import { joinPath } from './paths.ts'
import { stateCall } from './state-call.ts'
import { asValue, type MapValue, mapOf, type Plain, plain, scalarAt, textOf, type Value, valueAt } from './value.ts'
import { evaluateYq, hasDefault } from './yq.ts'

/** Something outside of the files that a value hangs on. */
export type Question =
  | { readonly kind: 'outputs'; readonly of: InstanceId; readonly ref: StateRef }
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'git'; readonly what: GitFact }

/** What `!git.…` may ask of a repository. */
export type GitFact = 'sha' | 'branch' | 'url'

/** Outputs as a state has them. */
export type StateValues = Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>

/** What is answered; `absent`: there is no such state or repository; `open`: it was not asked yet, and will be. */
export type Reply =
  | { readonly kind: 'outputs'; readonly outputs: StateValues }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'open' }

/** Asks something that lies outside. What is `open` stands as null for now: whoever asks works all out again later. */
export type Ask = (question: Question) => Reply

/** What becomes of a value that is not there yet: an error, or `(computed)` with or without a word on it. */
export type ErrorMode = 'strict' | 'warn' | 'silent'

/** A run that answers late calls, and what it comes to know on the way. */
export interface Running {
  readonly ask: Ask
  /** Default: what the configuration says, else `warn`. */
  readonly errorMode?: ErrorMode | undefined
  /** Whether `mocks` of a component stand for its outputs. */
  readonly useMocks?: boolean | undefined
  /** Takes note of a value that stands as `(computed)`. */
  readonly undetermined?: (call: string) => void
  /** Takes note of a text that must not be shown. */
  readonly secret?: (value: Plain) => void
}

/** What stands for a value that is not there yet. */
export const COMPUTED = '(computed)'

/** The error mode that a configuration asks for. @throws UserError `config-invalid` */
export function errorModeOf(stacks: Pick<Stacks, 'config'>, { errorMode }: Running): ErrorMode {
  const mode = errorMode ?? (textOf(valueAt(stacks.config.raw, ['describe', 'error_mode'])) || 'warn')
  if (mode === 'strict' || mode === 'warn' || mode === 'silent') return mode
  throw new UserError({
    code: 'config-invalid',
    message: `describe.error_mode is strict, warn or silent, not ${JSON.stringify(mode)}`,
    fix: 'correct it in atmos.yaml, or in ATMOS_DESCRIBE_ERROR_MODE',
    exit: 2,
  })
}

/** How the calls of a component are answered by a run: what `finish` is to be given. */
export function answers(stacks: Stacks, running: Running, asker: InstanceId, stack: string): Partial<Finishing> {
  return answersFor({ stacks, running, mode: errorModeOf(stacks, running), sections: new Map() }, [asker], stack)
}

interface Context {
  readonly stacks: Stacks
  readonly running: Running
  readonly mode: ErrorMode
  /** Of components that were asked for: each is worked out once. */
  readonly sections: Map<InstanceId, { readonly sections: MapValue; readonly found: Found }>
}

function answersFor(context: Context, chain: readonly InstanceId[], stack: string): Partial<Finishing> {
  return {
    answer: lateAnswer(context, chain, stack),
    component: (component, other) => componentNow(context, chain, component, other),
    disabledReads: true,
  }
}

function lateAnswer(context: Context, chain: readonly InstanceId[], stack: string): AnswerLate {
  return (call, at, { strict }) => {
    switch (call.name) {
      case 'terraform.state':
      case 'terraform.output':
        return outputNow(context, chain, stack, call, at, strict || context.mode === 'strict')
      case 'exec':
        return textNow(context.running.ask({ kind: 'command', line: unquoted(call.args) }), at, (text) =>
          json(text.replace(/\n+$/, ''), at),
        )
      case 'secret':
        return undefined
    }
    if (call.name.startsWith('git.')) return gitNow(context.running.ask, call, at)
    // Atmos takes these for calls only where nothing follows.
    if (call.name.startsWith('aws.') && call.args !== '') return scalarAt(at, `!${call.name} ${call.args}`)
    throw new UserError({
      code: 'call-unsupported',
      message: `!${call.name} ${call.args} cannot be answered here`,
      fix: `write the value, or leave the call as it is: --skip ${call.name}`,
      at,
      exit: 2,
    })
  }
}

/** `"echo 5"`: quotes around the whole are no part of it. */
function unquoted(args: string): string {
  const [, inner] = /^"([^"]*)"$|^'[^']*'$/.exec(args) ?? []
  return inner ?? args
}

function textNow(reply: Reply, at: Position, read: (text: string) => Value): Value {
  return reply.kind === 'text' ? read(reply.text) : scalarAt(at, null)
}

function gitNow(ask: Ask, { name, args }: Call, at: Position): Value {
  const fact = name.slice('git.'.length)
  const what: GitFact = fact === 'sha' || fact === 'ref' ? 'sha' : fact === 'branch' ? 'branch' : 'url'
  const reply = ask({ kind: 'git', what })
  if (reply.kind === 'open') return scalarAt(at, null)
  const text = reply.kind === 'text' ? part(fact, reply.text) : undefined
  const [otherwise] = wordsOf(args)
  const value = text ?? otherwise
  if (value !== undefined) return scalarAt(at, value)
  throw new UserError({
    code: 'function-invalid',
    message: `!${name}: there is no Git repository here that says it`,
    fix: `give it a default: !${name} none`,
    at,
    exit: 2,
  })
}

/** What a remote's address says: `git@github.com:acme/infra.git`, `https://github.com/acme/infra`. */
function part(fact: string, text: string): string | undefined {
  if (['sha', 'ref', 'branch', 'url'].includes(fact)) return text
  const [, host, path] = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^:/]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(text) ?? []
  if (host === undefined || path === undefined) return undefined
  const owner = path.split('/').slice(0, -1).join('/')
  const name = path.split('/').at(-1)!
  switch (fact) {
    case 'host':
      return host
    case 'owner':
      return owner
    case 'name':
      return name
    default:
      return `${owner}/${name}`
  }
}

function outputNow(
  context: Context,
  chain: readonly InstanceId[],
  stack: string,
  call: Call,
  at: Position,
  strict: boolean,
): Value {
  try {
    return outputOf(context, chain, stack, call, at)
  } catch (error) {
    if (strict || !(error instanceof UserError) || error.code !== 'state-absent') throw error
    context.running.undetermined?.(`!${call.name} ${call.args}`)
    return scalarAt(at, COMPUTED)
  }
}

function outputOf(context: Context, chain: readonly InstanceId[], stack: string, call: Call, at: Position): Value {
  const late = { ...call, path: [], at }
  const { component, stack: other, expression } = stateCall(late, { stack })
  const id = instanceId(component, other)
  const found = outputsNow(context, chain, component, other, call.name === 'terraform.output', at)
  if (found === 'open') return scalarAt(at, null)
  if (found === undefined && call.name === 'terraform.state' && !hasDefault(expression))
    throw new UserError({
      code: 'state-absent',
      message: `!${call.name} ${call.args}: ${id} was not applied yet`,
      fix: `apply it first, or say what counts until then: .output // "value"`,
      at,
      exit: 2,
    })
  const outputs = found ?? {}
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))
  const result = evaluateYq(expression, values)
  if (result.kind !== 'value')
    throw new UserError({
      code: 'output-path-invalid',
      message: `!${call.name} ${call.args}: ${result.kind === 'wrong' ? result.why : 'not known'}`,
      fix: 'write the output as a path, for example .subnets[0].id // "none"',
      at,
      exit: 2,
    })
  return asValue(reread(late, result.value as Plain), at)
}

/** The outputs of a component; undefined: it was never applied. */
function outputsNow(
  context: Context,
  chain: readonly InstanceId[],
  component: string,
  stack: string,
  byTerraform: boolean,
  at: Position | undefined,
): StateValues | 'open' | undefined {
  const { running } = context
  const { sections, found } = sectionsNow(context, chain, component, stack)
  const plainly = (outputs: { readonly [name: string]: Plain }): StateValues =>
    Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: false }]))
  const mocks = mapOf(sections.entries.get('mocks'))
  if (running.useMocks && mocks) return plainly(plain(mocks) as { readonly [name: string]: Plain })
  const written = staticOutputs(sections)
  if (written) return plainly(written)
  const id = instanceId(component, found.stack)
  const folder = folderOf(context.stacks, found, sections)
  if (byTerraform) refuseWithoutFolder(context.stacks, folder, id, at)
  const reply = running.ask({ kind: 'outputs', of: id, ref: stateRefOf(context.stacks, sections, folder) })
  if (reply.kind === 'open') return 'open'
  if (reply.kind !== 'outputs') return byTerraform ? {} : undefined
  if (byTerraform)
    for (const { value, sensitive } of Object.values(reply.outputs)) if (sensitive) running.secret?.(value as Plain)
  return reply.outputs
}

function sectionsNow(
  context: Context,
  chain: readonly InstanceId[],
  component: string,
  stack: string,
): { readonly sections: MapValue; readonly found: Found } {
  const id = instanceId(component, stack)
  refuseCycle(chain, id)
  const known = context.sections.get(id)
  if (known) return known
  const { stacks } = context
  const found = stacks.find(component, stack)
  // What another component is made of must be there: only what was asked for itself may stand open.
  const strictly: Context = { ...context, mode: 'strict' }
  const { sections } = finish(stacks, found.merged, sectionsIn(stacks, found, false), {
    ...ALL,
    ...answersFor(strictly, [...chain, id], found.stack),
  })
  const result = { sections, found }
  context.sections.set(id, result)
  return result
}

function componentNow(context: Context, chain: readonly InstanceId[], component: string, stack: string): GoValue {
  const { sections } = sectionsNow(context, chain, component, stack)
  const outputs = outputsNow(context, chain, component, stack, true, undefined)
  const values = outputs === 'open' || outputs === undefined ? {} : outputs
  const plainly = Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value as Plain]))
  return withEntry(goValue(sections), 'outputs', goValue(asValue(plainly, sections.at)))
}

function folderOf({ config }: Stacks, { merged, stack }: Found, sections: MapValue): string {
  const base = insideRepository(config.components.terraform.folder)
  const workdir = valueAt(sections, ['provision', 'workdir', 'enabled'])
  if (workdir?.kind === 'scalar' && workdir.value === true)
    return joinPath(
      insideRepository(config.folder),
      '.workdir/terraform',
      `${stack}-${merged.name.replaceAll('-', '-h').replaceAll('/', '-s')}`,
    )
  return joinPath(base, baseOf(merged, sections.entries) || merged.name)
}

function refuseWithoutFolder({ tree }: Stacks, folder: string, id: InstanceId, at: Position | undefined): void {
  if ([...tree.files.keys()].some((path) => path.startsWith(`${folder}/`))) return
  throw new UserError({
    code: 'component-folder-missing',
    message: `the outputs of ${id} cannot be read: its folder ${folder} does not exist`,
    fix: 'create the component, or correct metadata.component',
    ...(at && { at }),
    exit: 2,
  })
}

/**
 * Where Atmos 1.227 looks for a state. A local one it expects at `path` in every workspace, where Terraform itself does not
 * put those of named ones, and it does not read `workspace_dir`.
 */
function stateRefOf({ tree }: Stacks, sections: MapValue, folder: string): StateRef {
  const backendType = textOf(sections.entries.get('backend_type')) ?? ''
  const workspace = textOf(sections.entries.get('workspace')) ?? ''
  const written = mapOf(sections.entries.get('backend'))
  const backend = written ? (plain(written) as Readonly<Record<string, unknown>>) : {}
  const at = { backendType, workspace, folder: `${tree.root}/${folder}` }
  if (backendType !== '' && backendType !== 'local') return { ...at, backend }
  const named = workspace !== '' && workspace !== 'default'
  const usual = named ? `terraform.tfstate.d/${workspace}/terraform.tfstate` : 'terraform.tfstate'
  const path = typeof backend.path === 'string' && backend.path !== '' ? backend.path : usual
  return { ...at, workspace: 'default', backend: { path } }
}
