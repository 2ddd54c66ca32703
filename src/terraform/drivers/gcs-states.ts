import { UserError } from '../../error.ts'
import type { StateRef, States, StateTexts } from '../states.ts'
import { statesOf, text, unreadable } from './states.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads states of the `gcs` backend (https://developer.hashicorp.com/terraform/language/backend/gcs) over HTTPS, with an
 * access token from GOOGLE_OAUTH_ACCESS_TOKEN, as the backend takes one, or from `access_token` of the backend section.
 */
export function gcsStates({
  env,
  fetch = globalThis.fetch,
}: {
  readonly env: Env
  readonly fetch?: typeof globalThis.fetch
}): States & StateTexts {
  return statesOf(async (ref) => {
    const { bucket, name } = gcsStateObject(ref)
    const path = `gs://${bucket}/${name}`
    const token = text(ref.backend.access_token) ?? text(env.GOOGLE_OAUTH_ACCESS_TOKEN)
    if (token === undefined) throw noToken(path)
    const host = text(env.STORAGE_EMULATOR_HOST)?.replace(/\/$/, '') ?? 'https://storage.googleapis.com'
    const url = `${host}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}?alt=media`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch((error: unknown) => {
      throw unreadable(path, error instanceof Error ? error.message : String(error))
    })
    if (answer.status === 404) return { content: '', path }
    if (!answer.ok) throw unreadable(path, `Google answered ${answer.status} ${answer.statusText}`.trim())
    return { content: await answer.text(), path }
  })
}

/** The object of a state: `<prefix>/<workspace>.tfstate`. */
export function gcsStateObject({ backend, workspace, folder }: StateRef): {
  readonly bucket: string
  readonly name: string
} {
  const bucket = text(backend.bucket)
  if (bucket === undefined)
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} lies in a "gcs" backend whose bucket is not in the stacks`,
      fix: 'write the bucket into the backend section of the stacks, so that the state can be read',
    })
  const prefix = text(backend.prefix)?.replace(/\/$/, '')
  const file = `${workspace === '' ? 'default' : workspace}.tfstate`
  return { bucket, name: prefix === undefined || prefix === '' ? file : `${prefix}/${file}` }
}

function noToken(path: string): UserError {
  return new UserError({
    code: 'state-unreadable',
    message: `the state ${path} cannot be read: there is no access token for Google Cloud`,
    fix: 'sign in, and set GOOGLE_OAUTH_ACCESS_TOKEN: export GOOGLE_OAUTH_ACCESS_TOKEN=$(gcloud auth print-access-token)',
  })
}
