import { expect, test } from 'vitest'
import { type AddressInput, addressId, stateAddress } from './address.ts'

const at = (backendType: string, backend: object, workspace = 'plat-ue2-prod', folder = 'components/terraform/vpc') =>
  stateAddress({ backendType, backend: backend as AddressInput['backend'], workspace, folder })

test('local state is the file that Terraform writes', () => {
  expect(at('local', {}).settings.file).toBe(
    'components/terraform/vpc/terraform.tfstate.d/plat-ue2-prod/terraform.tfstate',
  )
  expect(at('', {}, 'default').settings.file).toBe('components/terraform/vpc/terraform.tfstate')
  expect(at('local', { path: '/var/x/../s.tfstate' }, 'default').settings.file).toBe('/var/s.tfstate')
  expect(at('local', { path: '../shared.tfstate' }, 'default')).toEqual(
    at('local', { path: '../shared.tfstate' }, 'default', 'components/terraform/other'),
  )
  expect(at('local', { path: 'ignored' })).toEqual(at('local', {}))
  expect(at('local', { workspace_dir: 'states' }).settings.file).toBe(
    'components/terraform/vpc/states/plat-ue2-prod/terraform.tfstate',
  )
})

test('an s3 state is bucket and object; how to get there is no part of it', () => {
  const s3 = { bucket: 'acme-tfstate', key: 'terraform.tfstate', workspace_key_prefix: 'vpc', region: 'us-east-2' }
  expect(at('s3', s3).settings).toEqual({ bucket: 'acme-tfstate', object: 'vpc/plat-ue2-prod/terraform.tfstate' })
  expect(at('s3', { ...s3, role_arn: 'arn:x', encrypt: true, region: 'eu-west-1', use_lockfile: true })).toEqual(
    at('s3', s3),
  )
  expect(at('s3', { ...s3, workspace_key_prefix: 'other' }, 'default')).toEqual(at('s3', s3, 'default'))
  expect(at('s3', { ...s3, region: 'cn-north-1' })).not.toEqual(at('s3', s3))
  expect(at('s3', { ...s3, endpoints: { s3: 'http://minio:9000' } })).not.toEqual(at('s3', s3))
})

test('each thing that Terraform keeps apart has an address of its own', () => {
  const addresses = [
    at('s3', { bucket: 'a', key: 'k' }),
    at('s3', { bucket: 'b', key: 'k' }),
    at('s3', { bucket: 'a', key: 'k' }, 'other'),
    at('gcs', { bucket: 'a', prefix: 'k' }),
    at('azurerm', { storage_account_name: 'a', container_name: 'c', key: 'k' }),
    at('kubernetes', { secret_suffix: 'a' }),
    at('kubernetes', { secret_suffix: 'a', namespace: 'n' }),
    at('cloud', { organization: 'acme', workspaces: { name: 'a' } }),
    at('remote', { organization: 'acme', workspaces: [{ prefix: 'a-' }] }),
    at('consul', { path: 'a' }),
    at('http', { address: 'https://x/a' }),
    at('pg', { conn_str: 'postgres://h/db' }),
    at('someday', { place: 'a' }),
    at('someday', { place: 'b' }),
  ]
  expect(new Set(addresses.map(addressId)).size).toBe(addresses.length)
})

test('no credential becomes part of an address', () => {
  const text = JSON.stringify([
    at('pg', { conn_str: 'postgres://ann:s3cret@db/tf?sslpassword=s3cret' }),
    at('pg', { conn_str: 'host=db password=s3cret dbname=tf' }),
    at('http', { address: 'https://ann:s3cret@x/state?token=s3cret', password: 's3cret' }),
    at('s3', { bucket: 'b', key: 'k', access_key: 's3cret', secret_key: 's3cret' }),
    at('someday', { place: 'https://u:s3cret@h/p', token: 's3cret', auth_key: 's3cret' }),
  ])
  expect(text).not.toContain('s3cret')
  expect(text).toContain('dbname=tf')
})

test('an id can be read and typed, and depends on nothing but the address', () => {
  const id = addressId(at('local', {}))
  expect(id).toMatch(/^vpc-plat-ue2-prod-[0-9a-f]{32}$/)
  expect(addressId(JSON.parse(JSON.stringify(at('local', {}))))).toBe(id)
  expect(addressId(at('s3', { bucket: 'b', key: 'ü/☃.tfstate' }, 'W S/../x'))).toMatch(/^[a-z0-9-]+-[0-9a-f]{32}$/)
  expect(addressId(at('http', {}, 'default'))).toMatch(/^[0-9a-f]{32}$/)
})

test('a backend that is set in the code itself is told apart by the folder', () => {
  const id = (folder: string) => addressId(at('s3', {}, 'plat-ue2-prod', folder))
  expect(id('components/terraform/vpc')).not.toBe(id('components/terraform/cluster'))
})
