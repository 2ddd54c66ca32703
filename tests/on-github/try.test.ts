import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house } from './house.ts'

// What `airlock init --try` gives: one workflow file; no store, no secrets, no environments with rules.

let here: House
let number: number

beforeAll(async () => {
  here = await house({ workflow: 'try' })
  const region = await here.file('stacks/mixins/region/ue1.yaml')
  number = await here.open('try-it', {
    'stacks/mixins/region/ue1.yaml': region.replace('region_number: 1', 'region_number: 3'),
  })
  await here.idle()
}, 180_000)
afterAll(() => here?.close())

test('a pull request gets its one comment, with its plans, in one run', () => {
  expect(here.failures()).toBe('')
  expect(here.runner.runs()).toHaveLength(1)
  expect(here.told(here.runsOf('pull_request')[0]).filter((line) => !line.endsWith('skipped'))).toEqual([
    'affected: success',
    'plan cluster: success',
    'plan vpc: success',
    'report: success',
  ])
  const comment = here.comment(number)
  expect(comment).toContain('folder_network.this')
  expect(comment).toContain('10.19.0.0/16')
})

test('nothing is written anywhere but to the pull request', () => {
  expect(here.s3.requests.filter(({ bucket, key }) => bucket === 'airlock' && key !== '')).toEqual([])
  expect(here.github.calls.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(2)
})

test('jobs hand on what the comment is made of, and nothing else: no plan, no hidden file, which upload-artifact drops', async () => {
  const artifacts = here.github.artifacts(here.runner.runs()[0]!)
  expect([...artifacts.keys()].sort()).toEqual(['airlock-jobs', 'airlock-plan-0', 'airlock-plan-1'])
  const vpc = await filesIn(artifacts.get('airlock-plan-1')!)
  const kinds = new Set(vpc.map(({ path }) => path.split('/')[0]))
  expect([...kinds].sort()).toEqual(['inbox', 'models'])
  for (const folder of artifacts.values())
    for (const { path, bytes } of await filesIn(folder)) {
      expect(basename(path).startsWith('.')).toBe(false)
      JSON.parse(bytes.toString('utf8'))
    }
})

async function filesIn(folder: string): Promise<{ readonly path: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name)
        return { path: path.slice(folder.length + 1), bytes: await readFile(path) }
      }),
  )
}
