import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaks, madeLater, planted } from './planted.ts'
import { filesBelow, type Said, type Stage, stage } from './stage.ts'

let it: Stage
const said: Said[] = []

async function airlock(...words: string[]): Promise<Said> {
  const result = await it.airlock(...words)
  said.push(result)
  return result
}

/** The same with and without `--json`. */
async function both(...words: string[]): Promise<void> {
  await airlock(...words)
  await airlock(...words, '--json')
}

beforeAll(async () => {
  it = await stage()
  const plain = { component: 'vault', stack: 'dev' }
  await both('doctor')
  await both('affected', '--base', 'HEAD', '--head', 'HEAD')
  await both('status')
  await both('plan', 'planfails', '-s', 'dev')
  await airlock('plan', 'vault', '-s', 'dev', '--json')
  await airlock('plan', 'vault', '-s', 'dev', '--markdown')
  await both('show', 'vault', '-s', 'dev')
  await airlock('approve', 'vault', '-s', 'dev')
  await both('status')
  await airlock('apply', 'vault', '-s', 'dev')
  for (const name of ['reader', 'remote', 'applyfails']) {
    await airlock('plan', name, '-s', 'dev')
    await both('show', name, '-s', 'dev')
    await airlock('approve', name, '-s', 'dev', '--json')
    await airlock('apply', name, '-s', 'dev', ...(name === 'reader' ? ['--json'] : []))
  }
  for (const name of ['vault', 'reader', 'remote']) {
    await both('explain', name, '-s', plain.stack)
    await both('describe', 'component', name, '-s', plain.stack)
  }
  await it.git('switch', '-qc', 'rotate')
  const stacks = 'stacks/dev.yaml'
  const text = await it.git('show', `HEAD:${stacks}`)
  const [literal, backend] = [JSON.stringify(planted.literal), planted.backendLiteral]
  await it.write(stacks, text.replace(literal, '"Another-literal-77"').replace(backend, 'Another-backend-78'))
  await it.git('commit', '-qam', 'Rotate')
  await both('affected')
  await airlock('plan', '--markdown')
  await both('status')
  await both('describe', 'stacks')
  await both('dashboard', '--out', 'page.html')
}, 600_000)

afterAll(() => it?.close())

const find = (command: string, nth = 0) => said.filter((one) => one.command.startsWith(command))[nth]!

describe('secrets of every kind, planted in a real run', () => {
  test('the story was played: plans were made, applied, and failed where they were to fail', () => {
    const codes = (command: string) => said.filter((one) => one.command.startsWith(command)).map(({ code }) => code)
    expect(codes('plan vault')).toEqual([0, 0])
    expect(codes('plan planfails')).toEqual([1, 1])
    expect(find('apply vault').out).toContain('1 of 1 done')
    expect(find('apply reader').out).toContain('"kind": "applied"')
    expect(find('apply remote').out).toContain('1 of 1 done')
    expect(codes('apply applyfails')).toEqual([1])
    expect(find('apply applyfails').out).toContain('was told to fail on create')
    expect(find('plan planfails').out).toContain('is no token')
  })

  test('the proof can fail: every secret is found where Terraform keeps it in clear', async () => {
    const states = (await filesBelow(`${it.repo}/components`)).filter(({ path }) => path.endsWith('.tfstate'))
    const found = new Set(
      states.flatMap(({ bytes }) => leaks(bytes.toString('utf8'))).map((leak) => leak.split(',')[0]),
    )
    const inStates = Object.keys(planted).filter(
      (name) => !/^(STATE_|TF_VAR_)|^(backendLiteral|gitPassword)$/.test(name),
    )
    expect(inStates.filter((name) => !found.has(name))).toEqual([])
    const remembered = (await filesBelow(it.kept.work)).filter(({ path }) => terraformsOwn.test(path))
    expect(remembered.flatMap(({ bytes }) => leaks(bytes.toString('utf8')))).toContain('STATE_PASSWORD, plain')
  })

  test('no command prints one, in any form', () => {
    const found = said.flatMap(({ command, out, err }) =>
      leaks(`${out}\n${err}`)
        .filter((leak) => !(command.startsWith('describe') && writtenInManifests(leak)))
        .map((leak) => `airlock ${command}: ${leak}`),
    )
    expect(found).toEqual([])
  })

  test('what an apply makes, and its own errors repeat, is not printed', () => {
    expect(find('apply applyfails').out).toContain('"made (sensitive)"')
    expect(find('apply applyfails').out).not.toMatch(new RegExp(`${madeLater}[0-9a-f]`))
  })

  test('what is no secret is printed: words that some token happens to be, regions, names', () => {
    expect(find('plan vault').out + find('show vault').out).toContain('folder_file.forms')
    expect(find('describe component vault').out).toContain('stage: dev')
    expect(find('show vault', 1).out).toContain('a key')
  })

  test('the dashboard shows what was planned and applied, and none of them', async () => {
    const text = await readFile(`${it.repo}/page.html`, 'utf8')
    expect(text).toContain('<code>folder_file.forms</code>')
    expect(text).toContain('>sensitive<')
    expect(leaks(text)).toEqual([])
    expect(leaks(text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))))).toEqual([])
  })

  test('records, models and events hold none; sealed plans are ciphertext', async () => {
    const stored = await filesBelow(it.kept.store)
    expect(stored.length).toBeGreaterThan(10)
    expect(
      stored.flatMap(({ path, bytes }) => leaks(bytes.toString('utf8')).map((leak) => `${path}: ${leak}`)),
    ).toEqual([])
    const sealed = stored.filter(({ bytes }) => bytes.toString('latin1').startsWith('age-encryption.org/v1'))
    expect(sealed.length).toBeGreaterThanOrEqual(4)
    const zips = stored.filter(({ bytes }) => bytes.includes('PK\u0003\u0004'))
    expect(zips.map(({ path }) => path)).toEqual([])
  })

  test('the two keys are for their owner only, and nothing else is in the folder of settings', async () => {
    const keys = await filesBelow(it.kept.config)
    expect(keys.map(({ path, mode }) => [path, mode]).sort()).toEqual([
      ['airlock/plans.key', 0o600],
      ['airlock/reads.key', 0o600],
    ])
  })

  test('no temporary file is left that holds one', async () => {
    const left = await filesBelow(it.kept.temporary)
    expect(left.flatMap(({ path, bytes }) => leaks(bytes.toString('utf8')).map((leak) => `${path}: ${leak}`))).toEqual(
      [],
    )
  })

  test('working copies keep no variables, no settings and no plan once a run is over, and no other user can look', async () => {
    const left = await filesBelow(it.kept.work)
    expect(left.length).toBeGreaterThan(5)
    const names = left.map(({ path }) => path)
    expect(names.filter((name) => /\.tfvars\.json$|backend\.tf\.json$|tfplan|output\.log/.test(name))).toEqual([])
    const own = left.filter(({ path }) => !/\/main\.tf$/.test(path) && !terraformsOwn.test(path))
    expect(own.flatMap(({ path, bytes }) => leaks(bytes.toString('utf8')).map((leak) => `${path}: ${leak}`))).toEqual(
      [],
    )
    const { stat } = await import('node:fs/promises')
    const { readdir } = await import('node:fs/promises')
    for (const folder of await readdir(it.kept.work))
      expect((await stat(`${it.kept.work}/${folder}`)).mode & 0o077).toBe(0)
  })
})

/** Where Terraform remembers the backend's settings (docs/secrets.md). */
const terraformsOwn = /\/\.terraform\/terraform\.tfstate$/

/** `describe` prints what manifests say, as Atmos 1.227 does. */
function writtenInManifests(leak: string): boolean {
  return /^literal,/.test(leak)
}
