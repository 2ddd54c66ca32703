/**
 * Everything that comes from plans, names and messages is untrusted: a resource may be called `-->` or `@everyone`.
 * These functions are the only way into the comment's Markdown.
 */

/** Characters that a reader cannot see, or that turn text around, spelled out. */
export function visible(text: string): string {
  if (/^[\x20-\x7e\n\t]*$/.test(text)) return text
  return text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(
      /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
}

/** At most `length` code points, with `…` for what is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const points = [...text]
  return points.length <= length ? text : `${points.slice(0, length - 1).join('')}…`
}

const longestCode = 1000

/** GitHub's parser takes no more than 80 backticks for the mark of a code span. */
const longRun = /`{40,}/g

/** A code span on one line: nothing in it is a link, a mention, HTML or the end of a table's cell. */
export function code(text: string): string {
  const line = cut(visible(text).replace(/\n/g, '↵').replace(/\t/g, ' '), longestCode)
  if (line.trim() === '') return '`""`'
  if (!line.includes('`')) return `\`${line}\``
  if (line.search(longRun) >= 0) return code(line.replace(longRun, (run) => `(${run.length} backticks)`))
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return fence + pad + line + pad + fence
}

/** A code span inside a table, where a bar ends the cell even within code. */
export function cellCode(text: string): string {
  return code(text).replaceAll('|', '\\|')
}

/** Names longer than this are no names. */
const longestName = 300

/** Plain words in Markdown: nothing is markup, a mention, a reference, a link or a formula (dollar signs stand in `<span>`). */
export function words(text: string): string {
  return defused(cut(visible(text).replace(/\s+/g, ' '), longestName))
    .replace(/[<>&]/g, entity)
    .replace(/\$/g, '<span>$$</span>')
    .replace(/[\\`*[\]|~]|#(?!\d+;)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (it) => `\\${it}`)
}

/** Plain words inside an HTML element, where Markdown is not read. */
export function html(text: string): string {
  return defused(cut(visible(text).replace(/\s+/g, ' '), longestName))
    .replace(/[<>&"'`\\]/g, entity)
    .replace(/\$/g, '<span>$$</span>')
}

/** A link; the address may come from a file's name. */
export function link(text: string, url: string): string {
  return /^https:\/\//.test(url)
    ? `[${words(text)}](<${url.replace(/[\s<>"\\`|]/g, encodeURIComponent)}>)`
    : words(text)
}

/** A path as part of an address; its slashes stay. */
export function urlPath(path: string): string {
  return path
    .split('/')
    .map((step) => encodeURIComponent(wellFormed(step)))
    .join('/')
}

/** Half a surrogate pair becomes a replacement character: addresses cannot hold it. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

/** A block of text as it is. */
export function fenced(text: string, language = ''): string {
  const clean = visible(text)
  const longest = Math.max(2, ...(clean.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${clean}\n${fence}`
}

/** GitHub looks for mentions, references and addresses after it has rendered, so that escaping does not help. */
function defused(text: string): string {
  return text
    .replace(/@(?=[\w-])/g, '@\u200b')
    .replace(/#(?=\d)/g, '#\u200b')
    .replace(/GH-(?=\d)/gi, (it) => `${it}\u200b`)
    .replace(/:\/\//g, ':\u200b//')
    .replace(/www\./gi, 'www\u200b.')
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
