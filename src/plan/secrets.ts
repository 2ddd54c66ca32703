import { isGuessable, secretsInside, urlPassword } from '../secrets.ts'

/** What stands where a secret was. */
export const hiddenText = '(sensitive)'

/** Shorter secrets are not looked for: they would hide half of every text. `Secrets.short` counts them. */
export const shortestSecret = 4

/** Strings that must not be seen, in every form that programs write them. */
export interface Secrets {
  /** Looked for inside text, by their first four characters. */
  readonly needles: ReadonlyMap<string, readonly string[]>
  /** Secrets of several words, which Terraform breaks into lines where it wraps its messages. */
  readonly phrases: readonly RegExp[]
  /** Hidden only where a whole value equals one. */
  readonly whole: ReadonlySet<string>
  /** How many were too short to be looked for. */
  readonly short: number
}

/**
 * Prepares secrets for redaction. `found` are strings that only Terraform calls sensitive; among them may be words such
 * as `prod`, so those under eight characters are hidden only where a whole value equals one, as are given ones that
 * anybody would guess.
 */
export function secrets(given: Iterable<string>, found: Iterable<string> = []): Secrets {
  const all = new Set([...given].flatMap(withParts))
  const marked = new Set([...found].flatMap(withParts))
  const inText = [
    ...[...all].filter((secret) => !isGuessable(secret)),
    ...[...marked].filter((secret) => secret.length >= 8),
  ].filter(longEnough)
  const forms = new Set(inText.flatMap(formsOf))
  return {
    needles: byStart(forms),
    phrases: [...forms].flatMap(phraseOf),
    whole: new Set([...forms, ...[...all, ...marked].filter(longEnough)]),
    short: [...new Set([...all, ...marked])].filter((secret) => secret !== '' && !longEnough(secret)).length,
  }
}

function withParts(secret: string): string[] {
  return [secret, ...secretsInside(secret)]
}

/** The text with every secret hidden, and every password in a URL. Overlapping secrets hide all that either covers. */
export function redactText(text: string, { needles, phrases }: Secrets): string {
  const patterns = text.includes('://') ? [...phrases, urlPassword] : phrases
  const spans = [...occurrences(text, needles), ...matches(text, patterns)].sort((a, b) => a.start - b.start)
  if (spans.length === 0) return text
  let result = ''
  let done = 0
  let span = spans[0]!
  for (const next of [...spans.slice(1), undefined]) {
    if (next && next.start <= span.end) {
      span = { start: span.start, end: Math.max(span.end, next.end) }
      continue
    }
    result += text.slice(done, span.start) + hiddenText
    done = span.end
    if (next) span = next
  }
  return result + text.slice(done)
}

/** Where patterns match: the first group of each, or all of it where it has none. */
function matches(text: string, patterns: readonly RegExp[]): { start: number; end: number }[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([all, group], index, found) => {
      const start = found[index]!.index + (group === undefined ? 0 : all.lastIndexOf(`${group}@`))
      return { start, end: start + (group ?? all).length }
    }),
  )
}

/** Matches the words of a secret with any blanks, line ends and borders of boxes between them. */
function phraseOf(secret: string): RegExp[] {
  const words = secret.trim().split(/\s+/)
  const escaped = words.map((it) => it.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return words.length < 2 ? [] : [new RegExp(escaped.join('[\\s│|⏎↵]+'), 'g')]
}

function longEnough(secret: string): boolean {
  return secret.length >= shortestSecret
}

function byStart(forms: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const form of forms) {
    const start = form.slice(0, shortestSecret)
    const known = found.get(start)
    if (known) known.push(form)
    else found.set(start, [form])
  }
  return found
}

/** In order of where they start. Texts are long: only where a needle's first characters may stand is looked at closely. */
function occurrences(text: string, needles: Secrets['needles']): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  if (needles.size === 0) return found
  const starts = new Uint8Array(0x10000)
  for (const start of needles.keys()) starts[codeAt(start, 0)] = 1
  for (let start = 0; start + shortestSecret <= text.length; start += 1) {
    if (starts[codeAt(text, start)] === 0) continue
    for (const needle of needles.get(text.slice(start, start + shortestSecret)) ?? [])
      if (text.startsWith(needle, start)) found.push({ start, end: start + needle.length })
  }
  return found
}

/** Sixteen bits that are the same for the same four characters. */
function codeAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^
      (text.charCodeAt(at + 1) << 3) ^
      (text.charCodeAt(at + 2) << 6) ^
      (text.charCodeAt(at + 3) << 9)) &
    0xffff
  )
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/)
  const trimmed = secret.trim()
  const plain = [
    secret,
    trimmed,
    ...(lines.length > 1 ? lines.map((line) => line.trim()).filter((line) => line.length >= 8) : []),
  ]
  return plain.filter(longEnough).flatMap((it) => {
    const json = jsonForms(it)
    const base64 = base64Forms(it)
    return [
      it,
      ...json,
      hclForm(it),
      ...urlForms(it),
      ...base64,
      // As in `base64encode(jsonencode({ password = … }))`, and in files of container registries, where it is twice so.
      ...json.slice(0, 2).flatMap(base64Forms),
      ...(it.length >= nestedFrom ? base64.flatMap(base64Forms) : []),
    ]
  })
}

/** Shorter secrets leave too little of themselves in the middle of a text that is base64 twice. */
const nestedFrom = 12

function jsonForms(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1)
  // Go's encoder, hence Terraform's jsonencode, also escapes what HTML would misread.
  const go = once.replace(/[<>&\u2028\u2029]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [once, go, ...[once, go].map((it) => JSON.stringify(it).slice(1, -1))]
}

/** As Terraform quotes a string in a plan: what would begin a template is doubled. */
function hclForm(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, '$&$&')
}

function urlForms(secret: string): string[] {
  const form = new URLSearchParams({ v: secret }).toString().slice(2)
  const component = encode(secret)
  // Go's url.QueryEscape, hence Terraform's urlencode; and its url.PathEscape.
  const query = component.replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
  const path = query.replace(/%(24|26|2B|3A|3D|40)/g, (code) => decodeURIComponent(code))
  const forms = [component, form, form.replaceAll('+', '%20'), query, query.replaceAll('%20', '+'), path]
  return [...forms, ...forms.map((it) => it.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))]
}

function encode(secret: string): string {
  return encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'))
}

/** Base64 of the secret alone, and the part of it that is the same wherever in a longer text it begins. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const inner = text.slice(Math.ceil((before * 8) / 6), whole)
    const forms = before === 0 ? [text, inner] : [inner]
    return forms.filter((it) => it.length >= 6).flatMap((it) => [it, it.replaceAll('+', '-').replaceAll('/', '_')])
  })
}
