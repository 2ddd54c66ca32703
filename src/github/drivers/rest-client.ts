import { setTimeout as pause } from 'node:timers/promises'
import { Octokit } from '@octokit/core'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { UserError } from '../../error.ts'
import type { ApiUse, RepositoryName } from '../github.ts'
import type { AnswerMemory } from '../memory.ts'
import { type Payload, payload } from '../payload.ts'
import { unchanging } from './rest-answers.ts'
import { githubError } from './rest-error.ts'

/** How a client reaches GitHub's REST API. */
export interface RestOptions {
  readonly token: string
  /** GITHUB_API_URL: `https://api.github.com`. */
  readonly apiUrl: string
  readonly repository: RepositoryName
  /** The longest that one request waits for a limit to end. */
  readonly patienceMs?: number
  /** Between two requests that change something: GitHub asks for a second; 0 for a server of one's own. */
  readonly paceMs?: number
  /** The first wait before a request is repeated that a server's error met; the later ones are 4 and 9 times as long. */
  readonly repeatMs?: number
  readonly timeoutMs?: number
  readonly clock?: () => number
  /** What other jobs were answered; undefined: only what this process was. */
  readonly memory?: AnswerMemory
}

type Parameters = Readonly<Record<string, unknown>>

/** What a request is about, for errors; and of a list, how much of it is wanted, and in which field of the answer it is. */
interface About {
  /** `pull request 7` */
  readonly what?: string
  /** It is not repeated when GitHub gave no answer: it may have been done. */
  readonly once?: true
  /** Other jobs ask the same: the answer is remembered for them. */
  readonly shared?: true
  readonly in?: string
  readonly most?: number
}

/** Requests to one repository; `{owner}` and `{repo}` of a route are filled in. @throws UserError as `GitHub` */
export interface RestClient {
  object(route: string, parameters?: Parameters, about?: About): Promise<Payload>
  /** Undefined where GitHub says that there is no such thing. */
  objectIf(route: string, parameters?: Parameters, about?: About): Promise<Payload | undefined>
  /** A request whose answer says nothing. */
  send(route: string, parameters?: Parameters, about?: About): Promise<void>
  /** Items of all pages, or as many as are wanted. */
  list(route: string, parameters?: Parameters, about?: About): Promise<readonly Payload[]>
  use(): ApiUse
}

interface Answer {
  readonly data: unknown
  /** Query parameters of the page after this one. */
  readonly next: Parameters | undefined
}

const pageSize = 100
/** Beside limits (403, 429), which wait as long as GitHub says; what a server's error meets is worth another try. */
const neverRepeated = [400, 401, 403, 404, 405, 409, 410, 415, 422, 429, 451]
const most = 3

/** The one place that speaks to GitHub: counts, repeats, waits for limits, and asks only for what changed. */
export function restClient(options: RestOptions): RestClient {
  const { token, apiUrl, repository, patienceMs = 90_000, paceMs = 1000, repeatMs = 1000, timeoutMs = 30_000 } = options
  const now = options.clock ?? Date.now
  const name = `${repository.owner}/${repository.name}`
  const use = { calls: 0, unchanged: 0, repeated: 0, remaining: undefined as number | undefined }
  const answers = unchanging(options.memory)
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const waits = (afterSeconds: number, _: object, __: unknown, repeated: number) =>
    afterSeconds * 1000 <= patienceMs && repeated < most

  const octokit = new (Octokit.plugin(retry, throttling))({
    auth: token,
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'airlock',
    log: silent,
    retry: { doNotRetry: neverRepeated, retries: most, retryAfterBaseValue: repeatMs },
    throttle: {
      onRateLimit: waits,
      onSecondaryRateLimit: waits,
      // Typed as the class of Bottleneck; this is all that is called of it.
      write: paced(paceMs) as never,
      notifications: paced(3 * paceMs) as never,
    },
  })

  /** Counts what is answered, and every time after the first as a repetition; GitHub counts no 304. */
  const counting = (): typeof fetch => {
    let tries = 0
    return async (url, init) => {
      if (tries++ > 0) use.repeated += 1
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      if (response.status === 304) use.unchanged += 1
      else use.calls += 1
      const remaining = response.headers.get('x-ratelimit-remaining')
      if (remaining !== null && response.headers.get('x-ratelimit-resource') !== 'search')
        use.remaining = Number(remaining)
      return response
    }
  }

  async function ask(route: string, parameters: Parameters, about: About): Promise<Answer> {
    const ours = route.includes('{owner}') ? { owner: repository.owner, repo: repository.name } : {}
    const all = { ...ours, ...parameters }
    try {
      const { data, headers } = await octokit.request(route, {
        ...all,
        headers: { 'x-github-api-version': '2022-11-28' },
        request: {
          fetch: answers.fetch(counting(), about.shared === true),
          log: silent,
          ...(about.once && { retries: 0 }),
        },
      })
      return { data: data as unknown, next: nextPage(headers.link) }
    } catch (error) {
      const { method, url } = octokit.request.endpoint(route, all)
      const request = `${method} ${new URL(url).pathname}`
      throw githubError(error, { request, what: about.what, repository: name, token, nowMs: now() })
    }
  }

  const client: RestClient = {
    async object(route, parameters = {}, about = {}) {
      return payload((await ask(route, parameters, about)).data, `GitHub's answer to ${route}`)
    },
    async objectIf(route, parameters, about) {
      try {
        return await client.object(route, parameters, about)
      } catch (error) {
        if (isGitHub('github-missing', error)) return undefined
        throw error
      }
    },
    async send(route, parameters = {}, about = {}) {
      await ask(route, parameters, about)
    },
    async list(route, parameters = {}, about = {}) {
      const items: Payload[] = []
      const wanted = about.most ?? Number.POSITIVE_INFINITY
      const size = { per_page: Math.min(pageSize, wanted) }
      let page: Parameters | undefined = {}
      while (page !== undefined && items.length < wanted) {
        const answer: Answer = await ask(route, { ...parameters, ...size, ...page }, about)
        const path = about.in ?? 'list'
        const list = about.in === undefined ? { list: answer.data } : answer.data
        items.push(...payload(list, `GitHub's answer to ${route}`).objects(path))
        page = answer.next
      }
      return items.slice(0, wanted)
    },
    use: () => ({ ...use, foretold: answers.foretold() }),
  }
  return client
}

/** Whether an error is GitHub's saying so: `github-missing`. */
export function isGitHub(code: 'github-missing' | 'github-forbidden' | 'github-unavailable', error: unknown): boolean {
  return error instanceof UserError && error.code === code
}

/** What the `Link` header says of the page after this one. Only its query is taken: a token goes nowhere that a header names. */
function nextPage(link: string | undefined): Parameters | undefined {
  const [, next] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? []
  return next === undefined ? undefined : Object.fromEntries(new URL(next, 'https://github.com').searchParams)
}

/** Stands for a group of limiters of plugin-throttling's: lets what comes begin no sooner than `ms` after the one before. */
function paced(ms: number) {
  let freeMs = 0
  const schedule = async <A extends readonly unknown[], R>(_: object, work: (...args: A) => R, ...args: A) => {
    const nowMs = performance.now()
    const waitMs = Math.max(0, freeMs - nowMs)
    freeMs = nowMs + waitMs + ms
    if (waitMs > 0) await pause(waitMs)
    return work(...args)
  }
  return { key: () => ({ schedule }) }
}
