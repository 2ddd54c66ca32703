import { type Data, type DataMap, isMap, sortedKeys } from './data.ts'

/**
 * A map as HCL attributes, keys sorted and equal signs aligned as `terraform fmt` does: what `generate` writes for
 * `.tfvars` and `.hcl`.
 */
export function hclAttributes(map: DataMap): string {
  return attributes(map, '', (key) => key)
}

/**
 * A map as Terraform configuration: its maps become blocks, those below a labelled block type one block a label
 * (`variable: {v: {type: string}}` is `variable "v" { type = "string" }`).
 */
export function hclBlocks(map: DataMap): string {
  return body(map, '')
}

/** How many labels each block type of Terraform's language has; a type that is not here has none. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  variable: 1,
  output: 1,
  module: 1,
  provider: 1,
  check: 1,
  backend: 1,
}

function body(map: DataMap, lead: string): string {
  const isBlock = (key: string) => isMap(map[key]) || isBlockList(map[key]!)
  const keys = sortedKeys(map)
  const plain = Object.fromEntries(keys.filter((key) => !isBlock(key)).map((key) => [key, map[key]!]))
  const blocks = keys.filter(isBlock).flatMap((key) => {
    const value = map[key]!
    const items = Array.isArray(value) ? (value as readonly DataMap[]) : [value as DataMap]
    return items.map((item) => block(key, LABELS[key] ?? 0, item, lead))
  })
  return attributes(plain, lead, (key) => key) + blocks.join('')
}

function isBlockList(data: Data): boolean {
  return Array.isArray(data) && data.length > 0 && data.every((item) => isMap(item))
}

function block(head: string, labels: number, map: DataMap, lead: string): string {
  if (labels > 0)
    return sortedKeys(map)
      .map((label) => {
        const inner = map[label]!
        const next = `${head} ${text(label)}`
        return isMap(inner) ? block(next, labels - 1, inner, lead) : `${lead}${next} {\n${lead}}\n`
      })
      .join('')
  return `${lead}${head} {\n${body(map, `${lead}  `)}${lead}}\n`
}

/** Lines `key = value`; the equal signs of neighbouring one-line values stand under each other. */
function attributes(map: DataMap, lead: string, name: (key: string) => string): string {
  const lines = sortedKeys(map).map((key) => ({ key: name(key), value: expression(map[key]!, lead) }))
  let out = ''
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (end < lines.length && !lines[end]!.value.includes('\n')) end++
    if (end === at) {
      out += `${lead}${lines[at]!.key} = ${lines[at]!.value}\n`
      at++
      continue
    }
    const group = lines.slice(at, end)
    const width = Math.max(...group.map((line) => [...line.key].length))
    for (const line of group) out += `${lead}${line.key}${' '.repeat(width - [...line.key].length)} = ${line.value}\n`
    at = end
  }
  return out
}

function expression(value: Data, lead: string): string {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return `[${value.map((item) => expression(item, lead)).join(', ')}]`
  if (isMap(value)) {
    if (Object.keys(value).length === 0) return '{}'
    const quoteKey = (key: string) => (/^[A-Za-z_][\w-]*$/.test(key) ? key : text(key))
    return `{\n${attributes(value, `${lead}  `, quoteKey)}${lead}}`
  }
  return String(value)
}

function text(value: string): string {
  return JSON.stringify(value).replace(/([$%])\{/g, (found) => `${found[0]}${found}`)
}
