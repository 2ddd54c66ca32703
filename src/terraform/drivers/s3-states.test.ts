import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, type FakeS3, startS3 } from '../../../tests/fakes/s3/s3.ts'
import type { StateRef } from '../states.ts'
import { s3StateObject, s3States } from './s3-states.ts'

const ref = (backend: Record<string, unknown>, workspace = 'default'): StateRef => ({
  backendType: 's3',
  backend,
  workspace,
  folder: '/repo/components/vpc',
})

let s3: FakeS3
let keys: Caller
beforeAll(async () => {
  s3 = await startS3({ buckets: ['states'] })
  keys = s3.credentials('job', {
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::states/vpc/*' }],
  })
})
afterAll(() => s3.close())

const env = () => ({
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_SESSION_TOKEN: keys.sessionToken!,
})
const at = (bucket: string, key: string) =>
  ref({ bucket, key, region: 'us-east-1', use_path_style: true, endpoints: { s3: s3.url } })

test('a named workspace has its state below its prefix', () => {
  const backend = { bucket: 'b', key: 'k.tfstate', workspace_key_prefix: 'vpc' }
  expect(s3StateObject(ref(backend))).toEqual({ bucket: 'b', key: 'k.tfstate' })
  expect(s3StateObject(ref(backend, 'plat-dev'))).toEqual({ bucket: 'b', key: 'vpc/plat-dev/k.tfstate' })
  expect(s3StateObject(ref({ bucket: 'b', key: 'k' }, 'x'))).toEqual({ bucket: 'b', key: 'env:/x/k' })
})

test('a backend whose bucket is not in the stacks cannot be read directly', async () => {
  await expect(s3States({ env: {} }).read(ref({ key: 'k' }))).rejects.toMatchObject({
    code: 'state-backend-unsupported',
    message: expect.stringContaining('whose bucket is not in the stacks'),
  })
})

test('what keeps a state from being read is told, without the token of the session', async () => {
  for (const place of [at('states', 'eks/terraform.tfstate'), at('nowhere', 'vpc/x')]) {
    const error: unknown = await s3States({ env: env() })
      .read(place)
      .catch((it: unknown) => it)
    expect(error).toMatchObject({
      code: 'state-unreadable',
      message: expect.stringContaining(`s3://${place.backend.bucket}/`),
    })
    const { cause } = error as Error
    expect(JSON.stringify(error) + JSON.stringify(cause, Object.getOwnPropertyNames(cause))).not.toContain(
      keys.sessionToken,
    )
  }
})
