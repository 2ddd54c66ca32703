import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents, type House, house, steady } from './house.ts'

let it: House
let path: string
let healthy: Buffer
beforeAll(async () => {
  it = await house()
  expect((await it.airlock(['plan', 'vpc', '-s', 'dev'])).code).toBe(0)
  path = (await documents(it))[0]!.path
  healthy = await readFile(path)
})
afterAll(() => it.dispose())

const commands = [
  ['status'],
  ['plan'],
  ['approve', '--all'],
  ['apply'],
  ['show', 'vpc', '-s', 'dev'],
  ['unlock', 'vpc', '-s', 'dev', '--reason', 'gone'],
]

/** What every command says of a document with this content; it must be the same, and the store must stay as it is. */
async function said(content: Uint8Array | string, exit = 1): Promise<string> {
  await writeFile(path, content)
  const before = await stored()
  const answers = []
  for (const words of commands) answers.push(await it.airlock(words))
  const after = await stored()
  await writeFile(path, healthy)
  expect(after).toEqual(before)
  expect(answers.map(({ code, out }) => [code, out])).toEqual(commands.map(() => [exit, '']))
  expect(new Set(answers.map(({ err }) => err)).size).toBe(1)
  return steady(answers[0]!.err)
}

/** Every object of the store by its path. */
async function stored(): Promise<Record<string, string>> {
  const names = await readdir(it.store, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('~'))
  return Object.fromEntries(
    await Promise.all(
      files.map(async (entry) => {
        const file = join(entry.parentPath, entry.name)
        return [file, await readFile(file, 'base64')] as const
      }),
    ),
  )
}

const edited = (change: object) => JSON.stringify({ ...(JSON.parse(healthy.toString()) as object), ...change })

test('a document that a newer Airlock wrote', async () => {
  expect(await said(edited({ format: 3, claims: [] }), 2)).toMatchInlineSnapshot(`
    "Error: documents/vpc-dev-HEX.json was written by a newer Airlock (format 3; this one knows format 2)
      use that version or a later one: nothing was read or changed
    "
  `)
})

test('a document of the first format is read, and written in the present one', async () => {
  const { drift: _, ...rest } = JSON.parse(healthy.toString()) as Record<string, unknown>
  await writeFile(path, JSON.stringify({ ...rest, format: 1, drift: { class: 'out-of-band', digest: 'd' } }))
  const looked = await it.airlock(['status'])
  expect([looked.code, looked.err]).toEqual([3, ''])
  expect((await it.airlock(['approve', 'vpc', '-s', 'dev'])).code).toBe(0)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 2, approvals: [{ how: 'local' }] })
  await writeFile(path, healthy)
})

test('a document that is cut off', async () => {
  expect(await said(healthy.subarray(0, healthy.length >> 1))).toMatchInlineSnapshot(`
    "Error: the record documents/vpc-dev-HEX.json cannot be read: it is no JSON: …
      it was cut off or edited by hand: restore it from a copy of the store; Airlock changes nothing of it meanwhile
    "
  `)
})

test('a document that is empty', async () => {
  expect(await said('')).toMatchInlineSnapshot(`
    "Error: the record documents/vpc-dev-HEX.json cannot be read: it is no JSON: it is empty
      it was cut off or edited by hand: restore it from a copy of the store; Airlock changes nothing of it meanwhile
    "
  `)
})

test('a document that was edited by hand', async () => {
  expect(await said(edited({ plans: [{ id: 'x', digest: 7 }] }))).toMatchInlineSnapshot(`
    "Error: the record documents/vpc-dev-HEX.json cannot be read: plans[0].fingerprint is missing, not a text
      it was cut off or edited by hand: restore it from a copy of the store; Airlock changes nothing of it meanwhile
    "
  `)
})

test('a document that was copied to another key', async () => {
  expect(await said(edited({ address: { kind: 'other' } }))).toMatchInlineSnapshot(`
    "Error: the record documents/vpc-dev-HEX.json cannot be read: address.backend is missing, not a text
      it was cut off or edited by hand: restore it from a copy of the store; Airlock changes nothing of it meanwhile
    "
  `)
})

test('with the document back in its place, all goes on', async () => {
  expect(await it.airlock(['approve', 'vpc', '-s', 'dev'])).toMatchObject({ code: 0 })
})

test('a plan that people are shown and that was edited by hand', async () => {
  const folder = join(it.store, 'models')
  const [name] = await readdir(folder)
  const model = join(folder, name!)
  const whole = await readFile(model)
  await writeFile(model, whole.subarray(0, 40))
  const { code, err } = await it.airlock(['show', 'vpc', '-s', 'dev'])
  await writeFile(model, whole)
  expect([code, steady(err)]).toMatchInlineSnapshot(`
    [
      1,
      "Error: the stored plan UUID cannot be read: …
      plan again
    ",
    ]
  `)
})
