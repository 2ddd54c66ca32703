import type { Need } from './route.ts'
import { atLeast, type Level, levelOf, missing, permits, Refusal, type Repository, type Token } from './state.ts'

/** What somebody must be in a repository to do what a permission stands for. */
function levelFor([scope, access]: Need): Level {
  if (scope === 'administration' || (scope === 'environments' && access === 'write')) return 'admin'
  if (scope === 'secrets' || scope === 'variables') return 'write'
  if (access === 'read' || scope === 'issues' || scope === 'pull-requests') return 'read'
  return 'write'
}

/** Lets a token through to a route, or says what GitHub would. `needs`: any one is enough; none: public. */
export function admit(repository: Repository, token: Token | undefined, needs: readonly Need[]): void {
  const reads = needs.length === 0 || needs.some(([scope, access]) => access === 'read' && scope !== 'administration')
  if (token === undefined) {
    if (repository.private) throw missing()
    if (!reads) throw new Refusal(401, 'Requires authentication')
    return
  }
  const { of } = token
  if (of.kind === 'user') {
    const level = levelOf(repository, of.login)
    if (level === 'none') throw missing()
    if (needs.some(([scope, access]) => scope === 'checks' && access === 'write')) {
      throw new Refusal(403, 'You must authenticate via a GitHub App.')
    }
    if (needs.length === 0 || needs.some((need) => atLeast(level, levelFor(need)))) return
    const admin = needs.every((need) => levelFor(need) === 'admin')
    throw new Refusal(403, `Must have ${admin ? 'admin rights' : 'push access'} to Repository.`)
  }
  if (token.repository !== repository.fullName) {
    if (repository.private) throw missing()
    if (reads && needs.every(([scope]) => scope !== 'secrets' && scope !== 'variables')) return
    throw unreachable(needs)
  }
  if (needs.length > 0 && !needs.some(([scope, access]) => permits(of.permissions, scope, access)))
    throw unreachable(needs)
}

/** The 403 of a token that lacks a permission, with the header that names it. */
export function unreachable(needs: readonly Need[]): Refusal {
  return new Refusal(403, 'Resource not accessible by integration', {
    headers: {
      'X-Accepted-GitHub-Permissions': needs
        .map(([scope, access]) => `${scope.replaceAll('-', '_')}=${access}`)
        .join('; '),
    },
  })
}
