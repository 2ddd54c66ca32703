/** An element of a page as far as its tests look: name, attributes, text and what is in it. */
export interface Node {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: (Node | string)[]
  readonly parent: Node | undefined
}

const empty = new Set(['meta', 'br', 'input', 'link', 'img', 'hr'])
const drawn = new Set(['use', 'rect', 'path'])
const raw = new Set(['script', 'style'])

/** Reads a page strictly: every element is closed, in order, every attribute is quoted. @throws where it is not so */
export function readPage(source: string): Node {
  const root: Node = { name: '#page', attributes: new Map(), children: [], parent: undefined }
  let here = root
  const token = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z-]*(?:="[^"<>]*")?)*)\s*(\/?)>|([^<]+)|(<)/gi
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [whole, closing, name, attributes = '', selfClosed, text, stray] = match
    if (stray) throw new Error(`a stray < before ${source.slice(match.index, match.index + 60)}`)
    if (text !== undefined) here.children.push(decoded(text))
    else if (name === undefined) continue
    else if (closing) {
      if (here.name !== name) throw new Error(`</${name}> closes <${here.name}>`)
      here = here.parent!
    } else {
      if (selfClosed && !drawn.has(name)) throw new Error(`${whole} closes itself`)
      const node: Node = { name, attributes: attributesOf(attributes), children: [], parent: here }
      here.children.push(node)
      if (raw.has(name)) {
        const end = source.indexOf(`</${name}>`, token.lastIndex)
        node.children.push(source.slice(token.lastIndex, end))
        token.lastIndex = end + name.length + 3
      } else if (!empty.has(name) && !selfClosed) here = node
    }
  }
  if (here !== root) throw new Error(`<${here.name}> is not closed`)
  return root
}

/** Every element of this name, or every element, in the order of the page. */
export function elements(node: Node, name?: string): Node[] {
  return node.children.flatMap((it) =>
    typeof it === 'string' ? [] : [...(name === undefined || it.name === name ? [it] : []), ...elements(it, name)],
  )
}

/** What is read of an element. */
export function textOf(node: Node): string {
  return node.children
    .map((it) => (typeof it === 'string' ? it : textOf(it)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, value] of text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)) {
    if (found.has(name!)) throw new Error(`${name} is given twice in ${text}`)
    found.set(name!, decoded(value ?? ''))
  }
  return found
}

function decoded(text: string): string {
  const bad = /&(?!#\d+;)/.exec(text)
  if (bad) throw new Error(`a bare & in ${text.slice(0, 80)}`)
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
