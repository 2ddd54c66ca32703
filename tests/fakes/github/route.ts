import type { Scope, TokenOf } from './hub.ts'
import type { Repository, State } from './state.ts'

/** A request that passed the doors: the token is known, and may do it. */
export interface Call {
  readonly state: State
  readonly repository: Repository
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  readonly by: TokenOf
  readonly accept: string
}

/** What a route answers; a body that is a Buffer is sent as it is. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A permission: any one of a route's is enough. */
export type Need = readonly [scope: Scope, access: 'read' | 'write']

/** One operation of GitHub's API below a repository, by its published name without `/repos/{owner}/{repo}`. */
export interface Route {
  readonly operation: string
  readonly needs: readonly Need[]
  readonly handle: (call: Call) => Promise<Answer> | Answer
}

const prefix = '/repos/{owner}/{repo}'

/** A route below a repository: `GET /pulls`. */
export function route(operation: string, needs: readonly Need[], handle: Route['handle']): Route {
  const [method, path = ''] = operation.split(' ')
  return { operation: `${method} ${prefix}${path}`, needs, handle }
}

/** A number in the address. */
export function numberOf(call: Call, name: string): number {
  return Number(call.params[name])
}

/** A text in the body; undefined when there is none. */
export function textOf(call: Call, name: string): string | undefined {
  const value = call.body[name]
  return typeof value === 'string' ? value : undefined
}

/** One page of a list, with GitHub's `Link`; `wrap`: the key under which the list stands, beside `total_count`. */
export async function page<T>(
  call: Call,
  items: readonly T[],
  view: (item: T) => unknown,
  wrap?: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const size = Math.min(100, Math.max(1, Number(call.query.get('per_page') ?? 30) || 30))
  const number = Math.max(1, Number(call.query.get('page') ?? 1) || 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const slice = await Promise.all(items.slice((number - 1) * size, number * size).map(view))
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(to))
    return `<${call.state.apiUrl}${call.params['']}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ]
  return {
    status: 200,
    body: wrap === undefined ? slice : { total_count: items.length, ...more, [wrap]: slice },
    headers: links.length === 0 ? {} : { Link: links.join(', ') },
  }
}
