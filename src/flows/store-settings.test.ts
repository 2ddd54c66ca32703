import { expect, test } from 'vitest'
import { type MemoryFiles, memoryRepo } from '../git/drivers/memory.ts'
import { storeSettings } from './store-settings.ts'

const atmos = (store: string, more = ''): MemoryFiles => ({
  'atmos.yaml': `base_path: .\nintegrations:\n  airlock:\n    store: s3://${store}\n${more}`,
})

function lab(originHead?: string) {
  const repo = memoryRepo({ ...(originHead && { originHead }) })
  const url = async (branch?: string) =>
    (await storeSettings({ repo, ambient: { cwd: '', env: {}, gitRoot: '' } }, branch)).store?.url
  return { repo, url }
}

test('the protected branch says where records are, whatever a pull request says', async () => {
  const { repo, url } = lab('main')
  repo.ref('origin/main', repo.commit(atmos('team-records')))
  repo.commit(atmos('evil-records', '    branch: evil\n'), { branch: 'evil' })
  repo.checkout('evil')
  expect(await url()).toBe('s3://team-records')
  expect(await url('main')).toBe('s3://team-records')
})

test('a default branch that names another protected branch sends there', async () => {
  const { repo, url } = lab('main')
  repo.ref('origin/main', repo.commit(atmos('of-main', '    branch: production\n')))
  repo.ref('origin/production', repo.commit(atmos('of-production'), { branch: 'production' }))
  expect(await url()).toBe('s3://of-production')
})

test('before the protected branch has a configuration, the work tree counts', async () => {
  const { repo, url } = lab('main')
  repo.ref('origin/main', repo.commit({ 'README.md': 'empty' }))
  repo.commit(atmos('first-records'), { branch: 'setup' })
  repo.checkout('setup')
  expect(await url()).toBe('s3://first-records')
})

test('a configuration that names no store keeps records on this machine, though a branch names one', async () => {
  const { repo, url } = lab()
  repo.commit({ 'atmos.yaml': 'base_path: .\n' })
  repo.commit(atmos('evil-records'), { branch: 'evil' })
  repo.checkout('evil')
  expect(await url()).toBeUndefined()
})

test('what is wrong in the settings of the protected branch says so', async () => {
  const { repo, url } = lab('main')
  repo.ref('origin/main', repo.commit({ 'atmos.yaml': 'integrations: {airlock: {stor: x}}\n' }))
  await expect(url()).rejects.toMatchObject({ code: 'setting-unknown', message: expect.stringContaining('main@') })
})
