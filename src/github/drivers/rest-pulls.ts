import { isFork, loginOf } from '../event.ts'
import type { Payload } from '../payload.ts'
import type { People, Permission } from '../people.ts'
import type { Pull, Pulls, Review } from '../pulls.ts'
import { isGitHub, type RestClient } from './rest-client.ts'

const pulls = '/repos/{owner}/{repo}/pulls'

/** Pull requests and reviews over REST. */
export function restPulls(client: RestClient): Pulls {
  const about = (number: number) => [{ pull_number: number }, { what: `pull request ${number}`, shared: true }] as const
  return {
    get: async (number) => pull(await client.object(`GET ${pulls}/{pull_number}`, ...about(number))),
    open: async () => (await client.list(`GET ${pulls}`, { state: 'open' }, { shared: true })).map(pull),
    async ofCommit(commit) {
      const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls'
      return (await client.list(route, { commit_sha: commit }, { shared: true })).map(pull)
    },
    reviews: async (number) => (await client.list(`GET ${pulls}/{pull_number}/reviews`, ...about(number))).map(review),
  }
}

function pull(it: Payload): Pull {
  const mergedMs = it.timeIf('merged_at')
  return {
    number: it.number('number'),
    title: it.text('title'),
    author: loginOf(it, 'user'),
    state: it.choice('state', ['open', 'closed']),
    draft: it.flagIf('draft'),
    head: { branch: it.text('head.ref'), commit: it.text('head.sha'), fork: isFork(it) },
    base: { branch: it.text('base.ref'), commit: it.text('base.sha') },
    ...(mergedMs !== undefined && {
      merged: { commit: it.text('merge_commit_sha'), by: it.textIf('merged_by.login'), atMs: mergedMs },
    }),
    url: it.text('html_url'),
  }
}

const reviewStates = ['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING'] as const

function review(it: Payload): Review {
  return {
    id: it.number('id'),
    author: loginOf(it, 'user'),
    state: it.choice('state', reviewStates),
    commit: it.textIf('commit_id') ?? '',
    submittedMs: it.timeIf('submitted_at') ?? 0,
    url: it.text('html_url'),
  }
}

const permissions: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** Who may what, over REST. */
export function restPeople(client: RestClient): People {
  return {
    async permission(login) {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
      const found = await client.objectIf(route, { username: login }, { shared: true })
      if (!found) return 'none'
      // `permission` knows four words; a role that an organisation made stands in `role_name`, and for one of them.
      const role = permissions.find((it) => it === found.textIf('role_name'))
      return role ?? found.choice('permission', permissions)
    },
    async isMember(team, login) {
      const [org = '', slug = ''] = team.split('/')
      const of = { org, team_slug: slug }
      try {
        const found = await client.objectIf('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
          ...of,
          username: login,
        })
        if (found) return found.text('state') === 'active'
        // Not in the team, or the token does not see the team at all.
        return (await client.objectIf('GET /orgs/{org}/teams/{team_slug}', of)) ? false : undefined
      } catch (error) {
        if (isGitHub('github-missing', error) || isGitHub('github-forbidden', error)) return undefined
        throw error
      }
    },
  }
}
