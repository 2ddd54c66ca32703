import type { OpenedGitHub } from '../flows/doctor-github.ts'
import { gitRepo } from '../git/drivers/cli.ts'
import { remoteIdentity } from '../git/remote.ts'
import type { GitHub } from '../github/github.ts'
import { located } from '../github/server.ts'
import { processShell } from '../machine/drivers/shell.ts'
import type { Here } from './place.ts'

/** Opens GitHub for a person at a terminal: with the token of the environment, else with that of `gh`. */
export async function openGitHub({ cwd, env, signal }: Here, repository?: GitHub['repository']): Promise<OpenedGitHub> {
  const repo = await gitRepo(cwd, env)
  const origin = remoteIdentity((await repo.config('remote.origin.url')) ?? '')
  const place = origin === undefined ? undefined : located(origin, env)
  if (place === undefined)
    return {
      kind: 'closed',
      why: 'no-remote',
      message:
        origin === undefined ? 'the repository has no remote named origin' : `origin (${origin}) is not at GitHub`,
      fix: 'git remote add origin https://github.com/OWNER/NAME; for a GitHub Enterprise Server set GH_HOST to its host',
    }
  const token =
    env.GITHUB_TOKEN || env.GH_TOKEN || (await tokenOfGh({ cwd, env, signal }, new URL(place.serverUrl).host))
  if (!token)
    return {
      kind: 'closed',
      why: 'no-token',
      message: `there is no token for ${place.repository.owner}/${place.repository.name}`,
      fix: 'gh auth login, or set GITHUB_TOKEN or GH_TOKEN',
    }
  const { restGitHub } = await import('../github/drivers/rest.ts')
  // GitHub asks for a second between two changes; a server without TLS is one of our own.
  const paceMs = place.serverUrl.startsWith('http:') ? 0 : undefined
  return {
    kind: 'open',
    github: restGitHub({ token, ...place, ...(repository && { repository }), ...(paceMs !== undefined && { paceMs }) }),
  }
}

async function tokenOfGh({ cwd, env, signal }: Here, host: string): Promise<string | undefined> {
  const line = `gh auth token --hostname '${host}'`
  const end = await processShell({ stop: signal }).run({ line, cwd, env, timeoutMs: 5000 })
  return end.kind === 'exited' && end.code === 0 ? end.output.trim() : undefined
}
