import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { entries } from '../../src/cli/registry.ts'
import { run } from '../../src/cli/run.ts'
import type { ExitCode } from '../../src/error.ts'
import type { AddressDocument } from '../../src/records/document.ts'
import { recordedTerminal } from '../../src/testkit/terminal.ts'

/** What a command line came to. */
export interface Ended {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** A small estate as a real Git repository in a temporary folder, and ways to act on it. */
export interface House {
  readonly root: string
  readonly repo: string
  readonly store: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Runs a command line in this process. `in`: the folder it stands in. */
  airlock(words: readonly string[], options?: { readonly in?: string; readonly signal?: AbortSignal }): Promise<Ended>
  git(...words: string[]): Promise<string>
  /** Writes files of the repository; undefined removes one. */
  write(files: Readonly<Record<string, string | undefined>>): Promise<void>
  read(file: string): Promise<string>
  commit(subject: string): Promise<void>
  dispose(): Promise<void>
}

/** Two stacks with one component, which needs no provider. */
export const estate: Readonly<Record<string, string>> = {
  'atmos.yaml': `base_path: "./"
components:
  terraform:
    base_path: components/terraform
    auto_generate_backend_file: true
    init_run_reconfigure: true
stacks:
  base_path: stacks
  included_paths: ["orgs/**/*"]
  name_pattern: "{stage}"
`,
  'stacks/catalog/vpc.yaml': `terraform:
  backend_type: local
components:
  terraform:
    vpc:
      vars:
        size: 1
`,
  'stacks/orgs/dev.yaml': `import:
  - catalog/vpc
vars:
  stage: dev
`,
  'stacks/orgs/prod.yaml': `import:
  - catalog/vpc
vars:
  stage: prod
`,
  'components/terraform/vpc/main.tf': `variable "stage" {
  type = string
}

variable "size" {
  type = number
}

resource "terraform_data" "this" {
  input = var.size
}
`,
  '.gitignore': '.terraform*\nterraform.tfstate.d\nbackend.tf.json\n',
}

/** Makes a house with these files over the estate, committed on `main`. */
export async function house(files: Readonly<Record<string, string | undefined>> = {}): Promise<House> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'airlock-bad-')))
  const repo = join(root, 'infra')
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    XDG_CONFIG_HOME: join(root, 'config'),
    AIRLOCK_WORK: join(root, 'work'),
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
  }
  await mkdir(repo)
  await writeFile(
    env.GIT_CONFIG_GLOBAL,
    '[user]\n\tname = Ann Example\n\temail = ann@example.test\n[init]\n\tdefaultBranch = main\n',
  )
  const git = async (...words: string[]) =>
    (await promisify(execFile)('git', words, { cwd: repo, env: env as NodeJS.ProcessEnv })).stdout
  const write: House['write'] = async (changes) => {
    for (const [file, text] of Object.entries(changes)) {
      const path = join(repo, file)
      await mkdir(dirname(path), { recursive: true })
      if (text === undefined) await rm(path, { recursive: true, force: true })
      else await writeFile(path, text)
    }
  }
  const commit = async (subject: string) => {
    await git('add', '-A')
    await git('commit', '-qm', subject)
  }
  await write({ ...estate, ...files })
  await git('init', '-q')
  await commit('Describe the estate')
  return {
    root,
    repo,
    store: join(repo, '.git', 'airlock'),
    env,
    async airlock(words, { in: cwd = repo, signal } = {}) {
      const terminal = recordedTerminal({ cwd, env, width: 100, ...(signal && { signal }) })
      const code = await run(words, entries, () => terminal)
      return { code, out: terminal.printed(), err: terminal.noted() }
    },
    git,
    write,
    read: (file) => readFile(join(repo, file), 'utf8'),
    commit,
    dispose: () => rm(root, { recursive: true, force: true }),
  }
}

/** What a test looks at in a document of the store. */
export interface StoredDocument {
  /** Absolute path of the file. */
  readonly path: string
  readonly content: AddressDocument
}

/** Every document of a house's store. */
export async function documents({ store }: House): Promise<StoredDocument[]> {
  const folder = join(store, 'documents')
  return Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name)
      return { path, content: JSON.parse(await readFile(path, 'utf8')) as AddressDocument }
    }),
  )
}

/** A text with whatever differs from run to run replaced. */
export function steady(text: string): string {
  return (
    text
      .replace(/\/\S*airlock-bad-\w+/g, '')
      .replace(/local-[0-9a-f]{8}/g, 'local-…')
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UUID')
      .replace(/\b\d\d:\d\d UTC/g, 'HH:MM UTC')
      .replace(/\b(since|plan) [0-9a-f]{7}\b/g, '$1 HEX')
      .replace(/Unterminated string in JSON.*/g, '…')
      .replace(/\b[0-9a-f]{12,}\b…?/g, 'HEX')
      .replace(/(sha256|main@|digest|@|of) [0-9a-f]{4,8}\b( [0-9a-f]{4}\b)?…?/g, '$1 HEX')
      .replace(/@[0-9a-f]{7}\b/g, '@HEX')
      .replace(/\bserial \d+/g, 'serial N')
      .replace(/"Make vpc \d+"/g, '"Make vpc N"')
      .replace(/\b\d+ min ago\b/g, 'just now')
      // Progress is shown only of what takes more than a second.
      .replace(/^ +[✓✗·] .* {2,}[\d.]+ s {2}\(\d+ of \d+\)\n/gm, '')
      .replace(/ +[\d.]+ s$/gm, ' … s')
  )
}
