import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Get, install, releases } from './install.ts'

let cache = ''
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'airlock-tools-'))
})
afterAll(() => rm(cache, { recursive: true }))

const archive = zipSync({ terraform: strToU8('#!/bin/sh\n'), 'LICENSE.txt': strToU8('MPL') })
const sum = createHash('sha256').update(archive).digest('hex')

function server(files: Readonly<Record<string, Uint8Array>>): { get: Get; asked: string[] } {
  const asked: string[] = []
  const get: Get = async (url) => {
    asked.push(url)
    const found = files[url.slice(url.lastIndexOf('/') + 1)]
    if (found === undefined) throw new Error(`nothing at ${url}`)
    return found
  }
  return { get, asked }
}

test('a release is downloaded once, checked, and can be run', async () => {
  const files = {
    'terraform_1.9.8_linux_amd64.zip': archive,
    'terraform_1.9.8_SHA256SUMS': strToU8(
      `${'0'.repeat(64)}  terraform_1.9.8_darwin_arm64.zip\n${sum}  terraform_1.9.8_linux_amd64.zip\n`,
    ),
  }
  const { get, asked } = server(files)
  const folder = await install('terraform', '1.9.8', { cache, platform: 'linux_amd64', get })
  expect(await readFile(join(folder, 'terraform'), 'utf8')).toBe('#!/bin/sh\n')
  expect((await stat(join(folder, 'terraform'))).mode & 0o111).not.toBe(0)
  await install('terraform', '1.9.8', { cache, platform: 'linux_amd64', get })
  expect(asked).toHaveLength(2)
  expect(asked[0]).toBe('https://releases.hashicorp.com/terraform/1.9.8/terraform_1.9.8_linux_amd64.zip')
})

test('an archive that is not what the release lists is not installed', async () => {
  const { get } = server({
    'terraform_1.9.7_linux_amd64.zip': archive,
    'terraform_1.9.7_SHA256SUMS': strToU8(`${'0'.repeat(64)}  terraform_1.9.7_linux_amd64.zip\n`),
  })
  await expect(install('terraform', '1.9.7', { cache, platform: 'linux_amd64', get })).rejects.toMatchObject({
    code: 'download-changed',
  })
  await expect(stat(join(cache, 'airlock', 'terraform', '1.9.7'))).rejects.toThrow('ENOENT')
})

test('only final releases are chosen among, in the lists of both projects', async () => {
  const hashicorp = server({ 'index.json': strToU8('{"versions":{"1.9.8":{},"1.10.0-rc1":{}}}') })
  expect(await releases('terraform', hashicorp.get)).toEqual(['1.9.8'])
  const opentofu = server({ 'api.json': strToU8('{"versions":[{"id":"1.8.1"},{"id":"1.9.0-alpha1"}]}') })
  expect(await releases('tofu', opentofu.get)).toEqual(['1.8.1'])
})
