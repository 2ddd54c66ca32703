import { GoPanic } from '../../value.ts'
import { titled } from './title.ts'

const notAlphanumeric = /[^\p{L}\p{N}]+/gu

/** `Hello World-foo` as `Hello_world_foo`: small letters but for the first, which stays as it was. */
export function snakeCase(text: string): string {
  return smallWords(text).replaceAll(' ', '_')
}

/** `Hello World_foo` as `Hello-world-foo`. */
export function kebabCase(text: string): string {
  return smallWords(text).replaceAll(' ', '-')
}

/** `hello world-foo` as `helloWorldFoo`. */
export function camelCase(text: string): string {
  const trimmed = trimmedSpace(text)
  return withFirst(titled(trimmed), trimmed).replace(notAlphanumeric, '')
}

function smallWords(text: string): string {
  const trimmed = trimmedSpace(text)
  return withFirst(trimmed.toLowerCase(), trimmed).replace(notAlphanumeric, ' ').trim()
}

/** gomplate looks at the first byte only, so a first letter beyond ASCII is as the rest of the text has it. */
function withFirst(changed: string, original: string): string {
  if (original === '') throw new GoPanic('runtime error: index out of range [0] with length 0')
  return original.charCodeAt(0) < 0x80 ? original[0] + changed.slice(1) : changed
}

/** Text without the white space around it, as Go's unicode.IsSpace has it. */
export function trimmedSpace(text: string): string {
  return text
    .replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '')
    .replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/, '')
}
