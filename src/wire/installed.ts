import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Installed } from '../flows/init.ts'
import { remoteIdentity } from '../git/remote.ts'
import { type Here, repoOrNone } from './place.ts'

/** The copy of Airlock that runs: a clone of its repository knows the commit, a package at most what was written into it. */
export async function installedCopy(env: Here['env']): Promise<Installed> {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)))
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
    readonly gitHead?: string
    readonly repository?: string | { readonly url: string }
  }
  const around = await repoOrNone(root, env)
  const clone = around?.root === realpathSync(root) ? around : undefined
  const named = typeof about.repository === 'string' ? about.repository : about.repository?.url
  const identity = remoteIdentity((await clone?.config('remote.origin.url')) ?? named?.replace(/^git\+/, '') ?? '')
  return {
    version: about.version,
    repository: identity?.split('/').slice(1).join('/'),
    commit: (await clone?.resolve('HEAD')) ?? about.gitHead,
  }
}

function packageRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageRoot(dirname(folder))
}
