import { expect, test } from 'vitest'
import type { StateRef } from '../states.ts'
import { azureStates, azureStateUrl } from './azure-states.ts'
import { gcsStateObject, gcsStates } from './gcs-states.ts'

const ref = (backend: Record<string, unknown>, workspace = 'dev'): StateRef => ({
  backendType: 'gcs',
  backend,
  workspace,
  folder: '/repo/vpc',
})
const state = JSON.stringify({ version: 4, lineage: 'l', serial: 3, outputs: { id: { value: 'x' } }, resources: [] })

/** Answers every request with one text, and notes what was asked. */
function answering(status: number, body: string) {
  const asked: { url: string; headers: Headers }[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push({ url: String(url), headers: new Headers(init?.headers) })
    return new Response(body, { status })
  }
  return { asked, fetch }
}

test('a state of gcs lies below the prefix, by the name of its workspace', async () => {
  expect(gcsStateObject(ref({ bucket: 'b', prefix: 'vpc/' }))).toEqual({ bucket: 'b', name: 'vpc/dev.tfstate' })
  const { asked, fetch } = answering(200, state)
  const states = gcsStates({ env: { GOOGLE_OAUTH_ACCESS_TOKEN: 't' }, fetch })
  expect((await states.read(ref({ bucket: 'b', prefix: 'vpc' })))?.outputs.id?.value).toBe('x')
  expect(asked[0]!.url).toBe('https://storage.googleapis.com/storage/v1/b/b/o/vpc%2Fdev.tfstate?alt=media')
  expect(asked[0]!.headers.get('authorization')).toBe('Bearer t')
})

test('a state of azurerm is a blob whose name has the workspace', async () => {
  const backend = { storage_account_name: 'acc', container_name: 'tf', key: 'a/vpc.tfstate' }
  expect(azureStateUrl(ref(backend, 'default'))).toBe('https://acc.blob.core.windows.net/tf/a/vpc.tfstate')
  const { asked, fetch } = answering(200, state)
  const states = azureStates({ env: { ARM_SAS_TOKEN: '?sv=1&sig=s' }, fetch })
  expect(await states.text(ref(backend))).toBe(state)
  expect(asked[0]!.url).toBe('https://acc.blob.core.windows.net/tf/a/vpc.tfstateenv%3Adev?sv=1&sig=s')
})

test('what is not there is no state, and a refusal is an error that names the object', async () => {
  const env = { GOOGLE_OAUTH_ACCESS_TOKEN: 't', AZURE_ACCESS_TOKEN: 't' }
  expect(await gcsStates({ env, fetch: answering(404, '').fetch }).read(ref({ bucket: 'b' }))).toBeUndefined()
  const refused = azureStates({ env, fetch: answering(403, 'no').fetch })
  await expect(refused.read(ref({ storage_account_name: 'acc', container_name: 'tf' }))).rejects.toMatchObject({
    code: 'state-unreadable',
    message: expect.stringContaining('acc.blob.core.windows.net') as string,
  })
})

test('without a token the error says which variable is missing', async () => {
  await expect(gcsStates({ env: {} }).read(ref({ bucket: 'b' }))).rejects.toMatchObject({
    fix: expect.stringContaining('GOOGLE_OAUTH_ACCESS_TOKEN') as string,
  })
})
