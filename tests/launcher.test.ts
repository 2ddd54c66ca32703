import { execFile, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '../scripts/bundle.ts'
import { version } from '../src/cli/version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

let folder = ''
let airlock = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-launcher-'))
  airlock = join(folder, 'package', 'airlock')
  await bundle(root, join(folder, 'package', 'dist'))
  writeFileSync(airlock, readFileSync(join(root, 'airlock')))
  writeFileSync(join(folder, 'package', 'package.json'), '{"type": "module"}')
  chmodSync(airlock, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A folder with a program `node` in it. */
function fakeNode(name: string, script: string): string {
  const bin = join(folder, name)
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'node'), script)
  chmodSync(join(bin, 'node'), 0o755)
  return bin
}

test('the launcher of the repository is executable', () => {
  expect(statSync(join(root, 'airlock')).mode & 0o111).toBe(0o111)
})

test('it starts from anywhere, by path and through links', async () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync('../package/airlock', join(bin, 'relative'))
  symlinkSync(airlock, join(bin, 'absolute'))
  symlinkSync('relative', join(bin, 'twice'))
  for (const name of ['relative', 'absolute', 'twice'])
    expect((await run(join(bin, name), ['--version'], { cwd: '/' })).stdout).toBe(`airlock ${version}\n`)
  expect((await run('sh', ['airlock', '--version'], { cwd: dirname(airlock) })).stdout).toBe(`airlock ${version}\n`)
  const onPath = { cwd: '/', env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } }
  expect((await run('twice', ['--version'], onPath)).stdout).toBe(`airlock ${version}\n`)
})

test('exit codes and both outputs pass through', () => {
  const ran = spawnSync(airlock, ['afected'], { encoding: 'utf8' })
  expect(ran.status).toBe(2)
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toContain('there is no command "airlock afected"')
})

test('without Node it says what is missing', () => {
  const ran = spawnSync('/bin/sh', [airlock, '--version'], { encoding: 'utf8', env: { PATH: join(folder, 'nothing') } })
  expect(ran.status).toBe(2)
  expect(ran.stderr).toContain('Airlock needs Node.js 20.19 or newer, and there is no "node" on the PATH')
})

test('an old Node is told so', () => {
  const shim = join(folder, 'old.cjs')
  writeFileSync(shim, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } })`)
  const bin = fakeNode('old', `#!/bin/sh\nexec ${process.execPath} -r ${shim} "$@"\n`)
  const ran = spawnSync('/bin/sh', [airlock, '--version'], { encoding: 'utf8', env: { PATH: bin } })
  expect(ran.status).toBe(2)
  expect(ran.stderr).toContain('Airlock needs Node.js 20.19 or newer; this is')
})

test('a reader that went away is no error', async () => {
  const child = spawn(airlock, ['help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (data) => {
    err += data
  })
  const code = await new Promise((done) => child.on('close', done))
  expect([code, err]).toEqual([0, ''])
})

test('the start loads little: the list of commands and the parser, no command', () => {
  const dist = join(folder, 'package/dist')
  const sizes = new Map<string, number>()
  const load = (path: string) => {
    if (sizes.has(path)) return
    const text = readFileSync(join(dist, path), 'utf8')
    sizes.set(path, text.length)
    for (const [, next] of text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g)) load(join(dirname(path), next!))
  }
  load('cli.js')
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(total, [...sizes].map(([path, size]) => `${path}: ${size}`).join('\n')).toBeLessThan(40_000)
})

test('bundles name no folder of the machine that built them', () => {
  const dist = join(folder, 'package/dist')
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(root)
})
