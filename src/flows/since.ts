import type { Subject } from '../affected/subject.ts'
import type { CommitId, CommitInfo, Repo } from '../git/repo.ts'

/** At most this many commits are looked through for the one that put an instance in flight. */
const mostCommits = 200

/**
 * The commits since `from` that touched what an instance is made of, newest first: its manifests, its code, and the
 * configuration. Where none did, or where `from` is unknown here, the tip alone.
 */
export function commitsTouching(repo: Pick<Repo, 'log' | 'diff' | 'info' | 'resolve'>, tip: CommitId) {
  const logs = new Map<string, Promise<readonly CommitInfo[]>>()
  const changes = new Map<CommitId, Promise<ReadonlySet<string>>>()
  const log = (from: string) => {
    const known = logs.get(from) ?? logFrom(repo, from, tip)
    logs.set(from, known)
    return known
  }
  const changed = ({ id, parents: [parent] }: CommitInfo) => {
    const known = changes.get(id) ?? pathsOf(repo, id, parent)
    changes.set(id, known)
    return known
  }
  return async ({ instance, inputs }: Subject, from: string | undefined): Promise<readonly CommitInfo[]> => {
    const commits = from === undefined ? [] : (await log(from)).slice(0, mostCommits)
    const files = new Set([...instance.imports, ...inputs.files.map(({ path }) => path)])
    const touching: CommitInfo[] = []
    for (const commit of commits) {
      const paths = await changed(commit)
      if ([...paths].some((path) => files.has(path) || /(^|\/)\.?atmos(\.d\/.*)?\.ya?ml$/.test(path)))
        touching.push(commit)
    }
    return touching.length > 0 ? touching : [await repo.info(tip)]
  }
}

async function logFrom(
  repo: Pick<Repo, 'log' | 'resolve'>,
  from: string,
  tip: CommitId,
): Promise<readonly CommitInfo[]> {
  const commit = await repo.resolve(from)
  return commit === undefined ? [] : repo.log(commit, tip)
}

async function pathsOf(
  repo: Pick<Repo, 'diff'>,
  id: CommitId,
  parent: CommitId | undefined,
): Promise<ReadonlySet<string>> {
  return parent === undefined ? new Set() : new Set((await repo.diff(parent, id)).map(({ path }) => path))
}
