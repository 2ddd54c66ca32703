import { waitsWords } from '../dashboard/standing.ts'
import { afterRun, type Onward, sweep } from '../flows/after-run.ts'
import { dispatchNext } from '../flows/dispatch-next.ts'
import { isOpen } from '../flows/status.ts'
import type { GitHubWorld } from '../flows/world.ts'
import { code, words } from '../plan/render/escape.ts'
import { typed } from '../records/words.ts'
import type { Step } from './step.ts'

/** So many rows are shown of what is in flight. */
const mostRows = 200

/**
 * On the protected branch: reads approvals again, and gives the workflow what to ask and what to apply (outputs `approve`, `wave1`,
 * `wave2`, `wave3`). What is in flight is told in the summary, with why it waits.
 */
export async function tellOnward(step: Step, world: GitHubWorld): Promise<void> {
  const onward = await sweep(world, approvalRun(step))
  step.output('approve', JSON.stringify(onward.approve))
  for (const wave of [0, 1, 2]) step.output(`wave${wave + 1}`, JSON.stringify(onward.waves[wave] ?? []))
  const jobs = onward.waves.flat().length
  step.log(`${jobs} ${jobs === 1 ? 'job' : 'jobs'} to apply, ${onward.approve.length} environments to ask`)
  step.summary(onwardSummary(onward))
  for (const environment of onward.unprotected)
    step.annotate({
      path: '.github/workflows',
      line: 1,
      level: 'warning',
      title: `Nobody can approve in ${environment}`,
      message: `The environment ${environment} has no required reviewers, so that nothing was approved there. Add them, or choose another approval (settings.airlock.approval).`,
    })
  // Nothing of it is a job of this run, so that no later job of this run goes on.
  if (onward.more && jobs === 0 && (await dispatchNext(world, onward.at))) step.log('Another run was started to go on.')
}

/** After the jobs of a run have applied: deployments, and another run where something can go on. */
export async function tellAfter(step: Step, world: GitHubWorld): Promise<void> {
  const { deployments, started, at, open } = await afterRun(world)
  for (const { environment, state, description } of deployments) step.log(`${environment}: ${state}, ${description}`)
  if (started) step.log('Another run was started to go on with what is in flight.')
  if (!open)
    step.log(
      `Nothing is in flight: all ${at.total} instances are as ${at.branch.name}@${at.branch.tip.slice(0, 7)} asks.`,
    )
  step.summary(inFlightTable({ at, confirmed: new Map() }).join('\n'))
}

function approvalRun({ event }: Pick<Step, 'event'>): number | undefined {
  const text = event.kind === 'workflow_dispatch' ? (event.inputs.approval_run ?? '') : ''
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
}

/** What is in flight, and what comes next, as Markdown. */
export function onwardSummary(onward: Onward): string {
  const jobs = onward.waves.map((wave, index) => `${index + 1}. ${wave.map(({ name }) => words(name)).join(', ')}`)
  return [
    ...inFlightTable(onward),
    ...(jobs.length > 0 ? ['', 'To apply now, each line after the one before:', '', ...jobs] : []),
    '',
  ].join('\n')
}

function inFlightTable({ at, confirmed }: Pick<Onward, 'at' | 'confirmed'>): string[] {
  const open = at.items.filter(isOpen)
  if (open.length === 0) return [`Nothing is in flight at ${words(at.branch.name)}@${at.branch.tip.slice(0, 7)}.`]
  const rows = open.slice(0, mostRows).map((item) => {
    const said = confirmed.get(item.id)
    const missing = 'approval' in item && item.approval?.kind === 'missing'
    const why = missing && said ? [...said.withdrawn.map((it) => `${it.by.name}: ${it.why}`), ...said.why] : []
    const unreviewed = missing && said?.unreviewed ? ['unreviewed: it came past any pull request'] : []
    const what = item.kind === 'in-flight' ? (item.refusal?.message ?? waitsWords(item)) : item.kind
    return `| ${code(typed(item.id)).replaceAll('|', '\\|')} | ${words([what, ...unreviewed, ...why].join('; '))} |`
  })
  return [
    `### In flight: ${open.length} of ${at.total} instances`,
    '',
    '| instance | |',
    '| --- | --- |',
    ...rows,
    ...(open.length > mostRows ? ['', `And ${open.length - mostRows} more.`] : []),
  ]
}
