import { expect, it } from 'vitest'
import type { Delivery } from '../github/hub.ts'
import { parseFile } from './template.ts'
import { dispatchInputs, isTriggered } from './triggers.ts'

const path = '.github/workflows/a.yml'
const on = (text: string) =>
  parseFile('workflow', path, `on: ${text}\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }`).get('on')

async function starts(text: string, of: Partial<Delivery> & { event: string }, changed: string[] = []) {
  const delivery: Delivery = {
    repository: 'acme/infra',
    action: undefined,
    payload: {},
    by: { kind: 'user', login: 'ann' },
    ref: 'refs/heads/main',
    sha: 'a',
    ...of,
  }
  return await isTriggered({ path, on: on(text) }, delivery, async () => changed)
}

const pull = (action: string, base = 'main') => ({
  event: 'pull_request',
  action,
  payload: { pull_request: { base: { ref: base } } },
})

it('starts for the events that it names, however they are written', async () => {
  expect(await starts('push', { event: 'push' })).toBe(true)
  expect(await starts('[push, issue_comment]', { event: 'issue_comment', action: 'created' })).toBe(true)
  expect(await starts('{ push: {} }', { event: 'push' })).toBe(true)
  expect(await starts('push', { event: 'issue_comment' })).toBe(false)
})

it('starts for pull requests that were opened, pushed to or reopened, unless types say otherwise', async () => {
  expect(await starts('pull_request', pull('synchronize'))).toBe(true)
  expect(await starts('pull_request', pull('closed'))).toBe(false)
  expect(await starts('{ pull_request: { types: [closed] } }', pull('closed'))).toBe(true)
  expect(await starts('{ pull_request: { types: [closed] } }', pull('opened'))).toBe(false)
})

it('looks at the base of a pull request and at the branch of a push', async () => {
  expect(await starts("{ pull_request: { branches: ['release/**'] } }", pull('opened', 'release/1/2'))).toBe(true)
  expect(await starts("{ pull_request: { branches: ['release/*'] } }", pull('opened', 'release/1/2'))).toBe(false)
  expect(await starts('{ push: { branches: [main] } }', { event: 'push' })).toBe(true)
  expect(await starts('{ push: { branches: [main] } }', { event: 'push', ref: 'refs/heads/x' })).toBe(false)
  expect(await starts("{ push: { branches: ['**', '!x'] } }", { event: 'push', ref: 'refs/heads/x' })).toBe(false)
  expect(await starts('{ push: { branches-ignore: [x] } }', { event: 'push', ref: 'refs/heads/x' })).toBe(false)
})

it('does not start for tags where only branches are named', async () => {
  expect(await starts('{ push: { branches: [main] } }', { event: 'push', ref: 'refs/tags/main' })).toBe(false)
  expect(await starts("{ push: { tags: ['v*'] } }", { event: 'push', ref: 'refs/tags/v1' })).toBe(true)
  expect(await starts('push', { event: 'push', ref: 'refs/tags/v1' })).toBe(true)
})

it('looks at the files that changed where paths are named', async () => {
  const text = "{ push: { paths: ['stacks/**', '!**.md'] } }"
  expect(await starts(text, { event: 'push' }, ['stacks/a/b.yaml'])).toBe(true)
  expect(await starts(text, { event: 'push' }, ['stacks/a.md', 'README.md'])).toBe(false)
  expect(await starts("{ push: { paths-ignore: ['docs/**'] } }", { event: 'push' }, ['docs/a', 'b'])).toBe(true)
  expect(await starts("{ push: { paths-ignore: ['docs/**'] } }", { event: 'push' }, ['docs/a'])).toBe(false)
})

it('starts at its own hour, and for a dispatch of its own file', async () => {
  const hours = "{ schedule: [{ cron: '17 * * * *' }, { cron: '41 4 * * *' }] }"
  expect(await starts(hours, { event: 'schedule', payload: { schedule: '41 4 * * *' } })).toBe(true)
  expect(await starts(hours, { event: 'schedule', payload: { schedule: '0 0 * * *' } })).toBe(false)
  expect(await starts('workflow_dispatch', { event: 'workflow_dispatch', payload: { workflow: path } })).toBe(true)
  expect(await starts('workflow_dispatch', { event: 'workflow_dispatch', payload: { workflow: 'b' } })).toBe(false)
})

it('gives a dispatch the defaults of inputs that were left out, each in its type', () => {
  const inputs = '{ task: { default: sweep }, pr: { type: string }, hard: { type: boolean } }'
  const delivery = { event: 'workflow_dispatch', payload: { inputs: { pr: '7' } } } as unknown as Delivery
  expect(dispatchInputs(on(`{ workflow_dispatch: { inputs: ${inputs} } }`), delivery)).toEqual({
    task: 'sweep',
    pr: '7',
    hard: false,
  })
})
