import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDocument } from '../../src/records/format.ts'
import { s3Store } from '../../src/store/drivers/s3.ts'
import { type House, house } from './house.ts'
import { thorough } from './thorough.ts'
import { narrow, wideStacks } from './wide.ts'

// One pull request with many instances, planned, merged and applied. What it costs in time bench/on-github.ts measures.

const instances = Number(process.env.AIRLOCK_SCALE ?? 30)

let here: House
let number: number

beforeAll(async () => {
  here = await house({ estate: 'quickstart', approval: 'none', files: narrow })
}, 60_000)
afterAll(() => here?.close())

test.skipIf(!thorough)(
  'a pull request with many instances takes as many calls of the API as one with few, and a job a component',
  async () => {
    const calls = here.github.calls.length
    number = await here.open('widen', wideStacks(instances))
    await here.idle()
    expect(here.failures()).toBe('')
    const [run] = here.runsOf('pull_request')
    const jobs = run!.jobs.filter(({ key }) => key === 'plan')
    expect(jobs.length).toBeLessThanOrEqual(256)
    expect(jobs.length).toBe(3 * Math.ceil(instances / 3 / 20))
    expect(here.github.calls.length - calls).toBeLessThanOrEqual(8)
    expect(here.comment(number).length).toBeLessThanOrEqual(65_536)
    // The first stack is on main already: its instances are in flight, and no part of the change.
    expect(here.comment(number)).toContain(`${instances - 3} planned`)
  },
  300_000,
)

test.skipIf(!thorough)(
  'merged, all of it is applied once, and every record says so',
  async () => {
    const asked = here.s3.requests.length
    const calls = here.github.calls.length
    await here.github.merge(here.repository, number, { by: 'ann', method: 'squash' })
    await here.idle()
    expect(here.failures()).toBe('')
    const documents = await allRecords()
    expect(documents).toHaveLength(instances)
    for (const { ledger, attempts, claim } of documents) {
      expect(ledger).toBeDefined()
      expect(attempts.map(({ outcome }) => outcome)).toEqual(['done'])
      expect(claim).toBeUndefined()
    }
    const locks = [...here.s3.buckets.get('states')!.objects].filter(
      ([key, [newest]]) => key.endsWith('.tflock') && newest?.deleted === false,
    )
    expect(locks).toEqual([])
    const requests = here.s3.requests.slice(asked).filter(({ bucket }) => bucket === 'airlock')
    console.log(`${requests.length} requests of the store, ${here.github.calls.length - calls} calls of the API`)
  },
  300_000,
)

async function allRecords() {
  const keys = here.s3.credentials('test')
  const store = s3Store({ url: 's3://airlock/infra', endpoint: here.s3.url, credentials: async () => keys })
  return Promise.all(
    (await store.list('documents/')).map(async (key) => parseDocument((await store.get(key))!.bytes, key)),
  )
}
