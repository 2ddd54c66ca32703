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

test('a state that names a role is read with the keys of that role, and with no others', async () => {
  const other = s3.credentials('other', {
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::states/eks/*' }],
  })
  const bytes = new TextEncoder().encode('{"version":4,"serial":3,"lineage":"l","outputs":{}}')
  const version = { id: 'null', deleted: false, bytes, etag: '"e"', modifiedMs: 0, headers: {}, tags: {} }
  for (const key of ['vpc/s', 'eks/s']) s3.buckets.get('states')!.objects.set(key, [version])
  const asked: string[] = []
  const states = s3States({
    env: env(),
    keysOf: async (role) => {
      asked.push(role)
      return {
        AWS_ACCESS_KEY_ID: other.accessKeyId,
        AWS_SECRET_ACCESS_KEY: other.secretAccessKey,
        AWS_SESSION_TOKEN: other.sessionToken,
      }
    },
  })
  const role = 'arn:aws:iam::1:role/eks'
  expect((await states.read({ ...at('states', 'eks/s'), role }))?.id).toEqual({ lineage: 'l', serial: 3 })
  expect((await states.read(at('states', 'vpc/s')))?.id.serial).toBe(3)
  await expect(states.read({ ...at('states', 'vpc/s'), role })).rejects.toMatchObject({ code: 'state-unreadable' })
  await expect(states.read(at('states', 'eks/s'))).rejects.toMatchObject({ code: 'state-unreadable' })
  expect(asked).toEqual([role])
})

test('the lock that Terraform keeps beside a state is read where the backend has one', async () => {
  const text =
    '{"ID":"7c0e","Operation":"OperationTypeApply","Who":"root@runner","Created":"2026-11-24T09:00:00Z","Path":"states/vpc/s"}'
  const bytes = new TextEncoder().encode(text)
  const version = { id: 'null', deleted: false, bytes, etag: '"e"', modifiedMs: 0, headers: {}, tags: {} }
  s3.buckets.get('states')!.objects.set('vpc/dev/s.tflock', [version])
  const states = s3States({ env: env() })
  const place = at('states', 's')
  const backend = { ...place.backend, workspace_key_prefix: 'vpc' }
  const locking = { ...place, workspace: 'dev', backend: { ...backend, use_lockfile: true } }
  expect(await states.lock?.(locking)).toEqual({
    id: '7c0e',
    operation: 'OperationTypeApply',
    who: 'root@runner',
    created: '2026-11-24T09:00:00Z',
  })
  expect(await states.lock?.({ ...locking, backend })).toBeUndefined()
})
