import { checkout, commitOf, protectedBranch } from '../flows/checkout.ts'
import { foldRun, followAll, followOnGitHub } from '../flows/follow-pulls.ts'
import type { GitHubWorld } from '../flows/world.ts'
import { budgetText } from '../report/budget.ts'
import { numberOf } from './range.ts'
import type { Action, Step } from './step.ts'
import { openWithGitHub } from './world.ts'

/** Takes what the plan jobs left into the records, and what GitHub says of pull requests. Runs no Terraform. */
export const action: Action = async (step) => {
  const world = await openWithGitHub(step, 'fold')
  const subject = subjectOf(step)
  const { plans, foreign } = await foldOf(step, world, subject)
  step.log(`${plans} ${plans === 1 ? 'plan' : 'plans'} taken into the records`)
  step.log(`GitHub: ${budgetText(world.github.use())}`)
  for (const why of foreign) step.annotate({ level: 'warning', title: 'Left in the inbox', message: why })
  return 0
}

/** What a run is about, once its plans are made: a pull request, a commit of the merge queue, or the protected branch. */
export type Subject =
  | { readonly kind: 'pull'; readonly number: number; readonly head: string | undefined }
  | { readonly kind: 'queue'; readonly head: string; readonly into: string }
  | { readonly kind: 'tip' }

/** What the run of a step is about. */
export function subjectOf({ event }: Pick<Step, 'event'>): Subject {
  switch (event.kind) {
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
      return { kind: 'pull', number: event.pull.number, head: event.pull.head.commit }
    case 'merge_group':
      return { kind: 'queue', head: event.head, into: event.baseBranch }
    case 'workflow_dispatch': {
      const { pr = '', head_sha: head = '' } = event.inputs
      return pr === '' ? { kind: 'tip' } : { kind: 'pull', number: numberOf(pr), head: head === '' ? undefined : head }
    }
    case 'issue_comment':
    case 'push':
    case 'schedule':
    case 'other':
      return { kind: 'tip' }
  }
}

async function foldOf(step: Step, world: GitHubWorld, subject: Subject) {
  switch (subject.kind) {
    case 'pull': {
      const pull = await followOnGitHub(world, subject.number)
      const head = subject.head ?? pull.head
      // The run of a newer head takes its own plans in.
      const planned = pull.head === head && pull.state.kind === 'open'
      const { run } = step.context
      return foldRun(world, pull.base.branch, planned ? { number: pull.number, head, run } : undefined)
    }
    case 'queue':
      return foldRun(world, subject.into)
    case 'tip': {
      // Before anything was applied this run has followed them; who was pushed to or closed since has a run of its own.
      if (step.context.job !== 'after') await followAll(world)
      return foldRun(world, await protectedName(world))
    }
  }
}

/** The protected branch, as the settings of what is checked out name it. */
export async function protectedName(world: GitHubWorld): Promise<string> {
  const head = await commitOf(world, 'HEAD')
  return (await protectedBranch(world, (await checkout(world, head)).settings)).name
}
