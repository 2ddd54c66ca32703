import type { Judged } from '../flows/gate.ts'
import { mergePullRequest, openPullRequest } from '../flows/pull-request.ts'
import type { MemoryFiles } from '../git/drivers/memory.ts'
import type { CommitId } from '../git/repo.ts'
import type { FlowLab } from './flow-lab.ts'

/** Branches and pull requests of a lab, as people make them. */
export interface Branches {
  /** Makes a branch at the tip of `main` with one commit, and goes there. */
  branch(name: string, changes: Changes): Promise<void>
  /** Commits on a branch, and goes there. */
  commit(name: string, changes: Changes, subject?: string): Promise<CommitId>
  /** Merges `main` into a branch, and goes there. */
  update(name: string): Promise<void>
  open(name: string): Promise<Judged>
  /** Squash-merges the pull request of a branch into `main`, goes there, and answers with how the others stand. */
  merge(number: number, name: string): Promise<readonly Judged[]>
}

type Changes = Readonly<Record<string, string | undefined>>

/** @param files what the lab was made with */
export function branchesOf({ repo, world }: FlowLab, files: MemoryFiles): Branches {
  const made = new Map<string, { readonly files: MemoryFiles; readonly changes: Changes }>([
    ['main', { files, changes: {} }],
  ])
  const changed = (of: MemoryFiles, changes: Changes): MemoryFiles =>
    Object.fromEntries(
      Object.entries({ ...of, ...changes }).filter((it): it is [string, MemoryFiles[string]] => it[1] !== undefined),
    )
  const tip = async (name: string) => (await repo.resolve(name))!
  const commit = async (name: string, changes: Changes, parents: readonly CommitId[], subject = `Change ${name}`) => {
    const before = made.get(name) ?? { files: made.get('main')!.files, changes: {} }
    const after = { files: changed(before.files, changes), changes: { ...before.changes, ...changes } }
    made.set(name, after)
    return repo.commit(after.files, { branch: name, parents, subject })
  }
  return {
    async branch(name, changes) {
      await commit(name, changes, [await tip('main')])
    },
    commit: async (name, changes, subject) => commit(name, changes, [await tip(name)], subject),
    async update(name) {
      const { changes } = made.get(name)!
      made.set(name, { files: changed(made.get('main')!.files, changes), changes })
      await commit(name, {}, [await tip(name), await tip('main')])
    },
    open: (branch) => openPullRequest(world, { branch, title: `Change ${branch}`, author: 'ann' }),
    async merge(number, name) {
      const id = await commit('main', made.get(name)!.changes, [await tip('main')], `Change ${name} (#${number})`)
      return mergePullRequest(world, number, id)
    },
  }
}
