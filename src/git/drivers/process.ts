import { execFile } from 'node:child_process'
import { UserError } from '../../error.ts'

/** What a finished `git` said; it ran to its end, with whatever exit code. */
export interface GitRan {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs `git` in one folder. */
export interface Git {
  /** @throws UserError `git-failed` for any exit code that is not in `expected` (0 alone, when left out) */
  run(
    args: readonly string[],
    options?: { readonly expected?: readonly number[]; readonly stdin?: string },
  ): Promise<GitRan>
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** Variables that name configuration or transport; every other `GIT_*` says which repository, and we say that ourselves. */
const kept =
  /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|SSH.*|ASKPASS|EXEC_PATH|SSL_.*|HTTP_.*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/

/**
 * The environment for `git`: inside a hook Git itself sets `GIT_DIR`, `GIT_INDEX_FILE` and more, which would make us
 * read another repository or index than the one we stand in.
 */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const clean = Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || kept.test(name))
  return {
    ...Object.fromEntries(clean),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
  }
}

/** A `git` that runs in `cwd`. */
export function gitIn(cwd: string, env: NodeJS.ProcessEnv): Git {
  return {
    cwd,
    env,
    run(args, { expected = [0], stdin } = {}) {
      return new Promise((resolve, reject) => {
        const child = execFile(
          'git',
          args,
          { cwd, env, encoding: 'buffer', maxBuffer: Number.POSITIVE_INFINITY },
          (error, stdout, stderrBytes) => {
            const stderr = stderrBytes.toString('utf8')
            const exitCode = error === null ? 0 : error.code
            if (typeof exitCode === 'number' && expected.includes(exitCode)) resolve({ exitCode, stdout, stderr })
            else reject(failure(args, cwd, stderr, error))
          },
        )
        child.stdin?.on('error', () => {}) // a git that ends early answers through its exit code
        child.stdin?.end(stdin ?? '')
      })
    },
  }
}

function failure(args: readonly string[], cwd: string, stderr: string, cause: unknown): UserError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return gitMissing(cwd, cause)
  return new UserError({
    code: 'git-failed',
    message: `git ${args.join(' ')} failed in ${cwd}: ${stderr.trim() || String(cause)}`,
    fix: 'run it by hand to see more; if the repository is damaged, git fsck names what is missing',
    cause,
  })
}

/** `spawn` says ENOENT both for a missing executable and for a missing working directory. */
function gitMissing(cwd: string, cause: unknown): UserError {
  return new UserError({
    code: 'git-missing',
    message: `git could not be started in ${cwd}: the program or the folder is not there`,
    fix: 'install Git 2.30 or later and have it on PATH, or name an existing folder with --chdir',
    exit: 2,
    cause,
  })
}

/** Splits output that was asked for with `-z`. */
export function records(output: Buffer): string[] {
  const text = output.toString('utf8')
  return text === '' ? [] : text.slice(0, text.endsWith('\0') ? -1 : undefined).split('\0')
}
