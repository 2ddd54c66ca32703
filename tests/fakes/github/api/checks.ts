import { checkView } from '../commit-views.ts'
import { commitOf } from '../git.ts'
import { queueMoved } from '../queue.ts'
import { type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { appOf, type Check, invalid, missing, Refusal } from '../state.ts'
import { resolve } from './commits.ts'

function checkOf(call: Call): Check {
  const check = call.repository.checks.get(numberOf(call, 'check_run_id'))
  if (check === undefined) throw missing()
  return check
}

type Output = { title?: string; summary?: string; text?: string; annotations?: Record<string, unknown>[] }

/** Takes over what a request says; annotations come on top of those that are there. */
function apply(call: Call, check: Check): void {
  const output = call.body.output as Output | undefined
  if (output !== undefined) {
    for (const name of ['summary', 'text'] as const) {
      if ((output[name] ?? '').length > 65_535) {
        throw invalid('CheckRun', name, `${name} exceeds a maximum bytesize of 65535`)
      }
    }
    if ((output.annotations ?? []).length > 50) {
      throw new Refusal(
        422,
        `Invalid request.\n\nNo more than 50 items are allowed; ${output.annotations!.length} were supplied.`,
      )
    }
    check.title = output.title ?? check.title
    check.summary = output.summary ?? check.summary
    check.text = output.text ?? check.text
    check.annotations.push(...(output.annotations ?? []))
  }
  check.name = textOf(call, 'name') ?? check.name
  check.detailsUrl = textOf(call, 'details_url') ?? check.detailsUrl
  check.externalId = textOf(call, 'external_id') ?? check.externalId
  const status = textOf(call, 'status') as Check['status'] | undefined
  const conclusion = textOf(call, 'conclusion')
  if (status === 'completed' && conclusion === undefined && check.conclusion === null) {
    throw new Refusal(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.')
  }
  check.status = conclusion === undefined ? (status ?? check.status) : 'completed'
  check.conclusion = conclusion ?? check.conclusion
  if (check.status === 'completed') check.completedMs ??= call.state.now()
}

/** Check runs: those that the API made, and the jobs of runs, which GitHub shows beside them. */
export const checkRoutes: readonly Route[] = [
  route('POST /check-runs', [['checks', 'write']], async (call) => {
    const sha = String(call.body.head_sha)
    if ((await commitOf(call.repository.folder, sha)) === undefined) {
      throw new Refusal(422, `No commit found for SHA: ${sha}`)
    }
    const check: Check = {
      id: call.state.id(),
      sha,
      name: String(call.body.name),
      status: 'queued',
      conclusion: null,
      title: null,
      summary: null,
      text: null,
      detailsUrl: null,
      externalId: '',
      app: appOf(call.by)!,
      startedMs: call.state.now(),
      completedMs: undefined,
      annotations: [],
    }
    apply(call, check)
    call.repository.checks.set(check.id, check)
    queueMoved(call.state, call.repository)
    return { status: 201, body: checkView(call.state, call.repository, check) }
  }),
  route('GET /check-runs/{check_run_id}', [['checks', 'read']], (call) => ({
    status: 200,
    body: checkView(call.state, call.repository, checkOf(call)),
  })),
  route('PATCH /check-runs/{check_run_id}', [['checks', 'write']], (call) => {
    const check = checkOf(call)
    if (check.app !== appOf(call.by)) {
      throw new Refusal(403, 'Invalid app_id - check run can only be modified by the GitHub App that created it.')
    }
    apply(call, check)
    queueMoved(call.state, call.repository)
    return { status: 200, body: checkView(call.state, call.repository, check) }
  }),
  route('GET /check-runs/{check_run_id}/annotations', [['checks', 'read']], (call) =>
    page(call, checkOf(call).annotations, (it) => ({
      path: it.path,
      start_line: it.start_line,
      end_line: it.end_line,
      start_column: it.start_column ?? null,
      end_column: it.end_column ?? null,
      annotation_level: it.annotation_level,
      title: it.title ?? null,
      message: it.message,
      raw_details: it.raw_details ?? null,
      blob_href: `${call.state.serverUrl}/${call.repository.fullName}/blob/${it.path}`,
    })),
  ),
  route('GET /commits/{ref}/check-runs', [['checks', 'read']], async (call) => {
    const sha = await resolve(call.repository, call.params.ref!)
    if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`)
    const name = call.query.get('check_name')
    const app = call.query.get('app_id')
    const made = [...call.repository.checks.values()].filter((it) => it.sha === sha)
    const found = [...made, ...jobsAt(call, sha)].filter((it) => name === null || it.name === name)
    const newest =
      call.query.get('filter') === 'all'
        ? found
        : found.filter(
            (it) => !found.some((other) => other.name === it.name && other.app === it.app && other.id > it.id),
          )
    const views = newest.map((it) => checkView(call.state, call.repository, it))
    const ofApp = views.filter((it) => app === null || String((it.app as { id: number }).id) === app)
    return page(call, ofApp, (it) => it, 'check_runs')
  }),
]

/** Jobs whose runs GitHub shows at a commit, as the check runs that they are. */
function jobsAt(call: Call, sha: string): Check[] {
  const { runs, jobs } = call.repository
  return [...jobs.values()]
    .filter(({ run }) => runs.get(run)?.details.headSha === sha)
    .map(({ job, createdMs }) => ({
      id: job.id,
      sha,
      name: job.name,
      status: job.status === 'completed' || job.status === 'in_progress' ? job.status : 'queued',
      conclusion: job.conclusion ?? null,
      title: null,
      summary: job.summary === '' ? null : job.summary,
      text: null,
      detailsUrl: null,
      externalId: '',
      app: 'github-actions',
      startedMs: createdMs,
      completedMs: job.status === 'completed' ? call.state.now() : undefined,
      annotations: [...job.annotations],
    }))
}
