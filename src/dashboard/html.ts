import { visible } from '../plan/render/escape.ts'

/** A piece of a page that is markup already; everything else is text and is escaped. */
export interface Html {
  readonly html: string
}

/** What may stand in a template: nothing, text, markup, or a list of these. */
export type Content = string | number | undefined | false | Html | readonly Content[]

/** Markup in which every value is escaped, inside of elements and of quoted attributes alike, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let out = parts[0]!
  for (const [index, value] of values.entries()) out += markup(value) + parts[index + 1]!
  return { html: out }
}

/** Text that was made for a page by this program: a style sheet, a script. Never anything that was read. */
export function verbatim(text: string): Html {
  return { html: text }
}

/** JSON as it may stand inside of a script element: nothing in it ends the element, or cannot be seen. */
export function embedded(data: unknown): Html {
  const json = JSON.stringify(data)
  return {
    html: json.replace(
      /[<>&\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  }
}

/** Text as markup; characters that cannot be seen or that turn text around are spelled out. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (it) => `&#${it.charCodeAt(0)};`)
}

function markup(value: Content): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return String(value)
  return isList(value) ? value.map(markup).join('') : value.html
}

function isList(value: Content): value is readonly Content[] {
  return Array.isArray(value)
}
