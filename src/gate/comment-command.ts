import { closest } from '../words.ts'

/** What somebody asks for in a comment, after `/airlock`. */
export type CommentCommand =
  | { readonly kind: 'plan'; readonly commit: string | undefined }
  | { readonly kind: 'approve'; readonly digest: string; readonly destroy: number | undefined }
  | { readonly kind: 'reject'; readonly digest: string | undefined; readonly reason: string }
  | { readonly kind: 'apply' }
  | { readonly kind: 'unlock'; readonly component: string; readonly stack: string; readonly reason: string }
  | { readonly kind: 'supersede'; readonly over: number; readonly reason: string }
  | { readonly kind: 'explain'; readonly component: string; readonly stack: string; readonly path: string | undefined }
  | { readonly kind: 'help' }

/** A comment as a command; nothing for us; or a command that is not understood, with what would be. */
export type ParsedComment =
  | { readonly kind: 'command'; readonly command: CommentCommand }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly why: string; readonly usage: string }

/** How each command is written, in the order in which they are told of. */
export const commandUsage = {
  plan: '/airlock plan [COMMIT]',
  approve: '/airlock approve DIGEST [--destroy N]',
  reject: '/airlock reject [DIGEST] REASON',
  apply: '/airlock apply',
  unlock: '/airlock unlock COMPONENT -s STACK REASON',
  supersede: '/airlock supersede #N REASON',
  explain: '/airlock explain COMPONENT -s STACK [PATH]',
  help: '/airlock help',
} as const satisfies Readonly<Record<CommentCommand['kind'], string>>

/** A digest must be told by at least so many digits. */
export const fewestDigits = 8

/** Longer ones are cut: they go into records. */
const longestReason = 500

/** Reads the first line of a comment. All of it is somebody's text: it is compared, never run. */
export function commentCommand(body: string): ParsedComment {
  const line = (body.split(/\r\n|\r|\n/, 1)[0] ?? '').trim()
  const [first, verb, ...words] = line.split(/\s+/)
  if (first !== '/airlock') return { kind: 'none' }
  if (verb === undefined) return { kind: 'command', command: { kind: 'help' } }
  const name = verb.toLowerCase()
  if (!isVerb(name)) {
    const near = closest(name, Object.keys(commandUsage))
    return {
      kind: 'wrong',
      why: `${verb} is no command of Airlock${near === undefined ? '' : `; did you mean ${near}?`}`,
      usage: near === undefined ? commandUsage.help : commandUsage[near as keyof typeof commandUsage],
    }
  }
  const found = parse(name, words)
  return typeof found === 'string'
    ? { kind: 'wrong', why: found, usage: commandUsage[name] }
    : { kind: 'command', command: found }
}

function isVerb(name: string): name is CommentCommand['kind'] {
  return Object.hasOwn(commandUsage, name)
}

function parse(verb: CommentCommand['kind'], words: readonly string[]): CommentCommand | string {
  switch (verb) {
    case 'plan': {
      const [commit, ...rest] = words
      if (rest.length > 0) return 'plan takes one commit at most'
      if (commit !== undefined && !isCommit(commit)) return `${commit} is no full commit id`
      return { kind: 'plan', commit: commit?.toLowerCase() }
    }
    case 'approve':
      return approve(words)
    case 'reject': {
      const digest = digestOf(words[0])
      const reason = reasonOf(digest === undefined ? words : words.slice(1))
      return reason === undefined ? 'a rejection needs a reason' : { kind: 'reject', digest, reason }
    }
    case 'apply':
    case 'help':
      return words.length > 0 ? `${verb} takes nothing more` : { kind: verb }
    case 'unlock': {
      const named = namedIn(words)
      if (typeof named === 'string') return named
      const reason = reasonOf(named.rest)
      if (reason === undefined) return 'an unlock needs a reason'
      return { kind: 'unlock', component: named.component, stack: named.stack, reason }
    }
    case 'supersede': {
      const over = /^#?([1-9]\d{0,8})$/.exec(words[0] ?? '')?.[1]
      if (over === undefined) return 'supersede needs the number of the pull request that is in flight: #12'
      const reason = reasonOf(words.slice(1))
      return reason === undefined ? 'supersede needs a reason' : { kind: 'supersede', over: Number(over), reason }
    }
    case 'explain': {
      const named = namedIn(words)
      if (typeof named === 'string') return named
      const [path, ...rest] = named.rest
      if (rest.length > 0) return 'explain takes one path at most'
      return { kind: 'explain', component: named.component, stack: named.stack, path }
    }
  }
}

function approve(words: readonly string[]): CommentCommand | string {
  const digits: string[] = []
  let destroy: number | undefined
  for (let at = 0; at < words.length; at++) {
    const [flag, inline] = words[at]!.split('=', 2)
    if (flag === '--destroy') {
      const count = inline ?? words[++at] ?? ''
      if (!/^[1-9]\d{0,5}$/.test(count)) return '--destroy needs the number of removals'
      destroy = Number(count)
    } else if (words[at]!.startsWith('-')) return `${words[at]} is no option of approve`
    else digits.push(words[at]!)
  }
  const text = digits.join('')
  const digest = digestOf(text)
  if (digest !== undefined) return { kind: 'approve', digest, destroy }
  return text === ''
    ? 'an approval names what it approves: the digest that the comment shows'
    : `${text} is no digest: at least its first ${fewestDigits} digits, as the comment shows them`
}

function isCommit(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)
}

function digestOf(text: string | undefined): string | undefined {
  const hex = text?.replace(/^pd1:/, '').toLowerCase() ?? ''
  return hex.length >= fewestDigits && /^[0-9a-f]{1,64}$/.test(hex) ? hex : undefined
}

function reasonOf(words: readonly string[]): string | undefined {
  const text = words
    .join(' ')
    .replace(/^["“](.*)["”]$/, '$1')
    .trim()
  return text === '' ? undefined : text.slice(0, longestReason)
}

/** `vpc -s plat-ue2-prod …`: names, and what comes after them. */
function namedIn(
  words: readonly string[],
): { readonly component: string; readonly stack: string; readonly rest: readonly string[] } | string {
  const at = words.findIndex((it) => it === '-s' || it === '--stack')
  const joined = words.findIndex((it) => it.startsWith('--stack='))
  const stack = at >= 0 ? words[at + 1] : words[joined]?.slice('--stack='.length)
  const rest = at >= 0 ? [...words.slice(0, at), ...words.slice(at + 2)] : words.filter((_, index) => index !== joined)
  const [component, ...more] = rest
  if (component === undefined || component.startsWith('-')) return 'which component?'
  if (stack === undefined || stack === '') return `which stack? ${component} -s STACK`
  return { component, stack, rest: more }
}
