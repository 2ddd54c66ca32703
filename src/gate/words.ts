import { visible } from '../plan/render/escape.ts'
import type { CommentInput, Sentence } from '../plan/render/input.ts'
import { supersededWords } from '../records/refusal.ts'
import type { GateReason, MergedChange, Verdict } from '../records/verdict.ts'
import { clock } from '../records/words.ts'
import { fixOf, fixText, type ReadAt } from './fixes.ts'
import { blocks } from './verdict.ts'

/** A verdict in words: one line for a commit status, and all of it. */
export interface GateWords {
  /** At most 140 characters, as GitHub allows. */
  readonly description: string
  readonly reasons: readonly ReasonWords[]
}

/** One reason: what, who, since when; and what frees it, with the command that does. */
export interface ReasonWords {
  readonly message: string
  readonly fix: string | undefined
  readonly blocks: boolean
}

/** Where pull requests and runs are to be looked at; undefined for a run that has no page. */
export interface GateLinks {
  pullOf(number: number): string | undefined
  /** A run by the name that records have of it. */
  runOf(run: string): string | undefined
}

/** The same for the comment, where it is read: whose approval is missing, what else is in the way, and what else is to be known. */
export function gateSentences(
  { state, reasons }: Verdict,
  nowMs: number,
  { at, links }: { readonly at: ReadAt; readonly links?: GateLinks },
): Pick<CommentInput, 'beforeMerge' | 'blockedBy' | 'notes'> {
  const told = (it: GateReason): Sentence => {
    const fix = fixOf(it, at)
    const message = messageOf(it, nowMs)
    const what = fix === undefined ? [`${message}.`] : [`${message}; `, ...fix, '.']
    return joined(what.flatMap((part) => (links && typeof part === 'string' ? linked(part, it, links) : [part])))
  }
  const notes = reasons.filter(({ kind }) => kind === 'not-adopted' || kind === 'excused').map(told)
  if (state !== 'blocked' && state !== 'advice') return { beforeMerge: [], blockedBy: [], notes }
  return {
    beforeMerge: reasons.flatMap((it) => (it.kind === 'owners-missing' ? [ownersSentence(it)] : [])),
    blockedBy: reasons.filter((it) => blocks(it) && it.kind !== 'owners-missing').map(told),
    notes,
  }
}

/** Of more instances than this only their stacks are named. */
const mostNamed = 3

/** `7 instances in plat-ue1-prod, plat-ue2-prod` */
function inStacks(ids: readonly string[]): string {
  const stacks = [...new Set(ids.map((id) => id.slice(id.lastIndexOf('@') + 1)))]
  return `${ids.length} instances in ${listed(stacks)}`
}

function ownersSentence({ owners, ids }: Extract<GateReason, { kind: 'owners-missing' }>): Sentence {
  return [
    ...owners.flatMap((owner, index): Sentence => (index === 0 ? [{ owner }] : [' or ', { owner }])),
    ` for ${ids.length > mostNamed ? inStacks(ids) : listed(ids.map(where))}.`,
  ]
}

/** Neighbouring words as one piece. */
function joined(sentence: Sentence): Sentence {
  const all: Sentence[number][] = []
  for (const part of sentence) {
    const last = all.at(-1)
    if (typeof last === 'string' && typeof part === 'string') all[all.length - 1] = last + part
    else all.push(part)
  }
  return all
}

/** Makes links of the pull requests and the run that a reason knows of; of no other text that looks like one. */
function linked(text: string, reason: GateReason, links: GateLinks): Sentence {
  const known = new Map<string, string>()
  const keep = (name: string, url: string | undefined) => url !== undefined && known.set(name, url)
  if ('by' in reason)
    for (const { pullRequest: it } of reason.by) if (it !== undefined) keep(`#${it}`, links.pullOf(it))
  if (reason.kind === 'in-flight' && reason.holder) keep(`run ${reason.holder.run}`, links.runOf(reason.holder.run))
  return text.split(/(#\d+|run [\w-]+)/).flatMap((piece): Sentence => {
    const url = known.get(piece)
    return piece === '' ? [] : [url === undefined ? piece : { link: url, text: piece }]
  })
}

const mostCharacters = 140

/** The words for a verdict, the same everywhere. */
export function gateWords(verdict: Verdict, nowMs: number): GateWords {
  return {
    description: description(verdict),
    reasons: verdict.reasons.map((it) => {
      const fix = fixOf(it, 'laptop')
      return { message: messageOf(it, nowMs), fix: fix && fixText(fix), blocks: blocks(it) }
    }),
  }
}

function description(verdict: Verdict): string {
  // A name or a message may hold anything; a status is one line of plain text.
  return shortened(visible(inWords(verdict)).replace(/\s+/g, ' ').trim(), mostCharacters)
}

function inWords({ state, reasons, changed, planned = changed }: Verdict): string {
  if (state === 'neutral') return 'neutral: nothing was applied or adopted here yet, so nothing is held back'
  if (state === 'pass')
    return changed === 0
      ? 'no instance changes'
      : `${planned === 0 ? 'nothing to plan' : `${planned} planned`}, nothing in the way`
  const waits = reasons.some(({ kind }) => kind === 'in-flight' || kind === 'owners-missing')
  const start = state === 'advice' ? 'advice: ' : waits ? 'waits: ' : 'blocked: '
  return start + fitted(shorts(reasons), mostCharacters - start.length)
}

/** As many of the parts as there is room for, whole; then how many are missing. */
function fitted(parts: readonly string[], room: number): string {
  for (let kept = parts.length; kept > 0; kept--) {
    const more = kept < parts.length ? `; ${parts.length - kept} more` : ''
    const text = parts.slice(0, kept).join('; ') + more
    if (text.length <= room) return text
  }
  return shortened(parts[0]!, room)
}

/** At most so many UTF-16 units, with `…` for what is missing; no character is ever cut in two. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** What blocks, each kind said once. */
function shorts(reasons: readonly GateReason[]): string[] {
  const of = <K extends GateReason['kind']>(kind: K) =>
    reasons.filter((it): it is Extract<GateReason, { readonly kind: K }> => it.kind === kind)
  const flying = of('in-flight')
  const unplanned = of('not-planned')
  const failing = of('policy')
  const files = of('owners-file')
  const owners = of('owners-missing')
  const [first] = flying
  return [
    ...of('conflict').map(({ with: base, paths }) => `conflicts with ${base} in ${count(paths.length, 'file')}`),
    ...of('unresolvable').map(({ message }) => `the merge does not resolve: ${message}`),
    ...(first ? [`${where(first.on)} is in flight${since(first)} (${waitingWords(first)})`] : []),
    ...(flying.length > 1 ? [`${flying.length - 1} more in flight`] : []),
    ...(unplanned.length === 1 ? [`${where(unplanned[0]!.id)} is not planned for the merge`] : []),
    ...(unplanned.length > 1 ? [`${unplanned.length} instances are not planned for the merge`] : []),
    ...(failing.length > 0
      ? [`policy ${failing[0]!.policy} ${endWords[failing[0]!.how]} for ${where(failing[0]!.id)}`]
      : []),
    ...(failing.length > 1 ? [`${failing.length - 1} more of policies`] : []),
    ...(owners.length > 0 ? [`${count(owners.length, 'owner')} missing`] : []),
    ...(files.length > 0 ? [`${files[0]!.file}:${files[0]!.line} says nothing`] : []),
    ...of('owners-none').map(() => 'no CODEOWNERS file'),
  ]
}

function messageOf(reason: GateReason, nowMs: number): string {
  const on = (id: string) => where(id)
  switch (reason.kind) {
    case 'conflict':
      return `it conflicts with ${reason.with} in ${listed(reason.paths)}`
    case 'unresolvable':
      return `the merge does not resolve: ${reason.message}`
    case 'not-planned':
      return unplannedText(reason)
    case 'in-flight':
      return flyingText(reason, nowMs)
    case 'excused':
      return `${on(reason.on)} is in flight${since(reason)}, and does not hold this back: ${excuses[reason.why]}`
    case 'owners-missing':
      return `${any(reason.owners)} ${reason.owners.length === 1 ? 'has not' : 'has'} approved ${listed(reason.ids.map(on))} (${reason.file}:${reason.line})`
    case 'owners-file':
      return `${reason.file}:${reason.line}:${reason.column}: ${reason.problem}, so nobody can tell who owns what`
    case 'owners-none':
      return 'integrations.airlock.owners asks for owners, and there is no CODEOWNERS file'
    case 'policy':
      return `policy ${reason.policy} ${endWords[reason.how]} for ${on(reason.id)}${reason.said.length === 0 ? '' : `: ${reason.said.join(' / ')}`}`
    case 'destroys':
      return `it removes ${listed(reason.ids.map(on))}, and what that made is destroyed after the merge`
    case 'absent':
      return `${listed(reason.ids.map(on))} would be absent; nobody removed the declaration, so nothing is destroyed`
    case 'not-adopted':
      return 'nothing was ever applied through Airlock here, so nobody knows what is in flight, and nothing is held back'
  }
}

type Flight = Extract<GateReason, { readonly kind: 'in-flight' }>

function flyingText(reason: Flight, nowMs: number): string {
  const { on, for: reader, concern, by, waiting, holder } = reason
  const who = by.length === 0 ? '' : ` since ${by.map((it) => changeWords(it, nowMs)).join(' and ')}`
  const running = `being applied by ${holder?.by}, run ${holder?.run}, since ${clock(holder?.sinceMs ?? nowMs, nowMs)}`
  const now = `${who}: ${holder && waiting === 'running' ? running : waitingWords(reason)}`
  const stack = on.slice(on.lastIndexOf('@') + 1)
  return {
    own: `${where(on)} is in flight${now}`,
    read: `${where(reader)} reads ${where(on)}, whose outputs may change, and which is in flight${now}`,
    ordered: `${stack} takes one change at a time (ordered: true), and ${where(on)} is in flight${now}`,
  }[concern]
}

function waitingWords({ waiting, holder, outcome }: Flight): string {
  const last =
    outcome === 'unknown'
      ? 'its last apply was cut off; '
      : outcome === 'running' && waiting !== 'running'
        ? 'its last apply has not ended; '
        : ''
  switch (waiting) {
    case 'running':
      return 'apply runs'
    case 'hold':
      return `held by ${holder?.by}`
    case 'plan':
      return `${last}waits for a plan`
    case 're-plan':
      return `${last}must be planned again`
    case 'upstream':
      return `${last}waits for what it reads`
    case 'approval':
      return `${last}waits for approval`
    case 'finish':
      return 'was cut off, waits for apply'
    case 'rejected':
      return 'rejected'
    case 'apply':
      return `${last}waits for apply`
  }
}

function unplannedText({ id, why, removed }: Extract<GateReason, { kind: 'not-planned' }>): string {
  const what = removed ? `the removal of ${where(id)}` : where(id)
  switch (why) {
    case 'never':
      return `${what} has no sealed plan`
    case 'other':
      return `${what} is planned for the branch, but the merge would ask for something else, since its base has moved`
    case 'expired':
      return `the plan of ${what} has expired`
    default:
      return `the plan of ${what} does not count any more: ${supersededWords(why)}`
  }
}

const endWords = {
  passed: 'passes',
  failed: 'fails',
  'timed-out': 'did not end in time',
  interrupted: 'was not run to its end',
} as const

const excuses = {
  failed: 'its apply failed, and what mends it must not wait for it',
  rejected: 'it was rejected',
  restores: 'this change restores what was applied before it',
  superseded: 'a person said that this change takes its place',
} as const

function since({ by }: { readonly by: readonly MergedChange[] }): string {
  if (by.length === 0) return ''
  const names = by.map(({ pullRequest, commit }) =>
    pullRequest === undefined ? commit.slice(0, 7) : `#${pullRequest}`,
  )
  return ` since ${names.join(' and ')}`
}

function changeWords({ pullRequest, commit, subject, author, atMs }: MergedChange, nowMs: number): string {
  const name = author.replace(/\s*<.*>$/, '')
  return pullRequest === undefined
    ? `${commit.slice(0, 7)} "${subject}" by ${name}, ${clock(atMs, nowMs)}`
    : `#${pullRequest} by ${name}, merged ${clock(atMs, nowMs)}`
}

function where(id: string): string {
  return id.replace(/@([^@]*)$/, ' in $1')
}

function any(owners: readonly string[]): string {
  return owners.length === 1 ? owners[0]! : `none of ${owners.join(', ')}`
}

function listed(names: readonly string[]): string {
  const most = 3
  return names.length <= most + 1
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
