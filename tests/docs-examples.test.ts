import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { hasTerraform } from '../src/terraform/drivers/cli.testkit.ts'
import { agrees, examples, needsTerraform, rewritten, steady } from './docs/page.ts'
import { session } from './docs/session.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(docs + name, 'utf8') }))
  .filter(({ text }) => examples(text).length > 0)

/** With `AIRLOCK_DOCS=write` pages are brought up to date instead of checked. */
const writing = process.env.AIRLOCK_DOCS === 'write'

const steadied = (text: string) => text.trimEnd().split('\n').map(steady).join('\n')

describe.each(pages.map(({ name, text }) => [name, text] as const))('docs/%s', (name, text) => {
  test.skipIf(needsTerraform(text) && !hasTerraform)(
    'its examples print what it says',
    async () => {
      const here = await session()
      try {
        const printed: string[] = []
        for (const { line, expected } of examples(text)) {
          const real = await here.run(line)
          printed.push(real)
          if (!writing && !agrees(expected, real))
            expect.soft(steadied(real), `$ ${line}`).toBe(steadied(expected.join('\n')))
        }
        if (writing) writeFileSync(docs + name, rewritten(text, printed))
        expect(printed.length).toBeGreaterThan(0)
      } finally {
        await here.close()
      }
    },
    600_000,
  )
})

test('docs/settings.md lists exactly the settings of the source, each section its own', () => {
  const source = readFileSync(new URL('../src/settings.ts', import.meta.url), 'utf8')
  const readers = [...source.matchAll(/reader\(\s*value,\s*'([\w.]+)',\s*\[([^\]]*)\]/g)]
  const all = readers.map(([, name, keys]) => [name!, [...keys!.matchAll(/'(\w+)'/g)].map(([, key]) => key!)] as const)
  expect(all.map(([name]) => name)).toEqual(['integrations.airlock', 'integrations.airlock.github', 'settings.airlock'])
  const page = readFileSync(`${docs}settings.md`, 'utf8')
  // What GitHub's map holds is named in its row.
  const inRow = /^\| `github` .*$/m.exec(page)?.[0] ?? ''
  expect(all[1]![1].filter((key) => !inRow.includes(`\`${key}\``))).toEqual([])
  const known = all.filter(([name]) => name !== 'integrations.airlock.github')
  const listed = page
    .split(/^## /m)
    .map((part) => [
      /`([a-z]+\.airlock)`/.exec(part.split('\n')[0]!)?.[1],
      [...part.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, key]) => key),
    ])
    .filter(([name]) => name !== undefined)
  expect(listed).toEqual(known)
})

test('docs/records.md names every field of a document, and every kind of key', () => {
  const source = (file: string) => readFileSync(new URL(`../src/records/${file}`, import.meta.url), 'utf8')
  const page = readFileSync(`${docs}records.md`, 'utf8')
  const document = /interface AddressDocument \{([\s\S]*?)^\}/m.exec(source('document.ts'))![1]!
  const fields = [...document.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field!)
  const section = page.slice(page.indexOf('## The document'), page.indexOf('## What is secret'))
  expect(fields).toContain('ledger')
  expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([])
  const kinds = [...source('keys.ts').matchAll(/[`'](\w+)\/(?=[$'])/g)].map(([, kind]) => kind!)
  expect(kinds).toContain('documents')
  expect([...new Set(kinds)].filter((kind) => !page.includes(`| \`${kind}/`))).toEqual([])
})
