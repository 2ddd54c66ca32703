import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { AddressDocument, Attempt } from '../../src/records/document.ts'
import { parseDocument } from '../../src/records/format.ts'
import type { FakeJob } from '../fakes/github/hub.ts'
import { current } from '../fakes/s3/bucket.ts'
import type { House } from './house.ts'
import { until } from './networks.ts'

type Bucket = 'airlock' | 'states'

/** Keys of what lies in a bucket now. */
export function keysIn({ s3 }: House, bucket: Bucket): string[] {
  const of = s3.buckets.get(bucket)!
  return [...of.objects.keys()].filter((key) => current(of, key) !== undefined).sort()
}

/** An object of a bucket as it is now, as it was before it was packed. */
export function objectIn({ s3 }: House, bucket: Bucket, key: string): Uint8Array | undefined {
  const found = current(s3.buckets.get(bucket)!, key)
  return found && (found.headers['content-encoding'] === 'gzip' ? gunzipSync(found.bytes) : found.bytes)
}

/** The documents of all addresses, by the present name of their instance. */
export function recordsOf(of: House): ReadonlyMap<string, AddressDocument> {
  const keys = keysIn(of, 'airlock').filter((key) => /\/documents\/[^/]+\.json$/.test(key))
  const all = keys.map((key) => parseDocument(objectIn(of, 'airlock', key)!, key))
  return new Map(all.map((document) => [document.names[0] ?? document.address.workspace, document]))
}

/** The document of an instance. @throws when there is none */
export function documentOf(of: House, id: string): AddressDocument {
  const found = recordsOf(of).get(id)
  if (found === undefined) throw new Error(`there is no document of ${id}: ${[...recordsOf(of).keys()].join(', ')}`)
  return found
}

/** Terraform's state of an instance, as it lies in S3. */
export function stateOf(of: House, id: string): { readonly serial: number; readonly lineage: string } {
  const key = stateKeyOf(id)
  const bytes = objectIn(of, 'states', key)
  if (bytes === undefined) throw new Error(`there is no state ${key}: ${keysIn(of, 'states').join(', ')}`)
  return JSON.parse(Buffer.from(bytes).toString())
}

/** Where the state of an instance is: each component has a prefix of its own, each stack a workspace. */
export function stateKeyOf(id: string): string {
  return `${id.replace('@', '/')}/terraform.tfstate`
}

/** Terraform's own locks that are there. */
export function stateLocks(of: House): string[] {
  return keysIn(of, 'states').filter((key) => key.endsWith('.tflock'))
}

/** An object of the cloud: `network/plat-ue1-dev`; undefined when it is not there. */
export async function cloudObject(
  { cloud }: House,
  name: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return JSON.parse(await readFile(join(cloud, `${name}.json`), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Everything that is done to the objects of that name takes so long from now on; undefined: no longer than usual. */
export async function slowly({ cloud }: House, name: string, ms: number | undefined): Promise<void> {
  await mkdir(join(cloud, '.slow'), { recursive: true })
  if (ms === undefined) await rm(join(cloud, '.slow', name), { force: true })
  else await writeFile(join(cloud, '.slow', name), String(ms))
}

/** Waits until Terraform is at work on an instance: its attempt is begun, and its own lock is in our journal. */
export function applying(of: House, id: string): Promise<Attempt> {
  const isAtWork = ({ outcome, lock }: Attempt) => outcome === undefined && lock !== undefined
  return until(`an apply of ${id}`, () => recordsOf(of).get(id)?.attempts.find(isAtWork), 250_000)
}

/** The job that is on a machine now, by its key. */
export function jobAtWork({ runner }: House, key: string): FakeJob {
  const found = runner
    .runs()
    .flatMap(({ jobs }) => jobs)
    .find((job) => job.key === key && job.status === 'in_progress')
  if (found === undefined) throw new Error(`no job ${key} is at work`)
  return found
}

/**
 * What must hold whenever nothing runs: nobody has a claim, Terraform has no lock, nothing is begun that has no end, and each
 * ledger is of a commit of the protected branch and of the state that is there.
 */
export function allAtRest(of: House): void {
  expect(stateLocks(of)).toEqual([])
  for (const [id, document] of recordsOf(of)) {
    expect([id, document.claim]).toEqual([id, undefined])
    expect([id, document.attempts.filter(({ outcome }) => outcome === undefined)]).toEqual([id, []])
    expect([id, document.outbox]).toEqual([id, []])
    if (document.ledger?.state) {
      const { serial, lineage } = stateOf(of, id)
      expect([id, document.ledger.state]).toEqual([id, { serial, lineage }])
    }
  }
}

/** All that was tried on an instance since a time of the store's, oldest first: how each try ended. */
export function outcomes(of: House, id: string, sinceRev = 0): (Attempt['outcome'] | 'open')[] {
  return documentOf(of, id)
    .attempts.filter(({ rev }) => rev > sinceRev)
    .map(({ outcome }) => outcome ?? 'open')
}

/** What the tip asks for is what every ledger says: a sweep finds nothing to do. */
export async function nothingLeft(of: House): Promise<void> {
  await of.dispatch({ task: 'sweep' })
  const jobs = of.runsOf('workflow_dispatch').at(-1)!.jobs
  expect(
    jobs.filter(({ key }) => key === 'report').map(({ log }) => /(\d+) instances? (is|are) in flight/.exec(log)?.[1]),
  ).toEqual(['0'])
}

/** A stack of the house with a tag on its network: a change in place of `vpc`, which nothing else reads. */
export function tagged(text: string, tag: string, value: string): string {
  const inherits = '          - vpc/defaults\n'
  if (!text.includes(inherits)) throw new Error('the stack has no vpc')
  return text.replace(inherits, `${inherits}      vars:\n        tags:\n          ${tag}: ${value}\n`)
}

/** Leaves nothing of the small estate but the networks of these regions, each a stack of its own: `ue1`. */
export function networksOnly(files: Record<string, string>, regions: readonly string[]): void {
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith('stacks/orgs/plat/dev/')) continue
    if (regions.some((region) => path.endsWith(`/${region}.yaml`)))
      files[path] = text.replace('  - catalog/cluster/defaults\n', '').replace(/^ {4}cluster:\n(?: {6,}.*\n)*/gm, '')
    else delete files[path]
  }
}
