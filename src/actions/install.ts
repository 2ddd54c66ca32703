import { createHash } from 'node:crypto'
import { chmod, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { UserError } from '../error.ts'

type Kind = 'terraform' | 'tofu'

/** Where releases come from; GitHub for OpenTofu, HashiCorp's own server for Terraform. */
const sources = {
  terraform: {
    index: 'https://releases.hashicorp.com/terraform/index.json',
    folder: (version: string) => `https://releases.hashicorp.com/terraform/${version}`,
  },
  tofu: {
    index: 'https://get.opentofu.org/tofu/api.json',
    folder: (version: string) => `https://github.com/opentofu/opentofu/releases/download/v${version}`,
  },
} as const

/** Every final release there is. @throws UserError `download-failed` */
export async function releases(kind: Kind, get: Get): Promise<readonly string[]> {
  const index: unknown = JSON.parse(new TextDecoder().decode(await get(sources[kind].index)))
  const { versions } = index as { versions?: unknown }
  const names = Array.isArray(versions)
    ? versions.map((it: { readonly id?: unknown }) => String(it.id ?? ''))
    : Object.keys((versions ?? {}) as object)
  return names.filter((it) => /^\d+\.\d+\.\d+$/.test(it))
}

/** Reads a URL whole. */
export type Get = (url: string) => Promise<Uint8Array>

/**
 * Downloads a release into the tool cache of the runner, unless it is there, and answers with its folder. The archive must
 * have the checksum that the release lists.
 * @throws UserError `download-failed`, `download-changed`
 */
export async function install(
  kind: Kind,
  version: string,
  { cache, platform, get }: { readonly cache: string; readonly platform: string; readonly get: Get },
): Promise<string> {
  const folder = join(cache, 'airlock', kind, version, platform)
  const program = join(folder, kind)
  if ((await stat(program).catch(() => undefined))?.isFile()) return folder
  const base = sources[kind].folder(version)
  const name = `${kind}_${version}_${platform}.zip`
  const [archive, sums] = await Promise.all([get(`${base}/${name}`), get(`${base}/${kind}_${version}_SHA256SUMS`)])
  const listed = new TextDecoder()
    .decode(sums)
    .split('\n')
    .find((line) => line.trim().endsWith(` ${name}`))
  const expected = listed?.trim().split(/\s+/)[0]
  const found = createHash('sha256').update(archive).digest('hex')
  if (expected === undefined || expected !== found)
    throw new UserError({
      code: 'download-changed',
      message: `${base}/${name} is not what its release lists: sha256 ${found}, expected ${expected ?? 'nothing (it is not listed)'}`,
      fix: 'nothing was installed; run the job again, and if it stays so, find out who changed the download',
    })
  const bytes = unzipSync(archive, { filter: ({ name: file }) => file === kind })[kind]
  if (bytes === undefined) throw new Error(`${name} holds no ${kind}`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${program}.part`, bytes)
  await chmod(`${program}.part`, 0o755)
  await rename(`${program}.part`, program)
  return folder
}

/** Names the machine as releases do: `linux_amd64`. */
export function platformName(platform: string, arch: string): string {
  const os = platform === 'win32' ? 'windows' : platform
  return `${os}_${arch === 'x64' ? 'amd64' : arch === 'ia32' ? '386' : arch}`
}

const patienceMs = 120_000

/** Reads from the network. @throws UserError `download-failed` */
export const download: Get = async (url) => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  } catch (cause) {
    const why =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause)
    throw new UserError({
      code: 'download-failed',
      message: `${url} cannot be downloaded: ${why}`,
      fix: 'install that version on the runner before this step (it is used where it fits), or let the runner reach that server',
      cause,
    })
  }
}
