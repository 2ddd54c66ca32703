import type { AnswerMemory } from '../memory.ts'
import { etagOf } from './etag.ts'

type Fetch = typeof fetch

/** Asks by what is known. */
export interface Answers {
  /** @param isShared whether other jobs ask the same, so that it is remembered for them */
  fetch(ask: Fetch, isShared: boolean): Fetch
  /** Whether GitHub's last ETag was the one that is computed here; undefined before there was one. */
  foretold(): boolean | undefined
}

interface Known {
  readonly body: string
  readonly etag: string
  /** Header `Link`, which names the page after it. */
  readonly link: string | undefined
}

/** Longer answers are not remembered for others: each job asks for them in full. */
const longestShared = 256 * 1024

/**
 * Asks only for what changed: whether GitHub would still say what this process was told, or, of what is shared, what another job
 * was. A no brings the new answer with it; a yes costs nothing, and is handed on as the answer that it stands for.
 */
export function unchanging(memory: AnswerMemory | undefined): Answers {
  const known = new Map<string, Known>()
  let foretold: boolean | undefined

  const asked = async (ask: Fetch, isShared: boolean, url: string, init: RequestInit): Promise<Response> => {
    // As Octokit hands them over: names in lower case.
    const headers = init.headers as Readonly<Record<string, string>>
    const before = known.get(url) ?? (isShared ? await recalled(url, headers) : undefined)
    const response = await ask(url, before ? { ...init, headers: { ...headers, 'if-none-match': before.etag } } : init)
    if (response.status === 304 && before !== undefined) {
      known.set(url, before)
      return told(before, response.headers)
    }
    const etag = response.headers.get('etag')
    if (response.status !== 200 || etag === null) return response
    const answer = { body: await response.text(), etag, link: response.headers.get('link') ?? undefined }
    known.set(url, answer)
    foretold = etag.replace(/^W\//, '') === etagOf(answer.body, headers)
    if (isShared && answer.body.length <= longestShared) await memory?.keep(url, answer.body)
    return told(answer, response.headers)
  }

  const recalled = async (url: string, headers: Readonly<Record<string, string>>): Promise<Known | undefined> => {
    const body = await memory?.recall(url)
    return body === undefined ? undefined : { body, etag: etagOf(body, headers), link: pageAfter(url, body) }
  }

  return {
    fetch: (ask, isShared) => (input, init) =>
      init?.method === 'GET' ? asked(ask, isShared, String(input), init) : ask(input, init),
    foretold: () => foretold,
  }
}

function told({ body, link }: Known, headers: Headers): Response {
  const all = new Headers(headers)
  all.set('content-type', 'application/json; charset=utf-8')
  if (link !== undefined) all.set('link', link)
  return new Response(body, { status: 200, headers: all })
}

/** A 304 says nothing of pages, and a hash of the body covers no header: after a full page it is asked for another one. */
function pageAfter(url: string, body: string): string | undefined {
  const at = new URL(url)
  const size = Number(at.searchParams.get('per_page') ?? Number.NaN)
  if (Number.isNaN(size) || itemsIn(body) < size) return undefined
  at.searchParams.set('page', String(Number(at.searchParams.get('page') ?? 1) + 1))
  return `<${at.href}>; rel="next"`
}

function itemsIn(body: string): number {
  try {
    const value: unknown = JSON.parse(body)
    return Array.isArray(value) ? value.length : 0
  } catch {
    return 0 // no answer of GitHub's: it will say so
  }
}
