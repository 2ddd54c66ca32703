import { unreachable } from './access.ts'
import type { Answer } from './route.ts'
import { reply } from './schemas.ts'
import { accountOf, missing, permits, Refusal, type State, type Token } from './state.ts'
import { teamView, userView } from './views.ts'

/** Answers what is not about one repository: who one is, who is in a team, what is left of the hour. */
export function answerOrgs(state: State, operation: string, path: string, url: URL, token: Token | undefined): Answer {
  if (operation === 'GET /user') {
    if (token === undefined) throw new Refusal(401, 'Requires authentication')
    if (token.of.kind !== 'user') throw unreachable([['metadata', 'read']])
    return { status: 200, body: reply('GET /user', 200, userView(state, token.of.login)) }
  }
  const user = /^\/users\/([^/]+)$/.exec(path)?.[1]
  if (user !== undefined && state.accounts.has(decodeURIComponent(user).toLowerCase())) {
    const view = userView(state, decodeURIComponent(user))
    return { status: 200, body: reply('GET /users/{username}', 200, view) }
  }
  const team = /^\/orgs\/([^/]+)\/teams\/([^/]+)(?:\/(members|memberships\/([^/]+)))?$/.exec(path)
  if (team !== null && operation.startsWith('GET ')) {
    const [, org, slug, what, login] = team
    return answerTeam(state, `${org}/${slug}`, what, login, url, token)
  }
  throw missing()
}

function answerTeam(
  state: State,
  name: string,
  what: string | undefined,
  login: string | undefined,
  url: URL,
  token: Token | undefined,
): Answer {
  if (token === undefined) throw new Refusal(401, 'Requires authentication')
  // A job's token is of a repository's installation: the organization's members are none of its business.
  if (token.of.kind !== 'user' && !permits(token.of.permissions, 'members', 'read')) {
    throw unreachable([['members', 'read']])
  }
  const team = state.teams.get(name)
  if (team === undefined) throw missing()
  const path = '/orgs/{org}/teams/{team_slug}'
  if (what === undefined) return { status: 200, body: reply(`GET ${path}`, 200, teamView(state, name)) }
  if (what === 'members') {
    const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
    const from = (Number(url.searchParams.get('page') ?? 1) - 1) * size
    const members = [...team.members].slice(from, from + size).map((it) => userView(state, it))
    return { status: 200, body: reply(`GET ${path}/members`, 200, members) }
  }
  const member = [...team.members].find((it) => it.toLowerCase() === login?.toLowerCase())
  if (member === undefined) throw missing()
  accountOf(state, member)
  const body = { url: `${state.apiUrl}${path}`, role: 'member', state: 'active' }
  return { status: 200, body: reply(`GET ${path}/memberships/{username}`, 200, body) }
}
