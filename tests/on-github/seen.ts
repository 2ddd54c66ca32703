import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allDocuments } from '../../src/flows/documents.ts'
import { allPullRequests } from '../../src/flows/pull-requests.ts'
import type { AddressDocument, Attempt } from '../../src/records/document.ts'
import type { PullRequestDocument } from '../../src/records/pull-request.ts'
import { s3Store } from '../../src/store/drivers/s3.ts'
import type { FakeRun } from '../fakes/github/hub.ts'
import type { House } from './house.ts'

/** What is in a house, as a test looks at it afterwards: records, cloud, requests. */
export interface Seen {
  /** The document of an instance's address. @throws when there is none */
  document(id: string): Promise<AddressDocument>
  /** All documents, by the name of the instance that has the address now. */
  documents(): Promise<ReadonlyMap<string, AddressDocument>>
  pull(number: number): Promise<PullRequestDocument>
  /** Plans of the records that were made since the last call, as `vpc@plat-ue1-dev`, in the order in which they were made. */
  newPlans(): Promise<readonly string[]>
  /** Attempts since the last call, as `vpc@plat-ue1-dev done`. */
  newAttempts(): Promise<readonly string[]>
  /** An object of the cloud: `network/plat-ue1-dev`; undefined when it is not there. */
  object(name: string): Promise<Readonly<Record<string, unknown>> | undefined>
}

/** Looks into a house. */
export function seen(house: House): Seen {
  const keys = house.s3.credentials('test')
  const store = s3Store({
    url: 's3://airlock/infra',
    region: house.s3.region,
    endpoint: house.s3.url,
    credentials: async () => ({ accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey }),
  })
  const known = new Set<string>()
  const documents = async () =>
    new Map([...(await allDocuments({ store })).values()].map((it) => [String(it.names[0]), it] as const))
  const fresh = <T>(all: readonly (readonly [string, T])[]): T[] =>
    all.flatMap(([id, it]) => {
      const isNew = !known.has(id)
      known.add(id)
      return isNew ? [it] : []
    })
  return {
    documents,
    async document(id) {
      const found = (await documents()).get(id)
      if (found === undefined) throw new Error(`there is no document of ${id}`)
      return found
    },
    async pull(number) {
      const found = (await allPullRequests({ store })).find((it) => it.number === number)
      if (found === undefined) throw new Error(`there is no record of #${number}`)
      return found
    },
    async newPlans() {
      const all = [...(await documents())].flatMap(([id, { plans }]) => plans.map((plan) => ({ id, plan })))
      all.sort((a, b) => a.plan.createdMs - b.plan.createdMs)
      return fresh(all.map(({ id, plan }) => [`plan ${plan.id}`, id] as const))
    },
    async newAttempts() {
      const all = [...(await documents())].flatMap(([id, it]) => it.attempts.map((attempt) => ({ id, attempt })))
      all.sort((a, b) => a.attempt.startedMs - b.attempt.startedMs)
      return fresh(all.map(({ id, attempt }) => [`attempt ${attempt.id}`, `${id} ${endOf(attempt)}`] as const))
    },
    async object(name) {
      try {
        return JSON.parse(await readFile(join(house.cloud, `${name}.json`), 'utf8'))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
  }
}

function endOf({ action, outcome: said }: Attempt): string {
  const outcome = said ?? 'running'
  return action === 'apply' ? outcome : `${action} ${outcome}`
}

/** What a run asked of GitHub's API, told apart as the budget does. */
export interface Asked {
  readonly event: string
  /** Requests, without those below. */
  readonly calls: number
  /** Questions about approvals, which are asked anew before anything is applied: pull requests, reviews, rights. */
  readonly approvals: number
  /** Statuses of the gate, each a changed verdict. */
  readonly verdicts: number
  /** Runs that it started. */
  readonly dispatches: number
  /** Notes at lines, in checks that were made. */
  readonly notes: number
  /** What was asked, for people: `GET /repos/{owner}/{repo}/pulls/{pull_number} 200`. */
  readonly routes: readonly string[]
}

/** What each run of a house asked of GitHub, oldest first. */
export function asked({ github, runner }: House): readonly Asked[] {
  return runner.runs().map((run) => askedBy(run, github.calls))
}

function askedBy(run: FakeRun, all: House['github']['calls']): Asked {
  const own = all.filter(({ by }) => by?.kind === 'job' && by.run === run.id)
  const of = (method: string, pattern: RegExp) =>
    own.filter((it) => it.method === method && pattern.test(it.route)).length
  const verdicts = of('POST', /\/statuses\/\{sha\}$/)
  const dispatches = of('POST', /\/dispatches$/)
  const readings = of(
    'GET',
    /(\/commits\/\{commit_sha\}\/pulls|\/reviews|\/approvals|\/permission|\/issues\/comments\/\{comment_id\})$/,
  )
  const approvals = readings === 0 ? 0 : readings + of('GET', /\/pulls\/\{pull_number\}$/)
  const deployed = of('POST', /\/deployments(\/|$)/)
  const notes = run.jobs.reduce((sum, { annotations }) => sum + annotations.length, 0)
  const calls = own.length - approvals - verdicts - dispatches - deployed
  const routes = own.map(({ method, route, status }) => `${method} ${route} ${status}`)
  return { event: run.event, calls, approvals, verdicts, dispatches, notes, routes }
}

/** Runs that asked more than they may: 5, and one for each 50 notes, each changed verdict, each run started, each approval read, each deployment told. */
export function overBudget(house: House): readonly string[] {
  return asked(house)
    .filter(({ calls, notes }) => calls > 5 + Math.ceil(notes / 50))
    .map(({ event, calls, routes }) => `${event}: ${calls}\n${routes.join('\n')}`)
}
