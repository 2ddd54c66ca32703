import { admit } from './access.ts'
import type { Answer } from './route.ts'
import { decision } from './rules.ts'
import { missing, Refusal, type State, type Token } from './state.ts'

const known =
  /^\s*query\b[^{]*\{\s*repository\s*\(\s*owner:\s*\$owner\s*,\s*name:\s*\$name\s*\)\s*\{\s*pullRequest\s*\(\s*number:\s*\$number\s*\)\s*\{\s*([\w\s]+?)\s*\}\s*\}\s*\}\s*$/

/**
 * The one question of GraphQL that the fake answers: fields of a pull request by `$owner`, `$name` and `$number`. Another one is an
 * error, so that nobody takes silence for an answer.
 */
export function answerGraphql(state: State, body: Readonly<Record<string, unknown>>, token: Token | undefined): Answer {
  if (token === undefined) throw new Refusal(401, 'This endpoint requires you to be authenticated.')
  const fields = known.exec(String(body.query ?? ''))?.[1]?.split(/\s+/)
  if (fields === undefined) throw new Refusal(400, 'the fake GitHub does not answer this query')
  const variables = (body.variables ?? {}) as Readonly<Record<string, unknown>>
  const repository = state.repositories.get(`${variables.owner}/${variables.name}`.toLowerCase())
  const error = (type: string, message: string): Answer => ({
    status: 200,
    body: { data: { repository: null }, errors: [{ type, path: ['repository'], message }] },
  })
  const unresolved = `Could not resolve to a Repository with the name '${variables.owner}/${variables.name}'.`
  if (repository === undefined) return error('NOT_FOUND', unresolved)
  try {
    admit(repository, token, [['pull-requests', 'read']])
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return refusal.status === missing().status
      ? error('NOT_FOUND', unresolved)
      : error('FORBIDDEN', 'Resource not accessible by integration')
  }
  const pull = repository.pulls.get(Number(variables.number))
  if (pull === undefined) {
    return error('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${variables.number}.`)
  }
  const merged = pull.merged !== undefined
  const values: Readonly<Record<string, unknown>> = {
    number: pull.number,
    title: pull.title,
    isDraft: pull.draft,
    merged,
    state: merged ? 'MERGED' : pull.state.toUpperCase(),
    headRefOid: pull.headSha,
    headRefName: pull.headBranch,
    baseRefName: pull.baseBranch,
    reviewDecision: decision(repository, pull) ?? null,
    mergeable: pull.mergeSha === undefined ? 'CONFLICTING' : 'MERGEABLE',
  }
  const unknown = fields.find((field) => !(field in values))
  if (unknown !== undefined) throw new Refusal(400, `the fake GitHub does not answer PullRequest.${unknown}`)
  const pullRequest = Object.fromEntries(fields.map((field) => [field, values[field]]))
  return { status: 200, body: { data: { repository: { pullRequest } } } }
}
