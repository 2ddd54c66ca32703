import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the provider of the folder cloud is found: `source` in `required_providers`. */
export const providerSource = 'airlock.dev/demo/folder'

/** The only version of it. */
export const providerVersion = '1.0.0'

const executable = `terraform-provider-folder_v${providerVersion}`

/** This machine in Terraform's words: `linux_amd64`. */
export function terraformPlatform(platform: string, arch: string): string {
  const os = platform === 'win32' ? 'windows' : platform
  const cpu = arch === 'x64' ? 'amd64' : arch === 'ia32' ? '386' : arch
  return `${os}_${cpu}`
}

/** Terraform's CLI configuration that takes our provider from the mirror, and all others from where they always come. */
export function cliConfig(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${providerSource}"]
  }
  direct {
    exclude = ["${providerSource}"]
  }
}
`
}

/** The provider as one file: in an installation it is part of `dist/`; in development it is bundled anew each time. */
async function providerFile(into: string): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [here, dirname(here)].map((folder) => join(folder, 'terraform-provider-folder.cjs')).find(existsSync)
  if (built !== undefined) return copyFile(built, into)
  const development = './bundle.ts' // by a name that is not written out, so that no bundler becomes part of the bundle
  const { bundleProvider }: typeof import('./bundle.ts') = await import(development)
  await bundleProvider(into)
}

/**
 * Writes the mirror and the CLI configuration into a folder, and returns the variables that make Terraform use them and
 * the cloud.
 * @param environment the process environment, to see whether the provider's `#!/usr/bin/env node` will find Node.js
 */
export async function writeMirror(
  folder: string,
  cloud: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const mirror = join(folder, 'mirror')
  const target = providerFolder(folder)
  await mkdir(target, { recursive: true })
  await mkdir(cloud, { recursive: true })
  await providerFile(join(target, executable))
  await chmod(join(target, executable), 0o755)
  // Else a package.json further up could make Node.js read the file as an ES module.
  await writeFile(join(target, 'package.json'), '{ "type": "commonjs" }\n')
  const config = join(folder, 'terraform.rc')
  await writeFile(config, cliConfig(mirror))
  const path = environment.PATH ?? ''
  const node = path.split(delimiter).some((it) => it !== '' && existsSync(join(it, 'node')))
  return {
    TF_CLI_CONFIG_FILE: config,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    FOLDER_CLOUD: cloud,
    ...(node ? {} : { PATH: [dirname(process.execPath), path].filter((it) => it !== '').join(delimiter) }),
  }
}

function providerFolder(folder: string): string {
  const platform = terraformPlatform(process.platform, process.arch)
  return join(folder, 'mirror', providerSource, providerVersion, platform)
}

/** A process that plays the provider for all that Terraform starts with `env`. */
export interface ProviderHost {
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Starts a host for the provider of the mirror in `folder` (provider/host.ts): the same provider, without a start of
 * Node.js for each. Where it cannot be, `env` is empty, and each Terraform starts its own. It ends with this process.
 */
export async function hostProvider(folder: string): Promise<ProviderHost> {
  const places = join(folder, 'host')
  const child = spawn(process.execPath, [join(providerFolder(folder), executable), 'host', places], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_EXTRA_CA_CERTS: undefined },
  })
  const ended = once(child, 'close')
  const ready = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
  // It keeps nobody from ending, who only then closes its standard input.
  child.stdout.destroy()
  ;(child.stdin as Socket).unref()
  child.unref()
  return {
    env: ready ? { FOLDER_HOST: places } : {},
    async close() {
      child.ref()
      child.stdin.end()
      await ended
    },
  }
}
