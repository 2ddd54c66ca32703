import { Refusal, type State, type Token } from './state.ts'

/** How much GitHub lets through in an hour, and in a minute of what makes content; undefined: the fake does not count that. */
export interface Limits {
  readonly jobAnHour: number
  readonly userAnHour: number
  readonly contentAMinute: number | undefined
  /** How many statuses of one context a commit keeps. */
  readonly statusesAContext: number
}

/** What GitHub gives. */
export const githubLimits: Limits = {
  jobAnHour: 1_000,
  userAnHour: 5_000,
  contentAMinute: undefined,
  statusesAContext: 1_000,
}

/** Counts requests as GitHub does. */
export interface Meter {
  /** The headers that tell how much is left. @throws Refusal 403 when nothing is */
  take(token: Token | undefined, method: string): Record<string, string>
  /** Gives back what a 304 did not cost. */
  giveBack(token: Token | undefined): Record<string, string>
  /** The next requests are refused by the secondary limit. */
  slowDown(times: number, retryAfterSeconds: number): void
  /** Jobs of a repository have nothing left until the hour is over. */
  useUp(repository: string): void
}

/** A meter with limits, on the fake's clock. */
export function meter(state: State): Meter {
  const { limits } = state
  const hours = new Map<string, { used: number; resetMs: number }>()
  const minutes = new Map<string, number[]>()
  let slow = { times: 0, retryAfterSeconds: 0 }
  const keyOf = (token: Token | undefined): string => {
    if (token === undefined) return 'nobody'
    return token.of.kind === 'user' ? `user ${token.of.login}` : `${token.of.kind} ${token.repository}`
  }
  const limitOf = (token: Token | undefined): number => {
    if (token === undefined) return 60
    return token.of.kind === 'job' ? limits.jobAnHour : limits.userAnHour
  }
  const hourOf = (key: string): { used: number; resetMs: number } => {
    const known = hours.get(key)
    if (known !== undefined && known.resetMs > state.now()) return known
    const fresh = { used: 0, resetMs: state.now() + 3_600_000 }
    hours.set(key, fresh)
    return fresh
  }
  const headers = (token: Token | undefined): Record<string, string> => {
    const hour = hourOf(keyOf(token))
    const limit = limitOf(token)
    return {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - hour.used)),
      'X-RateLimit-Used': String(hour.used),
      'X-RateLimit-Reset': String(Math.ceil(hour.resetMs / 1000)),
      'X-RateLimit-Resource': 'core',
    }
  }
  const secondary = (retryAfterSeconds: number, token: Token | undefined): Refusal =>
    new Refusal(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
      headers: { ...headers(token), 'Retry-After': String(retryAfterSeconds) },
    })
  return {
    take(token, method) {
      const key = keyOf(token)
      const hour = hourOf(key)
      if (slow.times > 0) {
        slow = { ...slow, times: slow.times - 1 }
        throw secondary(slow.retryAfterSeconds, token)
      }
      if (hour.used >= limitOf(token)) {
        throw new Refusal(403, `API rate limit exceeded for ${key}.`, { headers: headers(token) })
      }
      hour.used++
      if (limits.contentAMinute !== undefined && method !== 'GET') {
        const recent = (minutes.get(key) ?? []).filter((at) => at > state.now() - 60_000)
        if (recent.length >= limits.contentAMinute) {
          throw secondary(Math.max(1, Math.ceil((recent[0]! + 60_000 - state.now()) / 1000)), token)
        }
        minutes.set(key, [...recent, state.now()])
      }
      return headers(token)
    },
    giveBack(token) {
      hourOf(keyOf(token)).used--
      return headers(token)
    },
    slowDown(times, retryAfterSeconds) {
      slow = { times, retryAfterSeconds }
    },
    useUp(repository) {
      hourOf(`job ${repository}`).used = limits.jobAnHour
    },
  }
}
