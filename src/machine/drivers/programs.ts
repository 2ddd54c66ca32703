import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import type { Programs } from '../programs.ts'

const patienceMs = 10_000

/** Programs as an environment's PATH finds them, run in `cwd`. */
export function pathPrograms(cwd: string, env: Readonly<Record<string, string | undefined>>): Programs {
  return {
    async find(command, args) {
      const path = await locate(command, cwd, env.PATH ?? '')
      if (path === undefined) return undefined
      const said = await output(path, args, cwd, env)
      const version = /\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.]+)?/.exec(said)?.[0]
      return version === undefined ? { path, version, said: said.trim().slice(0, 200) } : { path, version }
    },
  }
}

/** The file that a name on the PATH, or a path, stands for; undefined when it is no program. */
export async function locate(command: string, cwd: string, path: string): Promise<string | undefined> {
  const places = /[\\/]/.test(command)
    ? [isAbsolute(command) ? command : resolve(cwd, command)]
    : path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(resolve(cwd, folder), command)]))
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const place of places.flatMap((it) => endings.map((ending) => it + ending)))
    if (await isProgram(place)) return place
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

function output(
  path: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const quiet = { ...env, CHECKPOINT_DISABLE: '1', ATMOS_VERSION_CHECK_ENABLED: 'false', NO_COLOR: '1' }
  return new Promise((done) => {
    execFile(path, [...args], { cwd, env: quiet, timeout: patienceMs, encoding: 'utf8' }, (error, stdout, stderr) => {
      const said = error?.killed ? `no answer within ${patienceMs / 1000} s` : `${stdout}${stdout ? '' : stderr}`
      done(said || (error?.message ?? ''))
    })
  })
}
