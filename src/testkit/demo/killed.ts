import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Starts `airlock` as a process group of its own, and kills the whole group (SIGKILL) as soon as `until` holds. */
export async function killedAirlock(
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  until: () => Promise<boolean>,
): Promise<void> {
  const child = spawn(process.execPath, [...airlock(), ...words], { cwd, env, detached: true, stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const deadline = Date.now() + 120_000
  while (!(await until())) {
    if (child.exitCode !== null) throw new Error(`airlock ${words.join(' ')} ended before it could be killed`)
    if (Date.now() > deadline) throw new Error(`airlock ${words.join(' ')} did not come as far as it was to be killed`)
    await sleep(10)
  }
  process.kill(-child.pid!, 'SIGKILL')
  await ended
}

/** How Node.js starts this very program: from the bundle, or from the source in development. */
function airlock(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [here, dirname(here)].map((folder) => join(folder, 'start.cjs')).find(existsSync)
  return built === undefined ? ['--import', 'tsx', join(here, '../../cli/main.ts')] : [built]
}
