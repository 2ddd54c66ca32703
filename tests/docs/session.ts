import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { entries } from '../../src/cli/registry.ts'
import { run } from '../../src/cli/run.ts'
import { sandbox } from '../../src/testkit/sandbox.ts'
import { recordedTerminal } from '../../src/testkit/terminal.ts'

/** Where the examples of pages seem to run. */
const shownFolder = '/home/ann/infra'

/** A fresh quickstart repository in which the commands of one page run, one after the other. */
export interface Session {
  /** What a line that follows `$ ` prints; `airlock` runs in this process, all else in a shell. */
  run(line: string): Promise<string>
  close(): Promise<void>
}

/** Makes the repository: the quickstart with one commit on `main`, by a person named Ann. */
export async function session(): Promise<Session> {
  const { root, env: outer, dispose } = await sandbox()
  const folder = join(root, 'infra')
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(outer).filter(([name]) => !/^(GIT_|AIRLOCK_|ATMOS_|TF_VAR_)/.test(name))),
    XDG_CONFIG_HOME: join(root, 'config'),
    AIRLOCK_WORK: join(root, 'work'),
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  }
  await writeFile(
    join(root, 'gitconfig'),
    '[user]\n\tname = Ann Example\n\temail = ann@example.test\n[init]\n\tdefaultBranch = main\n',
  )
  await cp(fileURLToPath(new URL('../../examples/quickstart', import.meta.url)), folder, { recursive: true })
  await mkdir(join(root, 'work'))
  let code = 0
  const shell = async (line: string) => {
    const done = await promisify(execFile)('sh', ['-c', `${line} 2>&1`], { cwd: folder, env })
    code = 0
    return done.stdout
  }
  await shell("git init -q && git add -A && git commit -qm 'Describe the estate'")
  const airlock = async (words: readonly string[]) => {
    let printed = ''
    const keep = (text: string) => {
      printed += text.endsWith('\n') ? text : `${text}\n`
    }
    code = await run(words, entries, () =>
      recordedTerminal({
        cwd: folder,
        env,
        width: 100,
        resolve: (path) => join(folder, path),
        print: keep,
        note: keep,
      }),
    )
    return printed
  }
  return {
    async run(line) {
      if (line === 'echo $?') return `${code}\n`
      const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
      const printed = words[0] === 'airlock' ? await airlock(words.slice(1)) : await shell(line)
      return printed.replaceAll(folder, shownFolder).replaceAll(root, '/tmp')
    },
    close: dispose,
  }
}
