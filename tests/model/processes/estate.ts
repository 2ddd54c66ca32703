import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundle } from '../../../scripts/bundle.ts'
import { hostProvider, writeMirror } from '../../../src/testkit/mirror.ts'

const execute = promisify(execFile)

/**
 * The instances: each has three objects, made one after another, and a fourth where its number is even. `reader` reads an
 * output of `base`.
 */
export const instances = ['base', 'reader', 'first', 'second'] as const
export type Name = (typeof instances)[number]

/** What the stack asks of each instance: a number that every change makes another. */
export type Asked = Readonly<Record<Name, number>>

/** A repository with its cloud and records in a temporary folder, and what real processes need to work on it. */
export interface Estate {
  readonly folder: string
  readonly repo: string
  readonly cloud: string
  /** What the wrapper around Terraform wrote: a line where an apply begins, and one where it ends. */
  readonly journal: string
  readonly env: Readonly<Record<string, string>>
  /** The words that start `airlock`. */
  readonly airlock: readonly [string, ...string[]]
  git(...words: string[]): Promise<string>
  /** Commits what is asked, on the protected branch. */
  ask(asked: Asked, subject: string): Promise<string>
  close(): Promise<void>
}

const provider = `terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`

const component = (name: string) => `${provider}
variable "stage" {
  type = string
}

variable "number" {
  type = number
}

variable "of" {
  type    = string
  default = ""
}
${['one', 'two', 'three']
  .map((part, index, all) => {
    const before = index === 0 ? '""' : `folder_file.${all[index - 1]}.id`
    return `
resource "folder_file" "${part}" {
  name    = "${name}-${part}"
  content = { number = var.number, of = var.of, before = ${before} }
}
`
  })
  .join('')}
resource "folder_file" "extra" {
  count   = var.number % 2 == 0 ? 1 : 0
  name    = "${name}-extra"
  content = { number = var.number, after = folder_file.three.id }
}

output "number" {
  value = var.number
}
`

function manifest(asked: Asked): string {
  const body = instances.map(
    (name) => `    ${name}:
      vars:
        number: ${asked[name]}
${name === 'reader' ? '        of: !terraform.state base number\n' : ''}`,
  )
  return `vars:\n  stage: lab\nterraform:\n  backend_type: local\ncomponents:\n  terraform:\n${body.join('')}`
}

const atmos = `components:
  terraform:
    base_path: components/terraform
    auto_generate_backend_file: true
    init_run_reconfigure: true
stacks:
  base_path: stacks
  included_paths: ["**/*"]
  name_pattern: "{stage}"
integrations:
  airlock:
    lease_minutes: 1
`

/** Writes down where applies begin and end; all else goes straight on to Terraform. */
const wrapper = (real: string, journal: string) => `#!/bin/sh
case " $* " in *" apply "*) ;; *) exec ${real} "$@" ;; esac
echo "begin $$ $PPID $(date +%s%3N) $PWD" >> ${journal}
${real} "$@"
code=$?
echo "end $$ $code $(date +%s%3N)" >> ${journal}
exit $code
`

/** Makes the estate; nothing of it is applied. */
export async function estate(): Promise<Estate> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'airlock-stress-')))
  const [repo, cloud, journal] = [join(folder, 'infra'), join(folder, 'cloud'), join(folder, 'terraform.log')]
  const mirror = await writeMirror(join(folder, 'terraform'), cloud, process.env)
  const host = await hostProvider(join(folder, 'terraform'))
  const program = join(folder, 'program')
  await bundle(join(dirname(fileURLToPath(import.meta.url)), '../../..'), program)
  const real = (await execute('sh', ['-c', 'command -v terraform'])).stdout.trim()
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'terraform'), wrapper(real, journal))
  await chmod(join(bin, 'terraform'), 0o755)
  await writeFile(journal, '')
  // Whoever is killed is often killed in the middle.
  for (const name of instances)
    for (const part of ['one', 'two', 'three', 'extra']) await write(join(cloud, '.slow', `${name}-${part}`), '120')
  const config = join(folder, 'gitconfig')
  await writeFile(config, '[user]\n\tname = Ann\n\temail = ann@example.test\n[init]\n\tdefaultBranch = main\n')
  const env = {
    ...plain(process.env),
    ...plain(mirror),
    ...host.env,
    PATH: `${bin}:${mirror.PATH ?? process.env.PATH}`,
    GIT_CONFIG_GLOBAL: config,
    GIT_CONFIG_NOSYSTEM: '1',
    XDG_CONFIG_HOME: join(folder, 'config'),
    AIRLOCK_WORK: join(folder, 'work'),
  }
  await mkdir(env.AIRLOCK_WORK)
  const git = async (...words: string[]) => (await execute('git', words, { cwd: repo, env })).stdout.trim()
  await write(join(repo, 'atmos.yaml'), atmos)
  await write(join(repo, '.gitignore'), '.terraform*\n*.tfstate*\nterraform.tfstate.d\nbackend.tf.json\n')
  for (const name of instances) await write(join(repo, 'components/terraform', name, 'main.tf'), component(name))
  await git('init', '-q')
  return {
    folder,
    repo,
    cloud,
    journal,
    env,
    airlock: [process.execPath, join(program, 'start.cjs')],
    git,
    async ask(asked, subject) {
      await write(join(repo, 'stacks/lab.yaml'), manifest(asked))
      await git('add', '-A')
      await git('commit', '-qm', subject)
      return git('rev-parse', 'HEAD')
    },
    async close() {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

function plain(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(GIT_|AIRLOCK_|VITEST|NODE_OPTIONS)/.test(entry[0]),
  )
  return Object.fromEntries(own)
}
