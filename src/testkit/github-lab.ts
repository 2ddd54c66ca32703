import { type Confirmed, recordApprovals } from '../flows/confirm.ts'
import { type NextJobs, nextJobs } from '../flows/next-jobs.ts'
import { mergePullRequest, openPullRequest } from '../flows/pull-request.ts'
import { status } from '../flows/status.ts'
import type { GitHubWorld, World } from '../flows/world.ts'
import type { MemoryFiles } from '../git/drivers/memory.ts'
import type { CommitId } from '../git/repo.ts'
import { type MemoryGitHub, memoryGitHub } from '../github/drivers/memory.ts'
import type { Machine } from '../machine/machine.ts'
import { type FlowLab, flowLab, type LabOptions } from './flow-lab.ts'

/** A lab whose records are in a bucket and whose repository is on GitHub: as in a job of a workflow run. */
export interface GitHubLab extends Omit<FlowLab, 'world'> {
  readonly world: GitHubWorld
  readonly github: MemoryGitHub
  /** The workflow run that the lab's flows are a job of. */
  readonly run: { id: number }
  /** Opens a pull request with these changes by somebody, and plans it. */
  propose(number: number, changes: Changes, author?: string): Promise<CommitId>
  /** Merges it: squashed, as one commit that has its files. */
  merge(number: number): Promise<CommitId>
  /** Reads approvals again, and tells what comes next. */
  next(approvalRun?: number): Promise<NextJobs & { readonly confirmed: ReadonlyMap<string, Confirmed> }>
}

type Changes = Readonly<Record<string, string | undefined>>

/** Makes the world with one commit on `main`; `ann` and `bea` may write, `mia` maintains, `eve` may only read. */
export function githubLab(files: MemoryFiles, options: LabOptions & { readonly seesTeams?: boolean } = {}): GitHubLab {
  const run = { id: 4411 }
  const made: { github?: MemoryGitHub } = {}
  const lab = flowLab(files, {
    ...options,
    world: (world) => {
      made.github = memoryGitHub({
        clock: () => lab.time.nowMs,
        hasCommit: () => true,
        ...(options.seesTeams !== undefined && { seesTeams: options.seesTeams }),
      })
      return onGitHub(world, made.github, run)
    },
  })
  const github = made.github!
  const people = { ann: 'write', bea: 'write', mia: 'maintain', eve: 'read' } as const
  for (const [login, permission] of Object.entries(people)) github.has.permissions.set(login, permission)
  const world = lab.world as GitHubWorld
  const { repo } = lab
  return {
    ...lab,
    world,
    github,
    run,
    async propose(number, changes, author = 'ann') {
      const main = (await repo.resolve('main'))!
      const branch = `change-${number}`
      lab.commit(changes, { branch, parents: [main], subject: `Change ${number}` })
      const commit = (await repo.resolve(branch))!
      github.putPull({ number, author, head: { branch, commit, fork: false }, base: { branch: 'main', commit: main } })
      repo.checkout(branch)
      await openPullRequest(world, { branch, title: `Change ${number}`, author, number })
      await lab.plan()
      return commit
    },
    async merge(number) {
      repo.checkout('main')
      lab.commit({}, { branch: 'main', subject: `Change ${number} (#${number})` })
      const commit = (await repo.resolve('main'))!
      github.putPull({ number, state: 'closed', merged: { commit, by: 'ann', atMs: lab.time.nowMs } })
      await mergePullRequest(world, number, commit)
      return commit
    },
    async next(approvalRun) {
      const confirmed = await recordApprovals(world, await status(world), approvalRun)
      return { ...(await nextJobs(world, await status(world))), confirmed }
    },
  }
}

function onGitHub(world: World, github: MemoryGitHub, run: { readonly id: number }): GitHubWorld {
  const { machine } = world
  const store = { ...world.store, url: 's3://acme-airlock/infra' }
  const ours: Machine = {
    ...machine,
    get self() {
      return { host: 'github:acme/infra', pid: run.id, started: 'attempt 1' }
    },
    isRunning: ({ host, pid }) => (host === 'github:acme/infra' && pid === run.id ? true : undefined),
    get run() {
      return { name: String(run.id), url: `https://github.com/acme/infra/actions/runs/${run.id}` }
    },
  }
  return { ...world, store, journal: { ...world.journal, store }, machine: ours, github }
}
