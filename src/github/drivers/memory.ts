import { UserError } from '../../error.ts'
import { annotationsPerCall } from '../checks.ts'
import { type Comment, maxCommentLength } from '../comments.ts'
import type { ApiUse, GitHub, RepositoryName } from '../github.ts'
import type { Pull, Review } from '../pulls.ts'
import { maxDescriptionLength } from '../statuses.ts'
import { memoryGovernance } from './memory-governance.ts'
import { emptyState, type MemoryState } from './memory-state.ts'

interface MemoryGitHubOptions {
  readonly repository?: RepositoryName
  /** Who the token speaks for. */
  readonly login?: string
  readonly clock?: () => number
  /** Whether a commit is there that no pull request names. */
  readonly hasCommit?: (commit: string) => boolean
  /** Whether the token sees teams: GITHUB_TOKEN does not. */
  readonly seesTeams?: boolean
  /** What the owner pays GitHub for; decides what may protect a private repository. */
  readonly plan?: 'free' | 'team' | 'enterprise'
  /** What is thrown instead of doing what was asked: `statuses.set`. */
  readonly refuses?: (method: string, args: readonly unknown[]) => Error | undefined
}

/** A request as it was made: `comments.create`, with what it was given. */
export interface MemoryCall {
  readonly method: string
  readonly args: readonly unknown[]
}

/** A GitHub in memory, and the ways in which a test looks at it and acts on it as people do. */
export interface MemoryGitHub extends GitHub {
  readonly has: MemoryState
  readonly calls: readonly MemoryCall[]
  /** Opens a pull request, or changes the one with this number; its commits are in the repository from then on. */
  putPull(pull: Partial<Pull>): Pull
  putReview(number: number, review: Pick<Review, 'author' | 'state'> & Partial<Review>): Review
  putComment(number: number, author: string, body: string): Comment
}

/** One repository that lives with this process and refuses what GitHub refuses; what it answers costs as many requests as there. */
export function memoryGitHub(options: MemoryGitHubOptions = {}): MemoryGitHub {
  const repository = options.repository ?? { owner: 'acme', name: 'infra' }
  const login = options.login ?? 'github-actions[bot]'
  const clock = options.clock ?? Date.now
  const serverUrl = 'https://github.com'
  const base = `${serverUrl}/${repository.owner}/${repository.name}`
  const has = emptyState()
  const calls: MemoryCall[] = []
  let requests = 0
  let ids = 0
  const nextId = () => ++ids

  const isCommit = (commit: string) =>
    has.commits.has(commit) ||
    [...has.pulls.values()].some((it) => [it.head.commit, it.base.commit, it.merged?.commit].includes(commit)) ||
    options.hasCommit?.(commit) === true

  const port = <T extends object>(name: string, methods: T): T =>
    Object.fromEntries(
      Object.entries(methods).map(([key, act]: [string, (...args: unknown[]) => Promise<unknown>]) => [
        key,
        async (...args: unknown[]) => {
          const method = `${name}.${key}`
          calls.push({ method, args })
          requests += 1
          const refused = options.refuses?.(method, args)
          if (refused) throw refused
          return act(...args)
        },
      ]),
    ) as T

  /** A list costs a request a page. */
  const paged = <T>(items: readonly T[]): readonly T[] => {
    requests += Math.max(0, Math.ceil(items.length / 100) - 1)
    return items
  }

  const pullOf = (number: number): Pull => {
    const pull = has.pulls.get(number)
    if (pull) return pull
    throw missing(`${repository.owner}/${repository.name} has no pull request ${number}`)
  }

  const addComment = (number: number, author: string, body: string): Comment => {
    pullOf(number)
    checkLength('the comment', body, maxCommentLength)
    const id = nextId()
    const url = `${base}/pull/${number}#issuecomment-${id}`
    const comment = { id, body, author, createdMs: clock(), updatedMs: clock(), url }
    has.comments.set(id, { ...comment, on: number })
    return comment
  }

  const known = (commit: string) => {
    if (!isCommit(commit)) throw failed(`No commit found for SHA: ${commit}`)
  }

  const annotated = (count: number) => {
    requests += Math.max(0, Math.ceil(count / annotationsPerCall) - 1)
  }

  const deploymentOf = (id: number) => {
    const deployment = has.deployments.find(({ is }) => is.id === id)
    if (deployment) return deployment
    throw missing(`there is no deployment ${id}`)
  }

  return {
    repository,
    serverUrl,
    has,
    calls,
    use: (): ApiUse => ({ calls: requests, unchanged: 0, repeated: 0, remaining: undefined }),

    putPull(given) {
      const number = given.number ?? Math.max(0, ...has.pulls.keys()) + 1
      const pull: Pull = {
        number,
        title: `Change ${number}`,
        author: 'ann',
        state: given.merged ? 'closed' : 'open',
        draft: false,
        head: { branch: `branch-${number}`, commit: number.toString(16).padStart(40, 'a'), fork: false },
        base: { branch: has.facts.defaultBranch, commit: 'b'.repeat(40) },
        url: `${base}/pull/${number}`,
        ...has.pulls.get(number),
        ...given,
      }
      has.pulls.set(number, pull)
      return pull
    },
    putReview(number, given) {
      const id = nextId()
      const review: Review = {
        id,
        commit: pullOf(number).head.commit,
        submittedMs: clock(),
        url: `${base}/pull/${number}#pullrequestreview-${id}`,
        ...given,
      }
      has.reviews.set(number, [...(has.reviews.get(number) ?? []), review])
      return review
    },
    putComment: addComment,

    comments: port<GitHub['comments']>('comments', {
      list: async (number) => {
        pullOf(number)
        return paged([...has.comments.values()].filter(({ on }) => on === number)).map(plain)
      },
      get: async (id) => {
        const comment = has.comments.get(id)
        return comment && plain(comment)
      },
      create: async (number, body) => addComment(number, login, body),
      update: async (id, body) => {
        checkLength('the comment', body, maxCommentLength)
        const comment = has.comments.get(id)
        if (!comment) return 'gone'
        has.comments.set(id, { ...comment, body, updatedMs: clock() })
        return 'updated'
      },
      react: async (comment, reaction) => {
        if (!has.comments.has(comment)) throw missing(`there is no comment ${comment}`)
        if (!has.reactions.some((it) => it.comment === comment && it.reaction === reaction))
          has.reactions.push({ comment, reaction })
      },
    }),

    statuses: port<GitHub['statuses']>('statuses', {
      set: async (commit, status) => {
        known(commit)
        checkLength('description', status.description, maxDescriptionLength)
        const set = { ...status, creator: login, atMs: clock() }
        has.statuses.set(commit, [...(has.statuses.get(commit) ?? []), set])
      },
      list: async (commit) => {
        const all = paged(has.statuses.get(commit) ?? [])
        return [...new Map(all.map((it) => [it.context, it])).values()]
      },
    }),

    checks: port<GitHub['checks']>('checks', {
      create: async (run) => {
        known(run.commit)
        annotated(run.annotations.length)
        const id = nextId()
        has.checks.set(id, run)
        return { id, url: `${base}/runs/${id}` }
      },
      update: async (id, run) => {
        const before = has.checks.get(id)
        if (!before) throw missing(`there is no check run ${id}`)
        annotated(run.annotations.length)
        has.checks.set(id, { ...run, annotations: [...before.annotations, ...run.annotations] })
      },
    }),

    deployments: port<GitHub['deployments']>('deployments', {
      create: async (of) => {
        known(of.commit)
        const is = { ...of, id: nextId(), creator: login, createdMs: clock() }
        has.deployments.push({ is, states: [] })
        return is
      },
      setStatus: async (id, { state, description }) => {
        checkLength('description', description, maxDescriptionLength)
        const { is: set, states: own } = deploymentOf(id)
        own.push(state)
        if (state !== 'success' || set.environment === 'production') return
        for (const { is, states } of has.deployments)
          if (is.id < id && is.environment === set.environment && states.at(-1) === 'success') states.push('inactive')
      },
      list: async ({ environment, task }, most) =>
        has.deployments
          .map(({ is }) => is)
          .filter((it) => it.environment === environment && (task === undefined || it.task === task))
          .reverse()
          .slice(0, most),
      state: async (id) => deploymentOf(id).states.at(-1),
    }),

    pulls: port<GitHub['pulls']>('pulls', {
      get: async (number) => pullOf(number),
      open: async () =>
        paged([...has.pulls.values()].filter(({ state }) => state === 'open').sort((a, b) => b.number - a.number)),
      ofCommit: async (commit) => {
        known(commit)
        return [...has.pulls.values()].filter(({ merged, head }) => merged?.commit === commit || head.commit === commit)
      },
      reviews: async (number) => {
        pullOf(number)
        return paged(has.reviews.get(number) ?? [])
      },
    }),

    people: port<GitHub['people']>('people', {
      permission: async (of) => has.permissions.get(of) ?? 'none',
      isMember: async (team, of) => (options.seesTeams ? has.teams.get(team)?.has(of) : undefined),
    }),

    runs: port<GitHub['runs']>('runs', {
      get: async (id) => has.runs.get(id),
      job: async (id) => has.jobs.get(id),
      reviews: async (id) => {
        if (!has.runs.has(id)) throw missing(`there is no run ${id}`)
        return has.runReviews.get(id) ?? []
      },
      dispatch: async (workflow, branch, inputs) => {
        if (!has.workflows.has(workflow)) throw missing(`there is no workflow ${workflow}`)
        has.dispatches.push({ workflow, branch, inputs })
      },
      unfinished: async (workflow) =>
        [...has.runs.values()]
          .filter((it) => it.workflow === `.github/workflows/${workflow}`)
          .sort((a, b) => b.id - a.id)
          .slice(0, 100)
          .filter(({ status }) => status !== 'completed'),
    }),

    governance: port('governance', memoryGovernance(has, options.plan ?? 'enterprise')),
  }
}

function plain({ on: _, ...comment }: Comment & { readonly on: number }): Comment {
  return comment
}

function checkLength(what: string, text: string, most: number): void {
  if (text.length > most) throw failed(`${what} is too long (maximum is ${most} characters)`)
}

function failed(message: string): UserError {
  return new UserError({ code: 'github-failed', message: `GitHub refused: ${message}` })
}

function missing(message: string): UserError {
  return new UserError({ code: 'github-missing', message: `${message}, or it is not to be seen with this token` })
}
