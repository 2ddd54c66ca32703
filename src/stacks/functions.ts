import { type Position, UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import { absolute } from './config-base.ts'
import type { LateCall } from './instance.ts'
import {
  asValue,
  type ListValue,
  type MapValue,
  mapAt,
  mapOf,
  type Plain,
  scalarAt,
  textOf,
  type Value,
} from './value.ts'

/** Functions that only a run can answer. */
const LATE = [
  'terraform.output',
  'terraform.state',
  'store',
  'store.get',
  'exec',
  'secret',
  'version',
  'emulator',
  'git.sha',
  'git.ref',
  'git.branch',
  'git.repository',
  'git.owner',
  'git.name',
  'git.host',
  'git.url',
  'aws.account_id',
  'aws.caller_identity_arn',
  'aws.caller_identity_user_id',
  'aws.region',
  'aws.organization_id',
]
const EARLY = ['unset', 'template', 'env', 'repo-root', 'git.root', 'tags', 'labels', 'labels.keys', 'labels.values']
const KNOWN = new Set([...LATE, ...EARLY])

/** A function call as a text: `!env NAME`. */
export interface Call {
  readonly name: string
  readonly args: string
}

/** The call that a text is; undefined where it is none that Atmos evaluates in a stack. */
export function callIn(text: string): Call | undefined {
  if (!text.startsWith('!')) return undefined
  const [, name, args] = /^!([a-z][a-z_.-]*)(?:$| (.*)$)/s.exec(text) ?? []
  return name !== undefined && KNOWN.has(name) ? { name, args: (args ?? '').trim() } : undefined
}

/** Whether only a run can answer the call. */
export function isLate({ name }: Call): boolean {
  return LATE.includes(name)
}

/**
 * Answers a call that only a run can; undefined leaves it as it is written. `strict`: a value that is not there yet is an
 * error, because it meets what another layer says.
 */
export type AnswerLate = (call: Call, at: Position, how: { readonly strict: boolean }) => Value | undefined

/** What functions are evaluated with. */
export interface Evaluation {
  readonly tree: Tree
  readonly ambient: Ambient
  /** The component's sections, templates rendered, functions not yet run. */
  readonly sections: MapValue
  /** Names of functions that stay text. */
  readonly skip: readonly string[]
  /** Names of functions whose answer depends on where this runs, and that stay late therefore; undefined: answer them here. */
  readonly later?: readonly string[]
  /** Answers what only a run can, where one asks. */
  readonly answer?: AnswerLate
}

/** Functions that answer otherwise on another machine, or in another checkout. */
export const PLACE_BOUND: readonly string[] = ['env', 'repo-root', 'git.root']

/** Sections with the functions run that need no world; the others stay as text and are listed. */
export interface Evaluated {
  readonly sections: MapValue
  readonly late: readonly LateCall[]
}

const callFree = new WeakSet<Value>()

/** Runs every function in every value. @throws UserError `function-invalid` */
export function evaluate(evaluation: Evaluation): Evaluated {
  const late: LateCall[] = []
  const way: string[] = []
  const below = (key: string, value: Value): Value | undefined => {
    way.push(key)
    const result = visit(value)
    way.pop()
    return result
  }
  const visit = (value: Value): Value | undefined => {
    if (value.kind === 'scalar') return typeof value.value === 'string' ? call(value, value.value) : value
    if (callFree.has(value)) return value
    const before = late.length
    const result = value.kind === 'list' ? visitList(value) : visitMap(value)
    if (result === value && late.length === before && evaluation.skip.length === 0) callFree.add(value)
    return result
  }
  const visitList = (value: ListValue): Value => {
    const items = value.items.map((item, index) => below(String(index), item))
    if (items.every((item, index) => item === value.items[index])) return value
    return { ...value, items: items.filter((item) => item !== undefined) }
  }
  const visitMap = (value: MapValue): Value => {
    let changed: Map<string, Value> | undefined
    for (const [key, item] of value.entries) {
      const next = below(key, item)
      if (next === item) continue
      changed ??= new Map(value.entries)
      if (next === undefined) changed.delete(key)
      else changed.set(key, next)
    }
    return changed === undefined ? value : { ...value, entries: changed }
  }
  const call = (value: Value, text: string): Value | undefined => {
    const found = callIn(text)
    if (found === undefined || evaluation.skip.includes(found.name)) return value
    if (!staysLate(found, evaluation)) return run(found, value.at, evaluation)
    const answered = evaluation.answer?.(found, value.at, { strict: false })
    if (answered !== undefined) return value.key ? { ...answered, key: value.key } : answered
    late.push({ name: found.name, args: found.args, path: [...way], at: value.at })
    return value
  }
  return { sections: visit(evaluation.sections) as MapValue, late }
}

/** Whether the call is left to the run. `!env` of a name that the `env` section gives is answered by the section. */
export function staysLate(call: Call, { later = [], sections }: Pick<Evaluation, 'later' | 'sections'>): boolean {
  if (isLate(call)) return true
  if (!later.includes(call.name)) return false
  const own = call.name === 'env' && mapOf(sections.entries.get('env'))?.entries.get(wordsOf(call.args)[0] ?? '')
  return !own || callIn(textOf(own) ?? '') !== undefined
}

/** One function that needs no world; undefined removes the value. @throws UserError `function-invalid` */
export function run({ name, args }: Call, at: Position, evaluation: Evaluation): Value | undefined {
  const metadata = mapOf(evaluation.sections.entries.get('metadata'))?.entries
  switch (name) {
    case 'unset':
      return undefined
    case 'template':
      if (args === '') throw invalid('!template has no text', at)
      return json(args, at)
    case 'env':
      return scalarAt(at, environment(args, at, evaluation))
    case 'tags':
      return { kind: 'list', at, items: texts(metadata?.get('tags')).map((text) => scalarAt(at, text)) }
    case 'labels':
      return mapAt(
        at,
        labels(metadata?.get('labels')).map(([key, text]) => [key, scalarAt(at, text)] as const),
      )
    case 'labels.keys':
      return { kind: 'list', at, items: labels(metadata?.get('labels')).map(([key]) => scalarAt(at, key)) }
    case 'labels.values':
      return { kind: 'list', at, items: labels(metadata?.get('labels')).map(([, text]) => scalarAt(at, text)) }
    default:
      return scalarAt(at, root(args, at, evaluation))
  }
}

function root(args: string, at: Position, { tree, ambient }: Evaluation): string {
  if (ambient.gitRoot !== undefined) return absolute(tree, ambient.gitRoot)
  if (args !== '') return args
  throw new UserError({
    code: 'function-invalid',
    message: 'the repository has no root outside of Git',
    fix: 'give !repo-root a default',
    at,
    exit: 2,
  })
}

function environment(args: string, at: Position, { ambient, sections }: Evaluation): string {
  const words = wordsOf(args)
  const [name, otherwise] = words
  if (name === undefined || name === '' || words.length > 2)
    throw invalid(`!env takes a name and perhaps a default, not "${args}"`, at)
  const own = mapOf(sections.entries.get('env'))?.entries.get(name)
  if (own !== undefined) return own.kind === 'scalar' && own.value === null ? '<nil>' : scalarText(own)
  return ambient.env[name] ?? otherwise ?? ''
}

function scalarText(value: Value): string {
  return value.kind === 'scalar'
    ? String(value.value)
    : JSON.stringify([...(value.kind === 'map' ? value.entries.keys() : value.items.keys())])
}

/** Words with the quotes of CSV: `"a b"`, in which `""` is one quote. */
export function wordsOf(args: string): string[] {
  return [...args.matchAll(/"((?:[^"]|"")*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replaceAll('""', '"') ?? single ?? bare!,
  )
}

function texts(value: Value | undefined): string[] {
  return value?.kind === 'list'
    ? value.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
    : []
}

function labels(value: Value | undefined): [string, string][] {
  if (value?.kind !== 'map') return []
  const found = [...value.entries].map(([key, item]): [string, string] => [
    key,
    textOf(item) ?? (item.kind === 'scalar' ? String(item.value) : ''),
  ])
  return found.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** JSON data where the text is some, else the text. */
export function json(text: string, at: Position): Value {
  try {
    return asValue(JSON.parse(text) as Plain, at)
  } catch {
    return scalarAt(at, text)
  }
}

function invalid(message: string, at: Position): UserError {
  return new UserError({ code: 'function-invalid', message, at, exit: 2 })
}
