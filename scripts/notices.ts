import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

/** Folders of the packages whose code is in the bundles, in order: `node_modules/js-yaml`. */
export function bundledPackages(metafiles: readonly Metafile[]): string[] {
  const used = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  )
  const folders = used.flatMap((path) => {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)
    return found ? [found[1]!] : []
  })
  return [...new Set(folders)].sort()
}

/** The licence notices that the bundles owe, one section a package. */
export async function notices(root: string, folders: readonly string[]): Promise<string> {
  const sections = await Promise.all(
    folders.map(async (folder) => {
      const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
      const names = (await readdir(join(root, folder)))
        .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
        .sort()
      if (names.length === 0 && typeof about.license !== 'string') throw new Error(`${folder} has no licence`)
      const texts = await Promise.all(names.map((name) => readFile(join(root, folder, name), 'utf8')))
      const title = `${about.name} ${about.version} (${about.license ?? 'see below'})`
      return [title, '-'.repeat(title.length), ...texts.map((text) => text.replace(/\r\n/g, '\n').trim())].join('\n\n')
    }),
  )
  const intro = 'The files of this folder contain code of the packages named below.'
  return `${[intro, ...sections].join('\n\n\n')}\n`
}
