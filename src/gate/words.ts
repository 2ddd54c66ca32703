import { visible } from '../plan/render/escape.ts'
import type { Sentence } from '../plan/render/input.ts'
import { supersededWords } from '../records/refusal.ts'
import type { GateReason, MergedChange, Verdict } from '../records/verdict.ts'
import { clock, typed } from '../records/words.ts'
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

/** The same for the pull request's comment: whose approval is missing, and what else is in the way. */
export function gateSentences(
  { state, reasons }: Verdict,
  nowMs: number,
  links?: GateLinks,
): { readonly beforeMerge: readonly Sentence[]; readonly blockedBy: readonly Sentence[] } {
  if (state !== 'blocked' && state !== 'advice') return { beforeMerge: [], blockedBy: [] }
  const others = reasons.filter((it) => blocks(it) && it.kind !== 'owners-missing')
  return {
    beforeMerge: reasons.flatMap((it): Sentence[] =>
      it.kind === 'owners-missing'
        ? [
            [
              ...it.owners.flatMap((owner, index): Sentence => (index === 0 ? [{ owner }] : [' or ', { owner }])),
              ` for ${listed(it.ids.map(where))}.`,
            ],
          ]
        : [],
    ),
    blockedBy: others.map((it): Sentence => {
      const { message, fix } = reasonWords(it, nowMs)
      const what = fix === undefined ? [`${message}.`] : [`${message}; `, ...commands(fix), '.']
      return joined(what.flatMap((part) => (links && typeof part === 'string' ? linked(part, it, links) : [part])))
    }),
  }
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

/** What is to be done, with the commands set apart. */
function commands(fix: string): Sentence {
  return fix
    .split(/((?:airlock|git) [a-z][^;]*)/)
    .flatMap((piece, index): Sentence => (piece === '' ? [] : [index % 2 === 0 ? piece : { code: piece }]))
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
    reasons: verdict.reasons.map((it) => ({ ...reasonWords(it, nowMs), blocks: blocks(it) })),
  }
}

function description(verdict: Verdict): string {
  // A name or a message may hold anything; a status is one line of plain text.
  return shortened(visible(inWords(verdict)).replace(/\s+/g, ' ').trim(), mostCharacters)
}

function inWords({ state, reasons, changed }: Verdict): string {
  if (state === 'neutral') return 'nothing was applied through Airlock yet, so nothing is held back (airlock adopt)'
  if (state === 'pass')
    return changed === 0
      ? 'no instance changes'
      : `${count(changed, 'instance')} planned for the merge, nothing in the way`
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

function reasonWords(reason: GateReason, nowMs: number): Omit<ReasonWords, 'blocks'> {
  const on = (id: string) => where(id)
  switch (reason.kind) {
    case 'conflict':
      return {
        message: `it conflicts with ${reason.with} in ${listed(reason.paths)}`,
        fix: `merge ${reason.with} into the branch and settle it: git merge ${reason.with}; then: airlock plan`,
      }
    case 'unresolvable':
      return { message: `the merge does not resolve: ${reason.message}`, fix: reason.fix }
    case 'not-planned':
      return unplannedWords(reason)
    case 'in-flight':
      return flyingWords(reason, nowMs)
    case 'excused':
      return {
        message: `${on(reason.on)} is in flight${since(reason)}, and does not hold this back: ${excuses[reason.why]}`,
        fix: undefined,
      }
    case 'owners-missing':
      return {
        message: `${any(reason.owners)} ${reason.owners.length === 1 ? 'has not' : 'has'} approved ${listed(reason.ids.map(on))} (${reason.file}:${reason.line})`,
        fix: reason.owners.every((it) => it.includes('/'))
          ? 'nobody here can tell who is in a team: name a person or an e-mail address beside it, or set integrations.airlock.owners: false'
          : `as that person, on this branch: airlock approve ${typed(reason.ids[0]!)}`,
      }
    case 'owners-file':
      return {
        message: `${reason.file}:${reason.line}:${reason.column}: ${reason.problem}, so nobody can tell who owns what`,
        fix: 'mend the line; a change that touches no instance is not held back by it',
      }
    case 'owners-none':
      return {
        message: 'integrations.airlock.owners asks for owners, and there is no CODEOWNERS file',
        fix: 'add .github/CODEOWNERS, or remove the setting',
      }
    case 'policy':
      return {
        message: `policy ${reason.policy} ${endWords[reason.how]} for ${on(reason.id)}${reason.said.length === 0 ? '' : `: ${reason.said.join(' / ')}`}`,
        fix:
          reason.how === 'interrupted'
            ? 'ask again: airlock gate'
            : `change what it objects to; the plan: airlock show ${typed(reason.id)}`,
      }
    case 'destroys':
      return {
        message: `it removes ${listed(reason.ids.map(on))}, and what that made is destroyed after the merge`,
        fix: undefined,
      }
    case 'absent':
      return {
        message: `${listed(reason.ids.map(on))} would be absent; nobody removed the declaration, so nothing is destroyed`,
        fix: undefined,
      }
    case 'not-adopted':
      return {
        message:
          'nothing was ever applied through Airlock here, so nobody knows what is in flight, and nothing is held back',
        fix: 'airlock adopt records what is applied already; so does the first airlock apply',
      }
  }
}

type Flight = Extract<GateReason, { readonly kind: 'in-flight' }>

function flyingWords(reason: Flight, nowMs: number): Omit<ReasonWords, 'blocks'> {
  const { on, for: reader, concern, by, waiting, holder } = reason
  const who = by.length === 0 ? '' : ` since ${by.map((it) => changeWords(it, nowMs)).join(' and ')}`
  const running = `being applied by ${holder?.by}, run ${holder?.run}, since ${clock(holder?.sinceMs ?? nowMs, nowMs)}`
  const now = `${who}: ${holder && waiting === 'running' ? running : waitingWords(reason)}`
  const stack = on.slice(on.lastIndexOf('@') + 1)
  const message = {
    own: `${where(on)} is in flight${now}`,
    read: `${where(reader)} reads ${where(on)}, whose outputs may change, and which is in flight${now}`,
    ordered: `${stack} takes one change at a time (ordered: true), and ${where(on)} is in flight${now}`,
  }[concern]
  const numbers = by.flatMap(({ pullRequest }) => pullRequest ?? [])
  const over =
    numbers.length > 0 && numbers.length === by.length && waiting !== 'running'
      ? `; or, if this change takes its place: ${numbers.map((n) => `airlock gate --supersede ${n} --reason "…"`).join('; ')}`
      : ''
  return { message, fix: freeing(reason) + over }
}

function freeing({ on, waiting, holder, outcome }: Flight): string {
  const instance = typed(on)
  switch (waiting) {
    case 'running':
      return `it frees itself when run ${holder?.run} ends`
    case 'hold':
      return `ask ${holder?.by}, or release it: airlock unlock ${instance} --reason "…"`
    case 'approval':
      return `it frees when that is applied: airlock approve ${instance}; then: airlock apply`
    case 'apply':
    case 'finish':
      return 'it frees when that is applied: airlock apply'
    case 'upstream':
      return 'it frees when that and what it reads are applied: airlock apply'
    case 'rejected':
      return `it frees when that is reverted, or approved after all: airlock approve ${instance}`
    default:
      return outcome === 'unknown'
        ? `it frees when the next apply has found out what the last one did: airlock plan ${instance}, on the protected branch`
        : `it frees when that is applied: airlock plan ${instance}, on the protected branch; then approve and apply`
  }
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

function unplannedWords({
  id,
  why,
  removed,
}: Extract<GateReason, { kind: 'not-planned' }>): Omit<ReasonWords, 'blocks'> {
  const what = removed ? `the removal of ${where(id)}` : where(id)
  const again = `airlock plan ${typed(id)}`
  switch (why) {
    case 'never':
      return { message: `${what} has no sealed plan`, fix: `on this branch: ${again}` }
    case 'other':
      return {
        message: `${what} is planned for the branch, but the merge would ask for something else, since its base has moved`,
        fix: `merge the base into the branch, then: ${again}`,
      }
    case 'expired':
      return { message: `the plan of ${what} has expired`, fix: `on this branch: ${again}` }
    default:
      return {
        message: `the plan of ${what} does not count any more: ${supersededWords(why)}`,
        fix: `on this branch: ${again}`,
      }
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
