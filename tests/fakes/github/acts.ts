import { type Comment, createComment, deleteComment } from './comments.ts'
import { environmentOf } from './environments.ts'
import type { TokenOf } from './hub.ts'
import { mergePull } from './merging.ts'
import { closePull, editPull, openPull, pullOf, reopenPull, setDraft } from './pulls.ts'
import { enqueue } from './queue.ts'
import { reviewPull } from './reviews.ts'
import { exclusive, type Level, missing, type PullRequest, type Repository, repositoryOf, type State } from './state.ts'

/** What people do in the browser. */
export interface Acts {
  /** Makes an account; a repository's level for it as given. */
  user(login: string, levels?: Readonly<Record<string, Level>>): void
  /** A person's own token. */
  userToken(login: string): string
  team(name: string, members: readonly string[]): void
  openPull(
    repository: string,
    of: {
      readonly head: string
      readonly base?: string
      readonly title?: string
      readonly body?: string
      readonly draft?: boolean
      readonly by: string
    },
  ): Promise<number>
  pull(repository: string, number: number): Readonly<PullRequest>
  review(
    repository: string,
    number: number,
    of: { readonly by: string; readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'; readonly body?: string },
  ): Promise<number>
  /** @returns the commit on the base branch. @throws Refusal as the API says it */
  merge(
    repository: string,
    number: number,
    of: { readonly by: string; readonly method?: 'squash' | 'merge' | 'rebase' },
  ): Promise<string>
  closePull(repository: string, number: number, by: string): Promise<void>
  reopen(repository: string, number: number, by: string): Promise<void>
  retarget(repository: string, number: number, base: string, by: string): Promise<void>
  setDraft(repository: string, number: number, draft: boolean, by: string): Promise<void>
  /** Puts it into the merge queue of its base branch. */
  enqueue(repository: string, number: number, by: string): Promise<void>
  comment(repository: string, number: number, body: string, by: string): Promise<number>
  deleteComment(repository: string, id: number, by: string): Promise<void>
  /** Protects an environment, as an admin does in the settings. */
  protect(
    repository: string,
    environment: string,
    by: {
      readonly reviewers?: readonly string[]
      readonly preventSelfReview?: boolean
      readonly branches?: readonly string[]
    },
  ): void
  comments(repository: string, number: number): readonly Readonly<Comment>[]
}

/** Who a login is, to the one that asks who did something. */
export function actor(login: string): TokenOf {
  if (!login.endsWith('[bot]')) return { kind: 'user', login }
  const permissions = { contents: 'write', 'pull-requests': 'write' } as const
  return { kind: 'app', slug: login.slice(0, -'[bot]'.length), permissions }
}

/** Acts of people, done as themselves. */
export function actsOf(state: State, token: (of: TokenOf, repository: string) => string): Acts {
  const within = <T>(name: string, work: (repository: Repository) => Promise<T>): Promise<T> => {
    const repository = repositoryOf(state, name)
    return exclusive(repository, () => work(repository))
  }
  const onPull = <T>(
    name: string,
    number: number,
    work: (it: Repository, pull: PullRequest) => Promise<T>,
  ): Promise<T> => within(name, (repository) => work(repository, pullOf(repository, number)))
  return {
    user(login, given = {}) {
      if (!state.accounts.has(login.toLowerCase())) {
        state.accounts.set(login.toLowerCase(), { id: state.id(), login, type: 'User' })
      }
      for (const [name, level] of Object.entries(given)) {
        repositoryOf(state, name).collaborators.set(login.toLowerCase(), level)
      }
    },
    userToken: (login) => token({ kind: 'user', login }, ''),
    team: (name, members) => void state.teams.set(name, { id: state.id(), members: new Set(members) }),
    openPull: (name, { head, base, title, body, draft, by }) =>
      within(name, async (repository) => {
        const of = { head, base: base ?? repository.defaultBranch, title: title ?? head }
        const more = { ...(body === undefined ? {} : { body }), ...(draft === undefined ? {} : { draft }) }
        return (await openPull(state, repository, { ...of, ...more }, actor(by))).number
      }),
    pull: (name, number) => pullOf(repositoryOf(state, name), number),
    review: (name, number, { by, event, body }) =>
      onPull(name, number, async (repository, pull) => {
        const text = body ?? (event === 'APPROVE' ? '' : event)
        return (await reviewPull(state, repository, pull, { event, body: text }, actor(by))).id
      }),
    merge: (name, number, { by, method }) =>
      onPull(name, number, (repository, pull) =>
        mergePull(state, repository, pull, method === undefined ? {} : { method }, actor(by)),
      ),
    closePull: (name, number, by) => onPull(name, number, (it, pull) => closePull(state, it, pull, actor(by))),
    reopen: (name, number, by) => onPull(name, number, (it, pull) => reopenPull(state, it, pull, actor(by))),
    retarget: (name, number, base, by) =>
      onPull(name, number, (it, pull) => editPull(state, it, pull, { base }, actor(by))),
    setDraft: (name, number, draft, by) =>
      onPull(name, number, (it, pull) => setDraft(state, it, pull, draft, actor(by))),
    enqueue: (name, number, by) => onPull(name, number, (it, pull) => enqueue(state, it, pull, actor(by))),
    comment: (name, number, body, by) =>
      within(name, async (repository) => (await createComment(state, repository, number, body, actor(by))).id),
    deleteComment: (name, id, by) =>
      within(name, async (repository) => {
        const comment = repository.comments.get(id)
        if (comment === undefined) throw missing()
        await deleteComment(state, repository, comment, actor(by))
      }),
    protect(name, environment, { reviewers, preventSelfReview, branches }) {
      const it = environmentOf(state, repositoryOf(state, name), environment)
      it.reviewers = [...(reviewers ?? [])]
      it.preventSelfReview = preventSelfReview === true
      it.branchPolicy = branches === undefined ? undefined : 'custom'
      it.policies = (branches ?? []).map((branch) => ({ id: state.id(), name: branch, type: 'branch' }))
    },
    comments: (name, number) => [...repositoryOf(state, name).comments.values()].filter((it) => it.issue === number),
  }
}
