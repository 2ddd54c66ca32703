import { posix } from 'node:path'
import { type Data, type DataMap, isMap, jsonText, sortedKeys } from './data.ts'
import { hclAttributes, hclBlocks } from './hclwrite.ts'

/** What an instance's `generate` section comes to. An entry that Atmos cannot write fails no run; it is told in `skipped`. */
export interface Generated {
  /** Content by path relative to the component's folder. */
  readonly files: ReadonlyMap<string, string>
  readonly skipped: readonly { readonly file: string; readonly why: string }[]
}

/**
 * The files that `generate` asks for: a text is a template, a map is written by the name's extension, null is nothing.
 * @param render fills in a template; its errors are told as `skipped`
 * @param yaml writes a map as YAML
 * @param hasFolder whether the component's folder has this sub-folder
 */
export function generatedFiles(
  generate: DataMap,
  {
    render,
    yaml,
    hasFolder,
    who,
  }: {
    readonly render: (template: string, file: string) => string
    readonly yaml: (data: DataMap) => string
    readonly hasFolder: (path: string) => boolean
    readonly who: string
  },
): Generated {
  const files = new Map<string, string>()
  const skipped: { file: string; why: string }[] = []
  for (const file of sortedKeys(generate)) {
    const data = generate[file]!
    const path = posix.normalize(file)
    const folder = posix.dirname(path)
    if (data === null) continue
    if (path.startsWith('../') || posix.isAbsolute(path))
      skipped.push({ file, why: 'it would be written outside of the component folder' })
    else if (typeof data !== 'string' && !isMap(data))
      skipped.push({ file, why: `its content is a ${kind(data)}; a text or a map was expected` })
    else if (folder !== '.' && !hasFolder(folder)) skipped.push({ file, why: `there is no folder ${folder}` })
    else files.set(path, typeof data === 'string' ? render(data, file) : content(path, data, yaml, who))
  }
  return { files, skipped }
}

function kind(data: Data): string {
  return Array.isArray(data) ? 'list' : typeof data === 'boolean' ? 'boolean' : 'number'
}

function content(path: string, data: DataMap, yaml: (data: DataMap) => string, who: string): string {
  switch (posix.extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
      return yaml(data)
    case '.tf':
      return hclBlocks(data)
    case '.hcl':
    case '.tfvars':
      return hclAttributes(data)
    default:
      return jsonText(data, 2, `generate.${path} of ${who}`)
  }
}
