import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Starts `airlock`, and kills it (SIGKILL) with all that it started as soon as `until` holds: as a machine that is switched off. */
export async function killedAirlock(
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  until: () => Promise<boolean>,
): Promise<void> {
  const child = spawn(process.execPath, [...airlock(), ...words], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const deadline = Date.now() + 120_000
  while (!(await until())) {
    if (child.exitCode !== null) throw new Error(`airlock ${words.join(' ')} ended before it could be killed:\n${said}`)
    if (Date.now() > deadline) throw new Error(`airlock ${words.join(' ')} did not come as far as it was to be killed`)
    await sleep(10)
  }
  for (const pid of await family(child.pid!))
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it has ended meanwhile
    }
  await ended
}

/** A process and all that it started, itself first. */
async function family(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found = [root]
  for (const parent of found) found.push(...pairs.flatMap(([pid, of]) => (of === parent ? [pid!] : [])))
  return found
}

/** How Node.js starts this very program: from the bundle, or from the source in development. */
function airlock(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [here, dirname(here)].map((folder) => join(folder, 'start.cjs')).find(existsSync)
  return built === undefined ? ['--import', import.meta.resolve('tsx'), join(here, '../../cli/main.ts')] : [built]
}
