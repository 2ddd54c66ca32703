import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FakeJob, FakeRun, Hub } from '../github/hub.ts'
import type { Host } from './machine.ts'

/** Serves OIDC tokens to jobs, each under an address and a bearer of its own. */
export async function idTokenServer(hub: Hub): Promise<Host['idTokens'] & { close(): Promise<void> }> {
  const open = new Map<string, { readonly run: FakeRun; readonly job: FakeJob }>()
  const server = createServer((request, response) => {
    const holder = open.get((request.headers.authorization ?? '').replace(/^bearer /i, ''))
    const audience = new URL(request.url ?? '/', 'http://localhost').searchParams.get('audience')
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (holder === undefined) return answer(401, { message: 'Unauthorized' })
    const standard = `${hub.serverUrl}/${holder.run.repository.split('/')[0]}`
    hub.idToken(holder.run, holder.job, audience ?? standard).then(
      (value) => answer(200, { count: value.length, value }),
      (error: Error) => answer(403, { message: error.message }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/idtoken?api-version=2.0`
  return {
    open(run, job) {
      const token = randomUUID()
      open.set(token, { run, job })
      return { url, token, close: () => open.delete(token) }
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
