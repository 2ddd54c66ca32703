import { bytesOf } from './bytes.ts'
import { isPrintable } from './quote.ts'

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

/** What `html` makes of a text. */
export function htmlEscaped(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character]!)
}

/** What `js` makes of a text: safe inside a string of JavaScript. */
export function jsEscaped(text: string): string {
  return text.replace(/[\\'"<>&=]|[^\x20-\x7f]/gu, (character) => {
    if (character === '\\' || character === "'" || character === '"') return `\\${character}`
    const code = character.codePointAt(0)!
    if (code >= 0xdc80 && code <= 0xdcff) return '\ufffd'
    if (code > 0x7f && isPrintable(character)) return character
    return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })
}

/** What `urlquery` makes of a text. */
export function queryEscaped(text: string): string {
  let result = ''
  for (const byte of bytesOf(text)) {
    const character = String.fromCharCode(byte)
    if (/[A-Za-z0-9\-_.~]/.test(character)) result += character
    else result += byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}
