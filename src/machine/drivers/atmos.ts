import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Atmos, AtmosEnd } from '../atmos.ts'
import { locate, pathPrograms } from './programs.ts'

interface AtmosOptions {
  /** A name on the PATH, or a path. */
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted when the program is told to end. */
  readonly stop: AbortSignal
  readonly patienceMs?: number
}

/** Nothing but the answer: no logs, no colours, no news, whatever continuous integration it may find itself in. */
const QUIET = {
  ATMOS_LOGS_LEVEL: 'Off',
  ATMOS_TELEMETRY_ENABLED: 'false',
  ATMOS_VERSION_CHECK_ENABLED: 'false',
  NO_COLOR: '1',
  TERM: 'dumb',
  CI: '',
}

/** Atmos as this machine has it. */
export function installedAtmos({ command, cwd, env, stop, patienceMs = 900_000 }: AtmosOptions): Atmos {
  return {
    command,
    find: () => pathPrograms(cwd, { ...env, ...QUIET }).find(command, ['version']),
    async run(args) {
      const path = await locate(command, cwd, env.PATH ?? '')
      if (path === undefined) throw new Error(`${command} was asked to run, and is not there`)
      // Atmos 1.227 writes its schema below TMPDIR at every run, so that two of them at once may spoil it.
      const temporary = await mkdtemp(join(tmpdir(), 'airlock-compare-'))
      try {
        return await ended(path, args, cwd, { ...env, ...QUIET, TMPDIR: temporary }, stop, patienceMs)
      } finally {
        await rm(temporary, { recursive: true, force: true })
      }
    },
  }
}

function ended(
  path: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  stop: AbortSignal,
  patienceMs: number,
): Promise<AtmosEnd> {
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(patienceMs)
    const child = spawn(path, [...args], {
      cwd,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([stop, late]),
      killSignal: 'SIGKILL',
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.once('error', (error) => {
      if (error.name !== 'AbortError') reject(error)
      else resolve({ kind: late.aborted ? 'too long' : 'interrupted' })
    })
    child.once('close', (code) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8'))
      resolve({ kind: 'exited', code: code ?? 128, stdout: stdout!, stderr: stderr! })
    })
  })
}
