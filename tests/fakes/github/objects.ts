import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'

/** A bare repository's objects and refs as files: what one process a question would make slow. Pushes leave no packs here. */
interface RawObject {
  readonly type: string
  readonly bytes: Buffer
}

/** A commit, taken apart. */
export interface Commit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  readonly message: string
}

interface Person {
  readonly name: string
  readonly email: string
  readonly atMs: number
}

/** An entry of a tree: `40000` for a folder. */
export interface Entry {
  readonly mode: string
  readonly name: string
  readonly sha: string
}

const place = (folder: string, sha: string): string => join(folder, 'objects', sha.slice(0, 2), sha.slice(2))

async function readObject(folder: string, sha: string): Promise<RawObject | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined
  const packed = await readFile(place(folder, sha)).catch(() => undefined)
  if (packed === undefined) return undefined
  const whole = inflateSync(packed)
  const end = whole.indexOf(0)
  return { type: whole.subarray(0, whole.indexOf(32)).toString('latin1'), bytes: whole.subarray(end + 1) }
}

/** Writes an object. @returns its name */
export async function writeObject(folder: string, type: 'blob' | 'tree' | 'commit', bytes: Buffer): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
  const sha = createHash('sha1').update(whole).digest('hex')
  const path = place(folder, sha)
  await mkdir(dirname(path), { recursive: true })
  const aside = `${path}.${randomBytes(4).toString('hex')}`
  await writeFile(aside, deflateSync(whole, { level: 1 }))
  await rename(aside, path)
  return sha
}

function person(line: string): Person {
  const found = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line)
  return { name: found?.[1] ?? '', email: found?.[2] ?? '', atMs: Number(found?.[3] ?? 0) * 1000 }
}

const commits = new Map<string, Commit>()

/** A commit; undefined when the repository has none of that name. */
export async function readCommit(folder: string, sha: string): Promise<Commit | undefined> {
  const key = `${folder} ${sha}`
  const known = commits.get(key)
  if (known !== undefined) return known
  const object = await readObject(folder, sha)
  if (object === undefined || object.type !== 'commit') return undefined
  const text = object.bytes.toString('utf8')
  const end = text.indexOf('\n\n')
  const head = text.slice(0, end).split('\n')
  const values = (name: string): string[] =>
    head.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  const commit: Commit = {
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: person(values('author')[0] ?? ''),
    committer: person(values('committer')[0] ?? ''),
    message: text.slice(end + 2).trimEnd(),
  }
  commits.set(key, commit)
  return commit
}

/** Entries of a tree. */
export async function readTree(folder: string, sha: string): Promise<Entry[]> {
  const object = await readObject(folder, sha)
  const entries: Entry[] = []
  if (object === undefined || object.type !== 'tree') return entries
  for (let at = 0; at < object.bytes.length; ) {
    const end = object.bytes.indexOf(0, at)
    const [mode = '', name = ''] = object.bytes.subarray(at, end).toString('utf8').split(/ (.*)/s)
    entries.push({ mode, name, sha: object.bytes.subarray(end + 1, end + 21).toString('hex') })
    at = end + 21
  }
  return entries
}

/** Writes a tree of entries, in Git's order. @returns its name */
export async function writeTree(folder: string, entries: readonly Entry[]): Promise<string> {
  const key = (it: Entry): Buffer => Buffer.from(it.mode === '40000' ? `${it.name}/` : it.name)
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)))
  const parts = sorted.flatMap((it) => [Buffer.from(`${it.mode} ${it.name}\0`), Buffer.from(it.sha, 'hex')])
  return writeObject(folder, 'tree', Buffer.concat(parts))
}

/** What lies at a path of a tree; undefined when nothing does. */
export async function entryAt(folder: string, tree: string, path: string): Promise<Entry | undefined> {
  const [first = '', rest] = path.split(/\/(.*)/s)
  const found = (await readTree(folder, tree)).find((it) => it.name === first)
  return rest === undefined || found === undefined ? found : entryAt(folder, found.sha, rest)
}

/** A file's bytes. */
export async function readBlob(folder: string, sha: string): Promise<Buffer | undefined> {
  const object = await readObject(folder, sha)
  return object?.type === 'blob' ? object.bytes : undefined
}

/** A tree with files changed; null takes one away. @returns undefined where nothing is left */
export async function editedTree(
  folder: string,
  tree: string | undefined,
  files: Readonly<Record<string, string | null>>,
): Promise<string | undefined> {
  const entries = new Map((tree === undefined ? [] : await readTree(folder, tree)).map((it) => [it.name, it]))
  const below = new Map<string, Record<string, string | null>>()
  for (const [path, text] of Object.entries(files)) {
    const [first = '', rest] = path.split(/\/(.*)/s)
    if (rest !== undefined) below.set(first, { ...below.get(first), [rest]: text })
    else if (text === null) entries.delete(first)
    else entries.set(first, { mode: '100644', name: first, sha: await writeObject(folder, 'blob', Buffer.from(text)) })
  }
  for (const [name, inside] of below) {
    const old = entries.get(name)
    const sha = await editedTree(folder, old?.mode === '40000' ? old.sha : undefined, inside)
    if (sha === undefined) entries.delete(name)
    else entries.set(name, { mode: '40000', name, sha })
  }
  return entries.size === 0 && tree !== undefined ? undefined : writeTree(folder, [...entries.values()])
}

/** A ref's commit; undefined when there is no such ref. */
export async function readRef(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : text.trim()
}

/** Sets a ref, or removes it (undefined). `old`: what it must be now. */
export async function writeRef(folder: string, name: string, sha: string | undefined, old?: string): Promise<void> {
  if (old !== undefined && (await readRef(folder, name)) !== old) throw new Error(`${name} is not at ${old}`)
  const path = join(folder, name)
  if (sha === undefined) return rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, `${sha}\n`)
  await rename(`${path}.new`, path)
}

/** All refs, in the order of their names. */
export async function readRefs(folder: string): Promise<Map<string, string>> {
  const found: [string, string][] = []
  const visit = async (name: string): Promise<void> => {
    for (const entry of await readdir(join(folder, name), { withFileTypes: true })) {
      const path = `${name}/${entry.name}`
      if (entry.isDirectory()) await visit(path)
      else found.push([path, (await readRef(folder, path)) ?? ''])
    }
  }
  await visit('refs')
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}
