import { UserError } from '../error.ts'
import { commitOf } from '../flows/checkout.ts'
import type { JobsRange } from '../flows/jobs.ts'
import { mergeResult } from '../flows/merge-result.ts'
import type { World } from '../flows/world.ts'
import type { EventPull } from '../github/event.ts'
import type { Step } from './step.ts'
import { withGitHub } from './world.ts'

/** What the run of a step is about: which commits it plans. @throws UserError `head-moved`, `event-unsupported` */
export async function rangeOf({ event }: Pick<Step, 'event'>, world: World): Promise<JobsRange> {
  switch (event.kind) {
    case 'pull_request':
      return changeOf(world, event.pull, false)
    case 'merge_group': {
      const [head, base] = [await commitOf(world, event.head), await commitOf(world, event.base)]
      return {
        kind: 'change',
        head,
        result: { commit: head, base: (await world.repo.mergeBase(head, base)) ?? base },
        all: false,
      }
    }
    case 'workflow_dispatch': {
      const { task = 'sweep', pr = '', head_sha: wanted = '' } = event.inputs
      if (task !== 'plan' || pr === '') return { kind: 'tip' }
      const pull = await withGitHub(world).github.pulls.get(numberOf(pr))
      if (wanted !== '' && wanted !== pull.head.commit) throw moved(pull.number, wanted, pull.head.commit)
      return changeOf(world, pull, true)
    }
    case 'push':
    case 'schedule':
      return { kind: 'tip' }
    default:
      throw new UserError({
        code: 'event-unsupported',
        message: `nothing is planned for the event ${event.kind === 'other' ? event.name : event.kind}`,
        fix: 'use this action in the jobs that airlock init writes',
        exit: 2,
      })
  }
}

async function changeOf(
  world: World,
  { number, head, base }: Pick<EventPull, 'number' | 'head' | 'base'>,
  all: boolean,
): Promise<JobsRange> {
  if ((await world.repo.resolve(head.commit)) === undefined) await world.repo.bring([`refs/pull/${number}/head`])
  const commit = await commitOf(world, head.commit)
  const result = await mergeResult(world, commit, base.branch)
  const about = { head: commit, result, pullRequest: number, all }
  // A branch of a fork says nothing here.
  return { kind: 'change', ...about, ...(!head.fork && { branch: head.branch }) }
}

/** The number of a pull request as a person typed it. @throws UserError `pull-request-unknown` */
export function numberOf(text: string): number {
  const [, number] = /^#?([1-9]\d{0,9})$/.exec(text.trim()) ?? []
  if (number !== undefined) return Number(number)
  throw new UserError({
    code: 'pull-request-unknown',
    message: `${JSON.stringify(text)} is no number of a pull request`,
    fix: 'give the number alone: 42',
    exit: 2,
  })
}

function moved(number: number, wanted: string, now: string): UserError {
  return new UserError({
    code: 'head-moved',
    message: `the head of pull request #${number} is ${now.slice(0, 7)} by now, and ${wanted.slice(0, 7)} was to be planned`,
    fix: 'nothing was planned; look at what was pushed, then ask again',
    exit: 3,
  })
}
