import type { FakeRun } from '../fakes/github/hub.ts'
import type { House } from './house.ts'

/** What a run cost of GitHub's API, and what it may cost. */
export interface Cost {
  readonly run: FakeRun
  /** Requests that GitHub counts: `POST /statuses/{sha}`. */
  readonly calls: readonly string[]
  /** Questions whose answer was known already (304), which it does not count. */
  readonly free: readonly string[]
  /** 5, one for each 50 notes and each changed verdict, and two for each environment that was deployed to. */
  readonly most: number
}

/** The API calls of each run that made any, oldest first. */
export function costs({ github, runner }: Pick<House, 'github' | 'runner'>): readonly Cost[] {
  return runner.runs().flatMap((run): Cost[] => {
    const own = github.calls.filter(({ by }) => by?.kind === 'job' && by.run === run.id)
    if (own.length === 0) return []
    const isFree = (it: (typeof own)[number]) => it.status === 304
    const named = (of: typeof own) =>
      of.map(({ method, route }) => `${method} ${route.replace('/repos/{owner}/{repo}', '')}`)
    const calls = named(own.filter((it) => !isFree(it)))
    const count = (call: string) => calls.filter((it) => it === call).length
    const notes = run.jobs.reduce((sum, { annotations }) => sum + annotations.length, 0)
    const verdicts = count('POST /statuses/{sha}')
    const most = 5 + Math.ceil(notes / 50) + verdicts + 2 * count('POST /deployments')
    return [{ run, calls, free: named(own.filter(isFree)), most }]
  })
}

/** Runs that cost more than they may, each in a line for people. */
export function overBudget(house: Pick<House, 'github' | 'runner'>): readonly string[] {
  return costs(house)
    .filter(({ calls, most }) => calls.length > most)
    .map(costLine)
}

/** What happened, how many calls, which. */
export function costLine({ run, calls, free, most }: Cost): string {
  const counted = (all: readonly string[]) =>
    [...new Set(all)].map((call) => `${all.filter((it) => it === call).length} ${call}`).join(', ')
  return `${run.event} ${run.id}: ${calls.length} of ${most}: ${counted(calls)}; ${free.length} free: ${counted(free)}`
}
