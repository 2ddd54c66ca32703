import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

if (process.argv.includes('--check')) {
  const fresh = await mkdtemp(join(tmpdir(), 'airlock-build-'))
  try {
    await bundle(root, fresh)
    const differences = await compare(dist, fresh)
    for (const line of differences) console.error(line)
    if (differences.length > 0) console.error('dist/ is not what the source builds: npm run build')
    process.exitCode = differences.length > 0 ? 1 : 0
  } finally {
    await rm(fresh, { recursive: true })
  }
} else {
  await rm(dist, { recursive: true, force: true })
  for (const { path, bytes } of await bundle(root, dist)) console.log(`${String(bytes).padStart(9)}  ${path}`)
}

async function compare(committed: string, built: string): Promise<string[]> {
  const [before, after] = await Promise.all([contents(committed), contents(built)])
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)]
    if (old === undefined) return [`missing in dist/: ${path}`]
    if (now === undefined) return [`no longer built: dist/${path}`]
    return old.equals(now) ? [] : [`differs: dist/${path}`]
  })
}

async function contents(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file)] as const)))
}
