import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { FakeRun } from '../fakes/github/hub.ts'
import type { House } from './house.ts'

/** What a run cost of GitHub's API, and what it may cost. */
export interface Cost {
  readonly run: FakeRun
  /** `POST /statuses/{sha}` */
  readonly calls: readonly string[]
  readonly most: number
}

/** What an approval stands on, which is read again before anything is done by it. */
const readings = [
  'GET /pulls/{pull_number}',
  'GET /pulls/{pull_number}/reviews',
  'GET /collaborators/{username}/permission',
  'GET /commits/{commit_sha}/pulls',
  'GET /issues/comments/{comment_id}',
]

/**
 * The API calls of each run that made any, oldest first. What it deploys is told in two calls an environment; each job that acts
 * by approvals reads them again, in a few calls, however many instances it has.
 */
export function costs({ github, runner }: House): readonly Cost[] {
  return runner.runs().flatMap((run): Cost[] => {
    const own = github.calls.filter(({ by }) => by?.kind === 'job' && by.run === run.id)
    if (own.length === 0) return []
    const calls = own.map(({ method, route }) => `${method} ${route.replace('/repos/{owner}/{repo}', '')}`)
    const count = (call: string) => calls.filter((it) => it === call).length
    const annotations = run.jobs.reduce((sum, job) => sum + job.annotations.length, 0)
    const deployed = 2 * count('POST /deployments')
    const looks = run.jobs.filter(({ key, conclusion }) => conclusion !== 'skipped' && acts(run, key)).length
    const read = Math.min(8 * looks, calls.filter((it) => readings.includes(it)).length)
    return [{ run, calls, most: 5 + Math.ceil(annotations / 50) + count('POST /statuses/{sha}') + deployed + read }]
  })
}

function acts({ event }: FakeRun, key: string): boolean {
  return !event.startsWith('pull_request') && /^(report|after|command|apply-\d)$/.test(key)
}

/** The costs as a table: what happened, how many calls, which. */
export function costTable(of: readonly Cost[]): string {
  return of
    .map(({ run, calls, most }) => {
      const counts = [...new Set(calls)].map((call) => `${calls.filter((it) => it === call).length} ${call}`)
      return `${run.event} ${run.id}: ${calls.length} of ${most}: ${counts.join(', ')}`
    })
    .join('\n')
}

/** Where a text stands in the clear, of all that people see or that is kept of a repository. States are Terraform's own. */
export async function placesOf(
  text: string,
  { github, runner, s3, repository }: House,
  pulls: readonly number[],
): Promise<readonly string[]> {
  const places: string[] = []
  const look = (place: string, content: string) => {
    if (content.includes(text)) places.push(place)
  }
  for (const number of pulls)
    for (const { body, id } of github.comments(repository, number)) look(`comment ${id}`, body)
  for (const run of runner.runs()) {
    for (const job of run.jobs) {
      look(`log of ${run.event}, ${job.name}`, job.log)
      look(`summary of ${run.event}, ${job.name}`, job.summary)
      look(`annotations of ${run.event}, ${job.name}`, JSON.stringify(job.annotations))
    }
    for (const [name, folder] of github.artifacts(run))
      for (const path of await filesIn(folder)) look(`artifact ${name}: ${path}`, clear(await readFile(path)))
  }
  for (const [key, versions] of s3.buckets.get('airlock')!.objects)
    for (const { bytes } of versions) look(`object ${key}`, clear(bytes))
  for (const { payload, event } of github.deliveries)
    if (event === 'deployment' || event === 'deployment_status' || event === 'status' || event === 'check_run')
      look(event, JSON.stringify(payload))
  return places
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((it) => it.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

function clear(bytes: Uint8Array): string {
  return Buffer.from(unpacked(bytes)).toString('latin1')
}

/** Records lie in the bucket packed by gzip. */
function unpacked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}
