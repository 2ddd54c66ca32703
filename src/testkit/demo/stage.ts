import { execFile } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Terminal } from '../../cli/command.ts'
import { entries } from '../../cli/registry.ts'
import { run } from '../../cli/run.ts'
import { type Paint, paint } from '../../cli/style.ts'
import { type ExitCode, UserError } from '../../error.ts'
import { hostProvider, writeMirror } from '../mirror.ts'
import { writeEstate } from './estates.ts'
import { killedAirlock } from './killed.ts'
import type { Estate } from './scene.ts'

/** A repository in a temporary folder with a cloud beside it, and the ways in which a scene acts on them. */
export interface Stage {
  readonly folder: string
  readonly repo: string
  readonly cloud: string
  /** Variables that make Git, Terraform and Airlock work inside of the folder only. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly look: Paint
  /** `Terraform 1.11.4` */
  readonly tool: string
  /** Tells the audience something; a blank line comes first. */
  say(text: string): void
  /** Runs `airlock`, shows the command and what it printed, and answers with what it printed. */
  airlock(words: readonly string[], expected: ExitCode): Promise<string>
  /** The same without showing what it printed. */
  quietly(words: readonly string[], expected: ExitCode): Promise<string>
  git(...words: string[]): Promise<string>
  /** Runs a command in a folder of the repository, with more variables. @throws where it fails */
  run(
    command: string,
    words: readonly string[],
    folder: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<string>
  /** Replaces one text by another in a file of the repository, and shows the line. */
  edit(file: string, from: string, to: string): Promise<void>
  /** The same as a process of its own, killed with all that it started as soon as `until` holds. */
  killed(words: readonly string[], until: () => Promise<boolean>): Promise<void>
  /** Keeps the repository, the cloud and the working copies as they are now; `restore` brings them back. */
  keep(): void
  restore(): void
  /** What to try in a kept folder, and how. */
  tryNext(): string
  close(): Promise<void>
}

/** Makes the folder: an estate as a Git repository with one commit, its cloud, and a mirror with its provider. */
export async function stage(terminal: Terminal, estate: Estate): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'airlock-demo-'))
  const [repo, cloud] = [join(folder, 'infra'), join(folder, 'cloud')]
  const look = paint(terminal.color)
  const mirror = await writeMirror(join(folder, 'terraform'), cloud, terminal.env)
  const host = await hostProvider(join(folder, 'terraform'))
  const env = {
    ...withoutGit(terminal.env),
    ...mirror,
    ...host.env,
    XDG_CONFIG_HOME: join(folder, 'config'),
    AIRLOCK_WORK: join(folder, 'work'),
    GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  }
  await writeFile(
    env.GIT_CONFIG_GLOBAL,
    '[user]\n\tname = Ann Example\n\temail = ann@example.test\n[init]\n\tdefaultBranch = main\n',
  )
  await writeEstate(estate, repo)
  await mkdir(env.AIRLOCK_WORK, { recursive: true })

  const execute = promisify(execFile)
  const command = async (name: string, words: readonly string[], cwd: string, more = {}) =>
    (await execute(name, words, { cwd, env: { ...env, ...more }, maxBuffer: 1 << 26 })).stdout
  const git = (...words: string[]) => command('git', words, repo)
  const perform = async (words: readonly string[], expected: ExitCode) => {
    let printed = ''
    const keep = (text: string) => {
      printed += text.endsWith('\n') ? text : `${text}\n`
    }
    const inside: Terminal = {
      ...terminal,
      cwd: repo,
      env,
      print: keep,
      note: keep,
      progress: terminal.progress === 'live' ? 'live' : 'none',
      width: Math.max(60, terminal.width - 4),
    }
    const code = await run(words, entries, ({ json }) => ({ ...inside, ...(json && { note: () => {} }) }))
    if (code === expected) return printed
    throw new Error(`airlock ${words.join(' ')} ended with ${code}; the story expects ${expected}:\n${printed}`)
  }
  const tool = await terraform(terminal.env, folder)
  await git('init', '-q')
  await git('add', '-A')
  await git('commit', '-qm', 'Describe the estate')

  return {
    folder,
    repo,
    cloud,
    env,
    look,
    tool: tool.name,
    say: (text) => terminal.print(`\n${text}`),
    async airlock(words, expected) {
      terminal.print(`\n  ${look.bold(`$ airlock ${words.map(quoted).join(' ')}`)}`)
      const printed = await perform(words, expected)
      terminal.print(indented(printed))
      if (expected !== 0 && !printed.includes(`(exit ${expected}`)) terminal.print(look.dim(`    exit ${expected}`))
      return printed
    },
    quietly: perform,
    async killed(words, until) {
      terminal.print(`\n  ${look.bold(`$ airlock ${words.map(quoted).join(' ')}`)}`)
      await killedAirlock(words, { cwd: repo, env }, until)
      terminal.print(look.dim('    killed (SIGKILL)'))
    },
    keep: () => copied(folder, kept, join(folder, 'kept')),
    restore() {
      for (const name of kept) rmSync(join(folder, name), { recursive: true, force: true })
      copied(join(folder, 'kept'), kept, folder)
    },
    git,
    run: (name, words, at, more) => command(name, words, join(repo, at), more),
    async edit(file, from, to) {
      const path = join(repo, file)
      const before = await readFile(path, 'utf8')
      if (!before.includes(from)) throw new Error(`${file} does not hold ${from}`)
      await writeFile(path, before.replace(from, to))
      const lines = (text: string, sign: string, color: (text: string) => string) =>
        text === ''
          ? []
          : text
              .trimEnd()
              .split('\n')
              .map((line) => `    ${color(`${sign} ${line}`)}`)
      const shown = [...lines(from, '-', look.red), ...lines(to, '+', look.green)]
      terminal.print([`\n  ${look.dim(file)}`, ...shown].join('\n'))
    },
    tryNext: () =>
      tryNext(folder, repo, {
        ...mirror,
        XDG_CONFIG_HOME: env.XDG_CONFIG_HOME,
        AIRLOCK_WORK: env.AIRLOCK_WORK,
        GIT_CONFIG_GLOBAL: env.GIT_CONFIG_GLOBAL,
      }),
    async close() {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What a scene may change. */
const kept = ['infra', 'cloud', 'work', 'config']

/** At once: thousands of small answers would take many times as long. */
function copied(from: string, names: readonly string[], to: string): void {
  for (const name of names)
    if (existsSync(join(from, name)))
      cpSync(join(from, name), join(to, name), { recursive: true, force: true, verbatimSymlinks: true })
}

/** Git's variables point at another repository when a hook starts us. */
function withoutGit(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')))
}

function quoted(word: string): string {
  return /^[\w@./:=-]+$/.test(word) ? word : `'${word}'`
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
}

/** The Terraform or OpenTofu of this machine. @throws UserError `terraform-missing` */
async function terraform(
  env: Terminal['env'],
  folder: string,
): Promise<{ readonly name: string; readonly command: string }> {
  for (const command of ['terraform', 'tofu']) {
    const said = await promisify(execFile)(command, ['version'], { cwd: folder, env }).catch(() => undefined)
    const [, name, version] = /^(Terraform|OpenTofu) v(\S+)/m.exec(said?.stdout ?? '') ?? []
    if (name) return { name: `${name} ${version}`, command }
  }
  throw new UserError({
    code: 'terraform-missing',
    message: 'neither terraform nor tofu is on the PATH, and the demo runs real plans',
    fix: 'install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install',
    exit: 2,
  })
}

function tryNext(folder: string, repo: string, env: Readonly<Record<string, string>>): string {
  const exports = Object.entries(env).map(([name, value]) => `  export ${name}=${quoted(value)}`)
  return [
    '',
    'The folder is kept. To go on by hand:',
    `  cd ${repo}`,
    ...exports,
    '  airlock status                 what is still in flight',
    '  airlock plan                   plan it again, then approve and apply',
    '  airlock explain vpc -s plat-ue2-prod vars',
    `Change a mixin, or a file in ${join(folder, 'cloud')}, and look. Remove the folder when you are done.`,
  ].join('\n')
}
