import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { action, workflowOf } from './approve.ts'
import type { Step } from './step.ts'

test('the run that applies is told which run was approved, and that is all that it is told', async () => {
  const asked: unknown[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (text) => (body += text))
    request.on('end', () => {
      asked.push([request.method, request.url, JSON.parse(body)])
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log: string[] = []
  const step = {
    context: { apiUrl: url, serverUrl: url, repository: { owner: 'acme', name: 'infra' }, runId: 4411, run: '4411-2' },
    env: {
      GITHUB_WORKFLOW_REF: 'acme/infra/.github/workflows/airlock.yml@refs/heads/main',
      AIRLOCK_GITHUB_PACE_MS: '1',
    },
    input: (name: string) => ({ environment: 'prod', token: 'token-of-the-job' })[name] ?? '',
    log: (line: string) => log.push(line),
  } as unknown as Step
  expect(await action(step)).toBe(0)
  server.close()
  expect(asked).toEqual([
    [
      'POST',
      '/repos/acme/infra/actions/workflows/airlock.yml/dispatches',
      { ref: 'main', inputs: { task: 'apply', approval_run: '4411', environment: 'prod' } },
    ],
  ])
  expect(log).toEqual(['Reviewers of prod were asked by run 4411-2; the apply was started, and reads what they said.'])
})

test('a run of no branch starts nothing', () => {
  const at = (ref: string) => () => workflowOf({ env: { GITHUB_WORKFLOW_REF: ref } })
  expect(at('acme/infra/.github/workflows/airlock.yml@refs/pull/7/merge')).toThrow('no run of a branch')
  expect(at('')).toThrow('is not set')
})
