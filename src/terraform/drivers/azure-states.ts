import { UserError } from '../../error.ts'
import type { StateRef, States, StateTexts } from '../states.ts'
import { statesOf, text, unreadable } from './states.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads states of the `azurerm` backend (https://developer.hashicorp.com/terraform/language/backend/azurerm) over HTTPS:
 * with a shared access signature (`sas_token`, ARM_SAS_TOKEN), or with an access token for storage (AZURE_ACCESS_TOKEN).
 */
export function azureStates({
  env,
  fetch = globalThis.fetch,
}: {
  readonly env: Env
  readonly fetch?: typeof globalThis.fetch
}): States & StateTexts {
  return statesOf(async (ref) => {
    const url = azureStateUrl(ref)
    const signature = (text(ref.backend.sas_token) ?? text(env.ARM_SAS_TOKEN))?.replace(/^\?/, '')
    const token = text(env.AZURE_ACCESS_TOKEN)
    if (signature === undefined && token === undefined) throw noToken(url)
    const answer = await fetch(signature === undefined ? url : `${url}?${signature}`, {
      headers: { 'x-ms-version': '2021-12-02', ...(signature === undefined && { authorization: `Bearer ${token}` }) },
    }).catch((error: unknown) => {
      throw unreadable(url, error instanceof Error ? error.message : String(error))
    })
    if (answer.status === 404) return { content: '', path: url }
    if (!answer.ok) throw unreadable(url, `Azure answered ${answer.status} ${answer.statusText}`.trim())
    return { content: await answer.text(), path: url }
  })
}

/** The blob of a state: its key, and in a named workspace `<key>env:<workspace>`. */
export function azureStateUrl({ backend, workspace, folder }: StateRef): string {
  const [account, container] = [text(backend.storage_account_name), text(backend.container_name)]
  if (account === undefined || container === undefined)
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} lies in an "azurerm" backend whose ${account === undefined ? 'storage_account_name' : 'container_name'} is not in the stacks`,
      fix: 'write it into the backend section of the stacks, so that the state can be read',
    })
  const key = text(backend.key) ?? 'terraform.tfstate'
  const blob = workspace === '' || workspace === 'default' ? key : `${key}env:${workspace}`
  const path = blob.split('/').map(encodeURIComponent).join('/')
  return `https://${account}.blob.core.windows.net/${encodeURIComponent(container)}/${path}`
}

function noToken(url: string): UserError {
  return new UserError({
    code: 'state-unreadable',
    message: `the state ${url} cannot be read: there is neither a shared access signature nor an access token for Azure`,
    fix: 'set ARM_SAS_TOKEN, or AZURE_ACCESS_TOKEN: az account get-access-token --resource https://storage.azure.com',
  })
}
