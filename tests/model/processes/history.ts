import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressDocument, RecordEvent } from '../../../src/records/document.ts'
import { parseDocument } from '../../../src/records/format.ts'
import { type Asked, type Estate, instances, type Name } from './estate.ts'
import type { Ran } from './processes.ts'

/** A commit of the protected branch and since when it was its tip. */
export interface Commit {
  readonly id: string
  readonly fromMs: number
  readonly asked: Asked
}

/** An apply of Terraform, as the wrapper saw it. */
export interface Apply {
  readonly name: Name
  readonly pid: number
  /** The process of `airlock` that started it. */
  readonly parent: number
  readonly fromMs: number
  /** Left out where it was killed. */
  readonly end?: { readonly ms: number; readonly code: number }
}

/** Everything that is known after a storm. */
export interface History {
  readonly ran: readonly Ran[]
  readonly commits: readonly Commit[]
  readonly applies: readonly Apply[]
  readonly documents: ReadonlyMap<Name, AddressDocument>
  readonly events: ReadonlyMap<Name, readonly RecordEvent[]>
  /** Names of objects: of the cloud, and of the states. */
  readonly cloud: ReadonlySet<string>
  readonly states: ReadonlySet<string>
}

/** Reads what processes, Terraform, records, states and the cloud say. */
export async function history(estate: Estate, ran: readonly Ran[], commits: readonly Commit[]): Promise<History> {
  const records = join(estate.repo, '.git/airlock')
  const documents = new Map<Name, AddressDocument>()
  const events = new Map<Name, RecordEvent[]>()
  for (const file of await readdir(join(records, 'documents'))) {
    const key = `documents/${file}`
    const document = parseDocument(await readFile(join(records, key)), key)
    const name = document.names[0]?.split('@')[0] as Name
    documents.set(name, document)
    const folder = join(records, 'events', file.replace(/\.json$/, ''))
    const stored = existsSync(folder) ? (await readdir(folder)).sort() : []
    const read = await Promise.all(stored.map(async (it) => JSON.parse(await readFile(join(folder, it), 'utf8'))))
    const known = new Set(read.map((it: RecordEvent) => it.id))
    events.set(name, [...read, ...document.outbox.filter(({ id }) => !known.has(id))])
  }
  return {
    ran,
    commits,
    applies: appliesIn(await readFile(estate.journal, 'utf8')),
    documents,
    events,
    cloud: await objectsOf(estate),
    states: await stateObjects(estate),
  }
}

function appliesIn(text: string): Apply[] {
  const lines = text.split('\n').map((line) => line.split(' '))
  const used = new Set<number>()
  return lines.flatMap((line, at): Apply[] => {
    const [what, pid, parent, ms, ...rest] = line
    if (what !== 'begin') return []
    const name = rest.join(' ').split('/').at(-1) as Name
    const ended = lines.findIndex((it, i) => i > at && !used.has(i) && it[0] === 'end' && it[1] === pid)
    if (ended >= 0) used.add(ended)
    const end = lines[ended]
    const begun = { name, pid: Number(pid), parent: Number(parent), fromMs: Number(ms) }
    return [end ? { ...begun, end: { code: Number(end[2]), ms: Number(end[3]) } } : begun]
  })
}

/** Names of the objects in the cloud. */
export async function objectsOf({ cloud }: Pick<Estate, 'cloud'>): Promise<Set<string>> {
  const kinds = (await readdir(cloud)).filter((it) => !it.startsWith('.'))
  const files = await Promise.all(kinds.map((kind) => readdir(join(cloud, kind))))
  return new Set(files.flat().flatMap((it) => (it.endsWith('.json') ? [it.replace(/\.json$/, '')] : [])))
}

async function stateObjects({ repo }: Estate): Promise<Set<string>> {
  const found = new Set<string>()
  for (const name of instances) {
    const folder = join(repo, 'components/terraform', name)
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('terraform.tfstate') || file.includes('.terraform/')) continue
      const state = JSON.parse(await readFile(join(folder, file), 'utf8'))
      for (const { instances: all } of state.resources ?? [])
        for (const { attributes } of all) {
          if (found.has(attributes.name)) throw new Error(`two states hold ${attributes.name}`)
          found.add(attributes.name)
        }
    }
  }
  return found
}
