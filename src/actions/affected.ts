import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { affectedJobs, type JobsOutcome } from '../flows/jobs.ts'
import { encodeJobsFile } from '../flows/jobs-file.ts'
import { words } from '../plan/render/escape.ts'
import { affectedSummary } from '../report/summaries.ts'
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
  step.summary(summaryOf(step, outcome))
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
  const kept = file.kept.length === 0 ? '' : `, ${file.kept.length} planned already`
  const planned = file.jobs.reduce((sum, { ids }) => sum + ids.length, 0)
  const jobs = `${file.jobs.length} ${file.jobs.length === 1 ? 'job' : 'jobs'}`
  return `${found.length} ${found.length === 1 ? 'instance' : 'instances'} ${what}${name}; ${planned} to plan in ${jobs}${kept}${later}`
}

/** A table longer than this nobody reads. */
const mostRows = 500

/** The summary of the job: what is affected, or in flight, and why. */
function summaryOf(step: Step, outcome: JobsOutcome): string {
  const { file, found, changes } = outcome
  const { serverUrl, repository } = step.context
  const sample = file.jobs.reduce((sum, { ids }) => sum + ids.length, 0)
  if (file.base !== undefined)
    return affectedSummary({
      between: `${file.base.slice(0, 7)} → ${file.branch ?? 'head'}@${file.head.slice(0, 7)}`,
      changes,
      blobUrl: `${serverUrl}/${repository.owner}/${repository.name}/blob/${file.head}`,
      ...(file.later.length > 0 && { sample }),
    })
  const rows = found.flatMap((it) =>
    it.kind === 'in-flight'
      ? [`| ${words(it.id)} | waits for ${it.item.refusal?.code ?? it.item.waitsFor.kind} |`]
      : [],
  )
  const more = rows.length > mostRows ? [`\nAnd ${rows.length - mostRows} more.`] : []
  const table = rows.length === 0 ? [] : ['', '| instance | |', '| --- | --- |', ...rows.slice(0, mostRows), ...more]
  return [`### ${words(headline(outcome))}`, ...table, ''].join('\n')
}
