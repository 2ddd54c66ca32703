import { commitOf } from '../../flows/checkout.ts'
import type { Judged } from '../../flows/gate.ts'
import { closePullRequest, mergePullRequest, openPullRequest } from '../../flows/pull-request.ts'
import { allPullRequests } from '../../flows/pull-requests.ts'
import { openWorld } from '../../wire.ts'
import type { Stage } from './stage.ts'

/** What GitHub does for a team, on a laptop: a pull request is a branch with a number. For scenes only. */
export interface PullRequests {
  /** Opens one for a branch, or opens it again. */
  open(number: number, branch: string): Promise<Judged>
  /** Closes it without a merge; its branch is deleted. */
  close(number: number): Promise<void>
  /** Squash-merges it into `main` as GitHub does, `(#N)` at the end of the subject, and deletes its branch. */
  merge(number: number): Promise<readonly Judged[]>
}

/** The pull requests of a stage; each is told to the audience. */
export function pullRequests({ repo, env, git, say, look }: Stage): PullRequests {
  const world = () => openWorld({ cwd: repo, env, signal: new AbortController().signal })
  const branchOf = async (number: number) => {
    const pull = (await allPullRequests(await world())).find((it) => it.number === number)
    if (pull === undefined) throw new Error(`nobody opened #${number}`)
    return pull
  }
  const tell = (number: number, title: string, what: string) => say(`  ${look.bold(`#${number}`)} ${what}: ${title}`)
  return {
    async open(number, branch) {
      const here = await world()
      const { subject } = await here.repo.info(await commitOf(here, branch))
      const author = (await here.repo.config('user.name')) ?? 'somebody'
      const judged = await openPullRequest(here, { number, branch, title: subject, author })
      tell(number, subject, 'is opened')
      return judged
    },
    async close(number) {
      const { title, branch } = await closePullRequest(await world(), number)
      await git('switch', '-q', 'main')
      await git('branch', '-qD', branch)
      tell(number, title, 'is closed')
    },
    async merge(number) {
      const { title, branch } = await branchOf(number)
      await git('switch', '-q', 'main')
      await git('merge', '-q', '--squash', branch)
      await git('commit', '-qm', `${title} (#${number})`)
      const here = await world()
      const judged = await mergePullRequest(here, number, await commitOf(here, 'main'))
      await git('branch', '-qD', branch)
      tell(number, title, 'is merged')
      return judged
    },
  }
}
