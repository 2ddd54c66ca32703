import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { UserError } from '../error.ts'
import { parseEvent } from '../github/event.ts'
import { secretsOf } from '../secrets.ts'
import { command, fileCommand, logLines, noteCommand } from './protocol.ts'
import type { RunContext, Step } from './step.ts'

type Env = Readonly<Record<string, string | undefined>>

/** GitHub takes this much in the summary of one step. */
const summaryBytes = 1_048_576

/**
 * The step that this process is, from what the runner has put into its environment.
 * @param write prints to the job's log
 * @throws UserError `not-in-actions` outside of GitHub Actions
 */
export function processStep(env: Env, cwd: string, signal: AbortSignal, write: (text: string) => void): Step {
  const context = runContext(env)
  const line = (text: string) => write(`${text}\n`)
  const mask = (secret: string) => {
    // The runner masks line by line.
    for (const part of secret.split(/\r?\n/)) if (part.trim() !== '') line(command('add-mask', {}, part))
  }
  for (const secret of secretsOf(env)) mask(secret)
  const log = (text: string) => logLines(text).forEach(line)
  let summarized = 0
  return {
    context,
    event: parseEvent(needed(env, 'GITHUB_EVENT_NAME'), readEvent(needed(env, 'GITHUB_EVENT_PATH'))),
    env,
    cwd,
    signal,
    input: (name) => (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim(),
    output(name, value) {
      appendFileSync(needed(env, 'GITHUB_OUTPUT'), fileCommand(name, value, `end-${randomUUID()}`))
    },
    path: (folder) => appendFileSync(needed(env, 'GITHUB_PATH'), `${folder}\n`),
    log,
    group(title, lines) {
      line(command('group', {}, title))
      for (const text of lines) log(text)
      line(command('endgroup', {}, ''))
    },
    summary(markdown) {
      const bytes = new TextEncoder().encode(`${markdown}\n`)
      summarized += bytes.length
      if (summarized > summaryBytes)
        throw new Error(`the summary has ${summarized} bytes, and GitHub takes ${summaryBytes}`)
      appendFileSync(needed(env, 'GITHUB_STEP_SUMMARY'), bytes)
    },
    annotate: (note) => line(noteCommand(note)),
    mask,
  }
}

/** The run and job that the runner tells of. @throws UserError `not-in-actions` */
export function runContext(env: Env): RunContext {
  const [owner = '', name = ''] = needed(env, 'GITHUB_REPOSITORY').split('/')
  const serverUrl = needed(env, 'GITHUB_SERVER_URL')
  const runId = Number(needed(env, 'GITHUB_RUN_ID'))
  const attempt = Number(env.GITHUB_RUN_ATTEMPT || '1')
  const again = attempt > 1
  const jobId = Number(env.INPUT_JOB_ID || '0')
  return {
    repository: { owner, name },
    serverUrl,
    apiUrl: needed(env, 'GITHUB_API_URL'),
    runId,
    attempt,
    ...(jobId > 0 && { jobId }),
    run: again ? `${runId}-${attempt}` : String(runId),
    runUrl: `${serverUrl}/${owner}/${name}/actions/runs/${runId}${again ? `/attempts/${attempt}` : ''}`,
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || 'github-actions',
    job: env.GITHUB_JOB ?? '',
    ref: env.GITHUB_REF ?? '',
    commit: env.GITHUB_SHA ?? '',
    temp: needed(env, 'RUNNER_TEMP'),
  }
}

/** The error as a job's log shows it, and the exit code of the step. A bug shows its stack. */
export function failure(error: unknown, write: (text: string) => void): 1 | 2 | 3 {
  if (error instanceof UserError) {
    const { message, fix, at, exit, code } = error
    const text = fix === undefined ? message : `${message}\n${fix}`
    const place = at ? { file: at.file, line: at.line, col: at.column } : {}
    write(`${command('error', { title: exit === 3 ? `Refused (${code})` : `Airlock (${code})`, ...place }, text)}\n`)
    return exit
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  write(`${command('error', { title: 'A bug of Airlock' }, error instanceof Error ? error.message : stack)}\n`)
  for (const line of logLines(stack)) write(`${line}\n`)
  return 1
}

function needed(env: Env, name: string): string {
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw new UserError({
    code: 'not-in-actions',
    message: `${name} is not set: this is no step of a workflow of GitHub Actions`,
    fix: 'use it in a workflow (airlock init writes one); on a laptop the same is done by the command airlock',
    exit: 2,
  })
}

function readEvent(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new UserError({
      code: 'event-unreadable',
      message: `the event of this run cannot be read from ${path}`,
      fix: 'run the job again; nothing was done',
      cause,
    })
  }
}
