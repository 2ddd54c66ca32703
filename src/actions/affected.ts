import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reason } from '../affected/reasons.ts'
import type { Position } from '../error.ts'
import { affectedJobs, type Found, type JobsOutcome } from '../flows/jobs.ts'
import { encodeJobsFile } from '../flows/jobs-file.ts'
import { cellCode, words } from '../plan/render/escape.ts'
import { rangeOf } from './range.ts'
import type { Action, Step } from './step.ts'
import { openStep } from './world.ts'

/** Finds what the run is to plan, without Terraform: jobs as an output, and who works on what as a file. */
export const action: Action = async (step) => {
  const world = await openStep(step, 'fold')
  const outcome = await affectedJobs(world, await rangeOf(step, world))
  const { jobs } = outcome.file
  await mkdir(join(step.context.temp, 'airlock'), { recursive: true })
  await writeFile(jobsPath(step), encodeJobsFile(outcome.file))
  step.output('plan', JSON.stringify(jobs.map(({ name }, job) => ({ job, name }))))
  step.log(headline(outcome))
  for (const { name, ids } of jobs) step.log(`  ${name}: ${ids.join(', ')}`)
  for (const { severity, at, message } of outcome.findings)
    step.annotate({
      path: at.file,
      line: at.line,
      column: at.column,
      level: severity === 'error' ? 'failure' : 'warning',
      message,
    })
  step.summary(affectedSummary(outcome))
  return 0
}

/** Where the jobs of a run read which instances they work on. */
export function jobsPath({ context: { temp } }: Pick<Step, 'context'>): string {
  return join(temp, 'airlock', 'jobs.json')
}

function headline({ file, found, passive }: JobsOutcome): string {
  const what = file.base === undefined ? 'in flight' : 'changed or may change'
  const name = passive === 0 ? '' : `, ${passive} more in name only`
  const later = file.later.length === 0 ? '' : `; ${file.later.length} are planned when somebody asks`
  const planned = file.jobs.reduce((sum, { ids }) => sum + ids.length, 0)
  const jobs = `${file.jobs.length} ${file.jobs.length === 1 ? 'job' : 'jobs'}`
  return `${found.length} ${found.length === 1 ? 'instance' : 'instances'} ${what}${name}; ${planned} to plan in ${jobs}${later}`
}

/** GitHub shows a summary up to 1 MiB; a table longer than this nobody reads. */
const mostRows = 500

/** The summary of the job: what is affected and why. */
export function affectedSummary(outcome: JobsOutcome): string {
  const { found } = outcome
  const rows = found.slice(0, mostRows).map((it) => `| ${words(it.id)} | ${kindOf(it)} | ${whyOf(it)} |`)
  const more = found.length > mostRows ? [`\nAnd ${found.length - mostRows} more.`] : []
  const table = rows.length === 0 ? [] : ['', '| instance | | why |', '| --- | --- | --- |', ...rows, ...more]
  return [`### ${words(headline(outcome))}`, ...table, ''].join('\n')
}

function kindOf(it: Found): string {
  return it.kind === 'change' ? it.change.kind : it.item.removal ? 'destroy' : it.item.applied ? 'update' : 'create'
}

function whyOf(it: Found): string {
  if (it.kind === 'in-flight') return `waits for ${it.item.refusal?.code ?? it.item.waitsFor.kind}`
  const { reasons } = it.change
  const told = reasons.slice(0, 3).map(reasonText)
  return [...told, ...(reasons.length > 3 ? [`and ${reasons.length - 3} more`] : [])].join('; ')
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'declared':
      return `it is new ${at(reason.at)}`
    case 'removed':
      return `its declaration was removed ${at(reason.was)}`
    case 'missing':
      return words(reason.why)
    case 'moved':
      return words(`it was ${reason.from}`)
    case 'value':
      return `${words(reason.path.join('.'))}${reason.at ? ` ${at(reason.at)}` : ' was removed'}`
    case 'file':
      return `${cellCode(reason.path)} ${reason.change}`
    case 'workspace':
      return words(`workspace ${reason.before} → ${reason.after}`)
    case 'reads':
      return `reads ${words(reason.of)} ${at(reason.call.at)}`
  }
}

function at({ file, line }: Position): string {
  return cellCode(`${file}:${line}`)
}
