import { answerComment } from '../flows/command.ts'
import type { Action } from './step.ts'
import { openWithGitHub } from './world.ts'

/** Answers a comment that begins with /airlock. */
export const action: Action = async (step) => {
  const { event } = step
  if (event.kind !== 'issue_comment' || !event.isPull) {
    step.log('No comment on a pull request: nothing to answer.')
    return 0
  }
  const world = await openWithGitHub(step, 'fold')
  const { number, comment } = event
  const outcome = await answerComment(world, { number, comment: comment.id })
  step.log(`${outcome.kind}: ${outcome.words}`)
  return 0
}
