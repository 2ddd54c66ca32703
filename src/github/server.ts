import type { RepositoryName } from './github.ts'

/** A repository on a GitHub, and where that GitHub answers. */
export interface Located {
  readonly repository: RepositoryName
  readonly serverUrl: string
  readonly apiUrl: string
}

/** What the environment says of the GitHub that is meant: as the runner sets it, and as `gh` reads it. */
export interface ServerEnv {
  readonly GITHUB_SERVER_URL?: string | undefined
  readonly GITHUB_API_URL?: string | undefined
  readonly GH_HOST?: string | undefined
}

/**
 * Finds a repository by its remote, given as host and path: `github.com/acme/infra`. Undefined where the host is not known
 * to be a GitHub: github.com, a `ghe.com`, or the server that the environment names.
 */
export function located(remote: string, env: ServerEnv): Located | undefined {
  const [host, owner, name, ...rest] = remote.split('/')
  if (host === undefined || owner === undefined || name === undefined || rest.length > 0) return undefined
  const repository = { owner, name }
  const server = env.GITHUB_SERVER_URL
  if (server !== undefined && hostOf(server) === host)
    return { repository, serverUrl: server, apiUrl: env.GITHUB_API_URL ?? apiOf(host) }
  if (host === 'github.com' || host.endsWith('.ghe.com') || host === env.GH_HOST)
    return { repository, serverUrl: `https://${host}`, apiUrl: apiOf(host) }
  return undefined
}

function apiOf(host: string): string {
  if (host === 'github.com') return 'https://api.github.com'
  return host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`
}

function hostOf(url: string): string | undefined {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1]?.toLowerCase()
}
