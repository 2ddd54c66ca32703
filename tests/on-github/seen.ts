import { allPullRequests } from '../../src/flows/pull-requests.ts'
import type { AddressDocument, Attempt } from '../../src/records/document.ts'
import type { PullRequestDocument } from '../../src/records/pull-request.ts'
import { s3Store } from '../../src/store/drivers/s3.ts'
import type { House } from './house.ts'
import { cloudObject, documentOf, recordsOf } from './records.ts'

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
  const fresh = <T>(all: readonly (readonly [string, T])[]): T[] =>
    all.flatMap(([id, it]) => {
      const isNew = !known.has(id)
      known.add(id)
      return isNew ? [it] : []
    })
  return {
    documents: async () => recordsOf(house),
    document: async (id) => documentOf(house, id),
    async pull(number) {
      const found = (await allPullRequests({ store })).find((it) => it.number === number)
      if (found === undefined) throw new Error(`there is no record of #${number}`)
      return found
    },
    async newPlans() {
      const all = [...recordsOf(house)].flatMap(([id, { plans }]) => plans.map((plan) => ({ id, plan })))
      all.sort((a, b) => a.plan.createdMs - b.plan.createdMs)
      return fresh(all.map(({ id, plan }) => [`plan ${plan.id}`, id] as const))
    },
    async newAttempts() {
      const all = [...recordsOf(house)].flatMap(([id, it]) => it.attempts.map((attempt) => ({ id, attempt })))
      all.sort((a, b) => a.attempt.startedMs - b.attempt.startedMs)
      return fresh(all.map(({ id, attempt }) => [`attempt ${attempt.id}`, `${id} ${endOf(attempt)}`] as const))
    },
    object: (name) => cloudObject(house, name),
  }
}

function endOf({ action, outcome: said }: Attempt): string {
  const outcome = said ?? 'running'
  return action === 'apply' ? outcome : `${action} ${outcome}`
}
