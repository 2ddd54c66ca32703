import type { OnGitHub } from '../github.contract.ts'
import { type MemoryGitHub, memoryGitHub } from './memory.ts'

/** What people do, done to a GitHub in memory. */
export function onMemory(github: MemoryGitHub): OnGitHub {
  const { has } = github
  const branches = new Map<string, string>()
  let commits = 0
  const commit = () => {
    const id = (++commits).toString(16).padStart(40, 'c')
    has.commits.add(id)
    return id
  }
  const pullOf = (number: number) => has.pulls.get(number)!
  return {
    async push(branch) {
      const id = commit()
      branches.set(branch, id)
      for (const { number, head, state } of has.pulls.values())
        if (state === 'open' && head.branch === branch) github.putPull({ number, head: { ...head, commit: id } })
      return id
    },
    open: async ({ branch, author, title }) =>
      github.putPull({ author, title, head: { branch, commit: branches.get(branch)!, fork: false } }).number,
    async merge(number, by) {
      const id = commit()
      github.putPull({ number, state: 'closed', merged: { commit: id, by, atMs: Date.now() } })
      return id
    },
    async review(number, author, state) {
      github.putReview(number, { author, state, commit: pullOf(number).head.commit })
    },
    comment: async (number, by, body) => github.putComment(number, by, body).id,
    async deleteComment(id) {
      has.comments.delete(id)
    },
    async permit(login, permission) {
      has.permissions.set(login, permission)
    },
    async run({ event, commit: headCommit }) {
      const id = 4400 + has.runs.size
      const workflow = '.github/workflows/airlock.yml'
      const url = `https://github.com/acme/infra/actions/runs/${id}`
      has.runs.set(id, {
        id,
        attempt: 1,
        event,
        headCommit,
        status: 'in_progress',
        conclusion: undefined,
        workflow,
        url,
      })
      return id
    },
    async job(_run, name) {
      const id = 7700 + has.jobs.size
      has.jobs.set(id, { id, name, status: 'in_progress', conclusion: undefined })
      return id
    },
    async endJob(id, conclusion) {
      has.jobs.set(id, { ...has.jobs.get(id)!, status: 'completed', conclusion })
    },
    async endRun(id, conclusion) {
      has.runs.set(id, { ...has.runs.get(id)!, status: 'completed', conclusion })
    },
    async approve(run, environments, by, comment) {
      const before = has.runReviews.get(run) ?? []
      has.runReviews.set(run, [...before, { state: 'approved', environments, by, comment }])
    },
    dispatched: async () => has.dispatches.map(({ branch, inputs }) => ({ branch, inputs })),
  }
}

/** A GitHub in memory whose token may change settings. */
export function administered(): MemoryGitHub {
  const github = memoryGitHub({ login: 'robot' })
  github.has.facts = { ...github.has.facts, admin: true }
  return github
}
