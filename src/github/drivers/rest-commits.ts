import { type Annotation, annotationsPerCall, type CheckRun, type Checks } from '../checks.ts'
import type { Payload } from '../payload.ts'
import type { SetStatus, Status, Statuses } from '../statuses.ts'
import type { RestClient } from './rest-client.ts'

/** Commit statuses over REST. */
export function restStatuses(client: RestClient): Statuses {
  return {
    async set(commit, { context, state, description, targetUrl }) {
      await client.send('POST /repos/{owner}/{repo}/statuses/{sha}', {
        sha: commit,
        context,
        state,
        description,
        ...(targetUrl !== undefined && { target_url: targetUrl }),
      })
    },
    async list(commit) {
      // The combined status does not say who set one.
      const all = await client.list('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ref: commit })
      const newest = new Map<string, SetStatus>()
      for (const it of all.map(status)) if (!newest.has(it.context)) newest.set(it.context, it)
      return [...newest.values()]
    },
  }
}

function status(it: Payload): SetStatus {
  const targetUrl = it.textIf('target_url')
  return {
    context: it.text('context'),
    state: it.choice('state', ['success', 'failure', 'pending', 'error'] satisfies Status['state'][]),
    description: it.textIf('description') ?? '',
    ...(targetUrl && { targetUrl }),
    creator: it.textIf('creator.login'),
    atMs: it.time('created_at'),
  }
}

/** Check runs over REST. */
export function restChecks(client: RestClient): Checks {
  const change = (id: number, run: CheckRun, annotations: readonly Annotation[]) =>
    client.object('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      check_run_id: id,
      ...body(run, annotations),
    })
  return {
    async create(run) {
      const [first = [], ...later] = parts(run.annotations)
      const made = await client.object('POST /repos/{owner}/{repo}/check-runs', {
        head_sha: run.commit,
        ...body(run, first),
      })
      const id = made.number('id')
      for (const part of later) await change(id, run, part)
      return { id, url: made.textIf('html_url') ?? '' }
    },
    async update(id, run) {
      const [first = [], ...later] = parts(run.annotations)
      for (const part of [first, ...later]) await change(id, run, part)
    },
  }
}

/** GitHub takes so many annotations in a request, and adds those of later requests. */
function parts(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  return Array.from({ length: Math.ceil(annotations.length / annotationsPerCall) }, (_, part) =>
    annotations.slice(part * annotationsPerCall, (part + 1) * annotationsPerCall),
  )
}

function body({ name, conclusion, title, summary, detailsUrl }: CheckRun, annotations: readonly Annotation[]) {
  return {
    name,
    ...(conclusion === undefined ? { status: 'in_progress' } : { status: 'completed', conclusion }),
    ...(detailsUrl !== undefined && { details_url: detailsUrl }),
    output: {
      title,
      summary,
      annotations: annotations.map(({ path, line, column, level, title, message }) => ({
        path,
        start_line: line,
        end_line: line,
        ...(column !== undefined && { start_column: column, end_column: column }),
        annotation_level: level,
        message,
        ...(title !== undefined && { title }),
      })),
    },
  }
}
