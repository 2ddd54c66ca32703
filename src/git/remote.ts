/**
 * What a remote's address names, alike for every way to write it: `github.com/acme/infra` for
 * `git@github.com:acme/infra.git` and `https://token@github.com/Acme/infra`. Undefined for a folder on this machine.
 */
export function remoteIdentity(url: string): string | undefined {
  if (/^file:/i.test(url)) return undefined
  const [, host, path] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/+(.+)$/i.exec(url) ??
    /^(?:[^/@:]+@)?([^/:]{2,}):(?!\/\/)\/*(.+)$/.exec(url) ??
    []
  if (host === undefined || path === undefined) return undefined
  const name = `${host}/${path}`
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
  return name.replace(/^ssh\.(github\.com)\//, '$1/') // GitHub's ssh over the https port
}
