/**
 * What a remote's address names, alike for every way to write it: `github.com/acme/infra` for
 * `git@github.com:acme/infra.git` and `https://token@github.com/acme/infra`. Undefined for a folder on this machine.
 */
export function remoteIdentity(url: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/+(.+)$/i.exec(url)
  if (scheme !== null && /^file:/i.test(url)) return undefined
  const [, host, path] = scheme ?? /^(?:[^/@:]+@)?([^/:]{2,}):(?!\/\/)\/*(.+)$/.exec(url) ?? []
  if (host === undefined || path === undefined) return undefined
  return `${host.toLowerCase()}/${path.replace(/\/+$/, '').replace(/\.git$/, '')}`
}
