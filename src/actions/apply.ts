import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../error.ts'
import { applyJob } from '../flows/apply-jobs.ts'
import { approvalKind } from '../flows/approval-kind.ts'
import { environmentOf } from '../flows/environment.ts'
import type { Task } from '../flows/task.ts'
import type { GitHubWorld } from '../flows/world.ts'
import { typed } from '../records/words.ts'
import { budgetText } from '../report/budget.ts'
import { awaitedLines, itemDetail, itemLine, itemsSummary, leftLines, type WhoApproves } from './apply-words.ts'
import { type Detached, detachedIn, type Followed, follow, leaveExit, startDetached } from './detached.ts'
import { placeOf } from './place.ts'
import type { Action, Step } from './step.ts'
import { openWithGitHub } from './world.ts'

/** Says to a process that it is the one that applies. */
const inner = 'AIRLOCK_DETACHED_APPLY'

/**
 * Applies a component in an environment as a process of its own, which a cancelled step does not take with it. The same action
 * with `phase: wait`, in a step that always runs, waits it out.
 */
export const action: Action = async (step) => {
  const folder = join(step.context.temp, 'airlock', 'apply')
  if (step.env[inner] === '1') return work(step, detachedIn(folder))
  const files = detachedIn(folder)
  if (step.input('phase') === 'wait') {
    if (!existsSync(files.pid) || existsSync(told(folder))) {
      step.log('No apply is left to wait for.')
      return 0
    }
    step.log('An apply goes on that its step has left: waiting for it.')
  } else {
    startDetached(folder, {
      program: process.execPath,
      args: [...process.execArgv, process.argv[1]!],
      cwd: step.cwd,
      env: { ...step.env, [inner]: '1' },
    })
  }
  const end = await follow(files, { signal: step.signal, write: (text) => void process.stdout.write(text) })
  return ended(step, folder, end)
}

/** Its outcome was told: a later step has nothing to tell. */
function told(folder: string): string {
  return join(folder, 'told')
}

function ended(step: Step, folder: string, end: Followed): 0 | 1 | 2 {
  if (end.kind === 'left') {
    step.log('This step was told to end. The apply goes on: what was begun is brought to an end, and recorded.')
    return 1
  }
  const summary = readFileSync(detachedIn(folder).summary, 'utf8').trim()
  if (summary !== '') step.summary(summary)
  writeFileSync(told(folder), '')
  if (end.kind === 'ended') return end.code === 0 || end.code === 2 ? end.code : 1
  step.annotate({
    level: 'failure',
    title: 'The apply was cut off',
    message:
      'Its process ended without saying how. What it had begun is found out by the next run, before anything else is done.',
  })
  return 1
}

/** The detached process: applies, and leaves its exit code behind, whatever happens. */
async function work(step: Step, files: Detached): Promise<0 | 1> {
  try {
    const code = await apply(step)
    leaveExit(files, code)
    return code
  } catch (error) {
    leaveExit(files, error instanceof UserError ? error.exit : 1)
    throw error
  }
}

async function apply(step: Step): Promise<0 | 1> {
  const [component, environment] = [step.input('component'), step.input('environment')]
  const world = await openWithGitHub(step, 'apply')
  const outcome = await applyJob(
    world,
    { component, environment },
    {
      begin: (total, parallel) => step.log(`${total} to apply, ${parallel} at once`),
      doing: (id, what) => step.log(`  ${typed(id)}: ${what}`),
      finished: (item) => step.log(itemLine(item)),
    },
  )
  const { items, left, branch, settled } = outcome
  if (items.length === 0)
    step.log(`Nothing of ${component} in ${environment} is in flight at ${branch.tip.slice(0, 7)}.`)
  for (const { id, words } of settled) step.log(`${typed(id)}: in the records, ${words}`)
  for (const item of items) {
    const lines = itemDetail(item)
    if (lines.length > 0) step.group(typed(item.id), lines)
    if (item.kind === 'failed' || item.kind === 'refused')
      step.annotate({
        ...placeOf(left.checkout, item.id),
        level: item.kind === 'failed' ? 'failure' : 'warning',
        title: `${typed(item.id)}: ${item.kind}`,
        message: item.kind === 'failed' ? lastError(item.output) : `${item.message}\n${item.fix}`,
      })
  }
  const waiting = awaitedLines(outcome.awaited, (it) => whoApproves(world, it))
  if (waiting.length > 0)
    step.annotate({ level: 'notice', title: `${component} in ${environment} waits`, message: waiting.join('\n') })
  for (const line of leftLines(left, new Set(items.map(({ id }) => id)))) step.log(line)
  step.summary(itemsSummary(items, environment, branch))
  step.log(`GitHub: ${budgetText(world.github.use())}`)
  // A job that did what can be done is no failed one: the notice says who is awaited.
  return outcome.failed ? 1 : 0
}

function whoApproves(world: GitHubWorld, { subject: { instance } }: Task): WhoApproves {
  return { kind: approvalKind(world, instance), environment: environmentOf(instance) }
}

function lastError(output: string): string {
  const said = output.split('\n').find((line) => line.includes('Error:'))
  return said?.replace(/^[\s│╷╵]*/, '') ?? output.trim().slice(-500)
}
