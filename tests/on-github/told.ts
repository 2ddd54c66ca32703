import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { House } from './house.ts'

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
