import { type Position, UserError } from '../../error.ts'
import { closest } from '../../words.ts'
import type { Mark } from '../../yaml/cursor.ts'
import type { AliasNode, Node, ScalarNode } from '../../yaml/node.ts'
import { isText, type Resolved, resolve, timestamp } from '../../yaml/resolve.ts'
import { atmosTags, isCustom } from './tag.ts'

/** Turns marks into positions of the file that is read. */
export type Place = (mark: Mark) => Position

/** A map's key with its type; `text` is how it is written in the file. */
export type Key = Resolved & { readonly text: string }

/** The error for a node that yaml.v3 or Atmos would refuse. */
export function refused(place: Place, node: Node, message: string, fix?: string): UserError {
  const at = place(node.at)
  return new UserError({ code: 'yaml-invalid', message, at, exit: 2, ...(fix === undefined ? {} : { fix }) })
}

/** Stops at a tag that is neither YAML's nor Atmos'. */
export function checkTag(place: Place, node: Exclude<Node, AliasNode>): void {
  if (node.tag === '' || !isCustom(node.tag) || atmosTags.has(node.tag.slice(1))) return
  const near = closest(node.tag.slice(1), atmosTags)
  const all = [...atmosTags].map((tag) => `!${tag}`).join(', ')
  const fix = near
    ? `did you mean !${near}? If the value is a text, quote it`
    : `quote the value if it is a text; the tags are ${all}`
  throw refused(place, node, `the tag ${node.tag} is not one of Atmos'`, fix)
}

/** The text that a tag of Atmos becomes: `!env NAME`. */
export function customText({ tag, value }: ScalarNode): string {
  return `${tag} ${value.trim()}`.trim()
}

/** The type and value of a scalar, by its tag or else by how it is written. */
export function scalarType(place: Place, node: ScalarNode): Resolved {
  const { tag, value, style } = node
  switch (tag) {
    case '':
    case '!':
    case '!literal':
    case '!append':
      return style === 'plain' ? resolve(value) : { type: 'str', value }
    case '!!int':
    case '!!float':
    case '!!bool':
    case '!!null':
    case '!!timestamp':
      return tagged(place, node)
    default:
      return { type: 'str', value: isCustom(tag) ? customText(node) : value }
  }
}

function tagged(place: Place, node: ScalarNode): Resolved {
  const wanted = node.tag.slice(2)
  const time = wanted === 'timestamp' ? timestamp(node.value) : undefined
  if (time !== undefined) return { type: 'time', value: time }
  const resolved = resolve(node.value, false)
  if (resolved.type === wanted) return resolved
  if (resolved.type === 'int' && wanted === 'float') return { type: 'float', value: Number(resolved.value) }
  const fix = 'remove the tag, or write a value of that type'
  throw refused(place, node, `"${node.value}" is not of the type ${node.tag}`, fix)
}

/** The bytes of a `!!binary` scalar. */
export function base64(place: Place, node: ScalarNode): Uint8Array {
  const text = node.value.replace(/[\r\n]/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw refused(place, node, 'this is no base64, which !!binary asks for')
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** Bytes as text, or undefined where they are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The text of a key that is one by its type; undefined for a key of another type. */
export function textKey(place: Place, key: Node): string | undefined {
  const node = key.kind === 'alias' ? key.target : key
  if (node.kind !== 'scalar') return undefined
  if (node.tag === '') return node.style !== 'plain' || isText(node.value) ? node.value : undefined
  if (node.tag === '!!binary') return undefined
  const { type, value } = typedKey(place, node)
  return type === 'str' ? value : undefined
}

/** A key with its type. @throws UserError `yaml-invalid` for a map or list */
export function typedKey(place: Place, key: Node): Key {
  const node = key.kind === 'alias' ? key.target : key
  if (node.kind !== 'scalar') {
    if (node.kind === 'mapping' && node.flow) {
      const message = 'a map cannot be a key (a template without quotes is read as one)'
      throw refused(place, node, message, 'quote the template: "{{ … }}"')
    }
    throw refused(place, node, `a ${node.kind === 'mapping' ? 'map' : 'list'} cannot be a key`, 'use a text as the key')
  }
  checkTag(place, node)
  if (node.tag === '!!binary') {
    const text = utf8(base64(place, node)) ?? node.value
    return { type: 'str', value: text, text }
  }
  const resolved = scalarType(place, node)
  return { ...resolved, text: resolved.type === 'str' ? resolved.value : node.value }
}

/** `<<`, whose value's pairs count as pairs of the map that holds it. */
export function isMergeKey(key: Node): boolean {
  if (key.kind !== 'scalar' || key.value !== '<<') return false
  return key.tag === '!!merge' || ((key.tag === '' || key.tag === '!') && key.style === 'plain')
}
