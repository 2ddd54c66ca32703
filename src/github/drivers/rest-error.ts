import { UserError } from '../../error.ts'
import { clock } from '../../time.ts'

/** What a request that failed was about. */
interface Failed {
  /** `GET /repos/acme/infra/pulls/7` */
  readonly request: string
  /** What was asked for, in words: `pull request 7`. */
  readonly what: string | undefined
  readonly repository: string
  /** Never to be told. */
  readonly token: string
  readonly nowMs: number
}

/** An answer that Octokit makes an error of; only the fields that are used, none of them sure to be there. */
interface Refusal {
  readonly status?: unknown
  readonly message?: unknown
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>>; readonly data?: unknown }
}

/** The status of the answer that an error came of; undefined where there was none: the network, or an error of our own. */
function statusOf(error: unknown): number | undefined {
  const { status, response } = (error ?? {}) as Refusal
  return typeof status === 'number' && response !== undefined ? status : undefined
}

/** What a failed request means to a person: a limit, a missing right, a thing that is not there, or GitHub's own words. */
export function githubError(error: unknown, of: Failed): Error {
  if (error instanceof UserError) return error
  const status = statusOf(error)
  const words = wordsOf(error as Refusal)
  const { code, message, fix } = meaning(error as Refusal, status, words, of)
  return new UserError({
    code,
    message: hidden(message, of.token),
    cause: new Error(hidden(`${status ?? 'no answer'}: ${words}`, of.token)),
    ...(fix !== undefined && { fix }),
  })
}

function meaning(
  error: Refusal,
  status: number | undefined,
  words: string,
  { request, what, repository, nowMs }: Failed,
): { readonly code: string; readonly message: string; readonly fix?: string | undefined } {
  if (status === undefined || status >= 500)
    return {
      code: 'github-unavailable',
      message: `GitHub gave no answer to ${request}${status === undefined ? '' : ` (${status})`}: ${words}`,
      fix: 'see https://www.githubstatus.com, and run again',
    }
  const limit = limitedUntil(error, status, nowMs)
  if (limit !== undefined)
    return {
      code: 'github-limited',
      message: `GitHub takes no more requests ${limit.of} until ${clock(limit.untilMs, nowMs)} (${request})`,
      fix: 'run again after that',
    }
  if (status === 401)
    return {
      code: 'github-forbidden',
      message: `GitHub does not accept the token (${request}): ${words}`,
      fix: 'give a token that is valid',
    }
  if ((status === 403 || status === 422) && /billing plan|upgrade to github/i.test(words))
    return { code: 'github-plan', message: `GitHub's plan has no such thing (${request}): ${words}` }
  const needs = accepted(header(error, 'x-accepted-github-permissions'))
  if (status === 403)
    return {
      code: 'github-forbidden',
      message: `the token may not ${request}: ${words}`,
      fix: needs ? `it needs ${needs}` : 'give the token the permission that this needs',
    }
  if (status === 404 || status === 410)
    return {
      code: 'github-missing',
      message: `${repository} has ${what === undefined ? 'nothing there' : `no ${what}`}, or the token may not see it (${request})`,
      fix: needs && `to see it, the token needs ${needs}`,
    }
  return { code: 'github-failed', message: `GitHub refused ${request} (${status}): ${words}` }
}

/** Until when a limit holds, and which; undefined where the answer is about something else. */
function limitedUntil(
  error: Refusal,
  status: number,
  nowMs: number,
): { readonly of: string; readonly untilMs: number } | undefined {
  if (status !== 403 && status !== 429) return undefined
  const after = Number(header(error, 'retry-after'))
  if (/secondary rate/i.test(String(error.message)) || after > 0)
    return { of: 'of this kind', untilMs: nowMs + (after > 0 ? after : 60) * 1000 }
  if (header(error, 'x-ratelimit-remaining') !== '0') return undefined
  const limit = header(error, 'x-ratelimit-limit')
  const of = limit === undefined ? 'of this token' : `of this token (all ${limit} of the hour are used)`
  return { of, untilMs: Number(header(error, 'x-ratelimit-reset')) * 1000 || nowMs + 3_600_000 }
}

/** `issues=write; pull_requests=write` as people write permissions in a workflow: `issues: write, or pull-requests: write`. */
function accepted(text: string | undefined): string | undefined {
  if (!text) return undefined
  const one = (permission: string) => permission.trim().replaceAll('_', '-').replace('=', ': ')
  return text
    .split(';')
    .map((set) => set.split(',').map(one).join(' and '))
    .join(', or ')
}

/** GitHub's own words, with those of each field that it did not like. */
function wordsOf({ response, message }: Refusal): string {
  const data = (response?.data ?? {}) as { readonly message?: unknown; readonly errors?: unknown }
  if (typeof data.message !== 'string') return firstLine(String(message))
  const errors: unknown[] = Array.isArray(data.errors) ? data.errors : []
  const details = errors.map((it) => {
    if (typeof it === 'string') return it
    const { message: text, field, code } = (it ?? {}) as Readonly<Record<string, unknown>>
    return typeof text === 'string' ? text : `${String(field)} ${String(code)}`
  })
  return [data.message, ...(details.length > 0 ? [details.join('; ')] : [])].join(': ')
}

/** An error page of a proxy is longer than an error should be. */
function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 300)
}

function header({ response }: Refusal, name: string): string | undefined {
  const value = response?.headers?.[name]
  return value === undefined ? undefined : String(value)
}

function hidden(text: string, token: string): string {
  return token === '' ? text : text.replaceAll(token, '***')
}
