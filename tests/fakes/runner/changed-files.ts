import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Delivery, Hub } from '../github/hub.ts'

const execute = promisify(execFile)

/** Files that a push or a pull request changes, as the filters of paths see them; nothing for other events. */
export async function changedFiles(hub: Hub, folder: string, delivery: Delivery): Promise<readonly string[]> {
  const range = rangeOf(delivery)
  if (range === undefined) return []
  const clone = await mkdtemp(join(folder, 'changed-'))
  const token = hub.token(
    { kind: 'app', slug: 'github-actions', permissions: { contents: 'read' } },
    delivery.repository,
  )
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const git = async (...args: string[]) =>
    (await execute('git', ['-C', clone, '-c', `http.extraheader=AUTHORIZATION: basic ${basic}`, ...args])).stdout
  try {
    await git('init', '--quiet', '--bare')
    await git('fetch', '--quiet', `${hub.serverUrl}/${delivery.repository}.git`, ...range.commits)
    return (await git('diff', '--name-only', ...range.diff)).split('\n').filter((line) => line !== '')
  } finally {
    hub.revoke(token)
    await rm(clone, { recursive: true, force: true })
  }
}

/** A pull request changes what it does since it left its base; a push what lies between its two commits. */
function rangeOf({ event, payload, sha }: Delivery) {
  const pull = payload.pull_request as { head: { sha: string }; base: { sha: string } } | undefined
  if (pull !== undefined)
    return { commits: [pull.base.sha, pull.head.sha], diff: [`${pull.base.sha}...${pull.head.sha}`] }
  const before = String(payload.before ?? '')
  if (event !== 'push' || before === '') return undefined
  if (/^0+$/.test(before)) return { commits: [sha], diff: ['4b825dc642cb6eb9a060e54bf8d69288fbee4904', sha] }
  return { commits: [before, sha], diff: [before, sha] }
}
