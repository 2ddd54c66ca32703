/**
 * Versions that a dependency lock file (`.terraform.lock.hcl`) selects, by provider source address:
 * `registry.terraform.io/hashicorp/aws` → `5.31.0`.
 */
export function lockedVersions(lockFile: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>()
  let source: string | undefined
  for (const line of lockFile.split('\n')) {
    const block = /^\s*provider\s+"([^"]+)"\s*\{/.exec(line)
    if (block) source = block[1]
    const version = /^\s*version\s*=\s*"([^"]+)"/.exec(line)
    if (source !== undefined && version?.[1] !== undefined) versions.set(source, version[1])
    if (/^\s*\}/.test(line)) source = undefined
  }
  return versions
}
