import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { globalFlags, parseArgs, sortWords } from '../src/cli/args.ts'
import { commandHelp, overview } from '../src/cli/help.ts'
import { entries } from '../src/cli/registry.ts'
import { paint, width } from '../src/cli/style.ts'
import { version } from '../src/cli/version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

function filesBelow(folder: string, ending: string): string[] {
  const skipped = new Set(['node_modules', 'dist', '.git', '.terraform'])
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path, ending)
    return entry.name.endsWith(ending) ? [path] : []
  })
}

const pages = filesBelow('.', '.md')
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '``')

/** Anchors as GitHub makes them of headings. */
function anchors(text: string): Set<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+\s+(.*)$/gm)].map((match) => match[1]!)
  return new Set(
    headings.map((it) =>
      it
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

test('every link of every page leads somewhere', () => {
  expect(pages).toContain('README.md')
  const broken = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
      if (/^[a-z]+:/.test(link!)) return []
      const [path, anchor] = link!.split('#') as [string, string?]
      const file = path === '' ? join(root, page) : resolve(root, dirname(page), path)
      if (!existsSync(file)) return [`${page}: ${link}`]
      if (anchor === undefined || !file.endsWith('.md')) return []
      return anchors(readFileSync(file, 'utf8')).has(anchor) ? [] : [`${page}: ${link} (no such heading)`]
    }),
  )
  expect(broken).toEqual([])
})

/** Commands of a page's shell blocks, without comments: `airlock plan vpc`. */
function shellCommands(page: string): string[] {
  const blocks = [...read(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/\s+#.*$/, '').trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

/** Why a command line would not be understood; undefined when it would. */
async function misunderstood(line: string): Promise<string | undefined> {
  const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2')).slice(1)
  const start = sortWords(words, globalFlags, { stopAtPositional: true }).end
  const given = words.slice(start)
  const entry = entries.find(({ name }) => [given[0], `${given[0]} ${given[1]}`].includes(name))
  if (given[0] === 'help' || given.length === 0) return undefined
  if (!entry) return `${line}: no such command`
  try {
    parseArgs(await entry.load(), given.slice(entry.name.split(' ').length))
    return undefined
  } catch (error) {
    return `${line}: ${error instanceof Error ? error.message : error}`
  }
}

const airlock = /^(?:\.\/)?airlock(?:\s|$)/

test('commands of the README exist, and take the flags that are shown', async () => {
  const commands = pages.filter((page) => !page.startsWith('decisions')).flatMap(shellCommands)
  expect(commands).toContain('npm ci && npm test')
  const wrong = await Promise.all(commands.filter((line) => airlock.test(line)).map(misunderstood))
  expect(wrong.filter((it) => it !== undefined)).toEqual([])
})

test('npm scripts that pages name are there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1]!))
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

describe.each(entries)('airlock help $name', (entry) => {
  test('says what the list says, shows examples that parse, and fits 80 columns', async () => {
    const command = await entry.load()
    expect([command.name, command.summary]).toEqual([entry.name, entry.summary])
    expect(command.usage).toMatch(new RegExp(`^airlock ${entry.name}( |$)`))
    expect(command.examples.length).toBeGreaterThan(0)
    const wrong = await Promise.all(
      command.examples
        .filter(({ command: line }) => airlock.test(line))
        .map(({ command: line }) => misunderstood(line.split(' | ')[0]!)),
    )
    expect(wrong.filter((it) => it !== undefined)).toEqual([])
    const wide = commandHelp(command, paint(false))
      .split('\n')
      .filter((line) => width(line) > 80)
    expect(wide).toEqual([])
  })
})

test('the list of commands fits 80 columns', () => {
  expect(
    overview(entries, paint(false))
      .split('\n')
      .filter((line) => width(line) > 80),
  ).toEqual([])
})

test('the version is that of package.json', () => {
  expect(version).toBe((JSON.parse(read('package.json')) as { version: string }).version)
})

test('docs/errors.md lists exactly the codes of the source', () => {
  const sources = filesBelow('src', '.ts').filter(
    (path) => !/\.(test\w*|contract)\.ts$/.test(path) && !path.includes('fixtures'),
  )
  const inSource = new Map(
    sources.flatMap((path) => codesOf(read(path)).map((code): [string, string] => [code, relative('src', path)])),
  )
  const listed = new Set([...read('docs/errors.md').matchAll(/^\| `([a-z0-9-]+)` +\|/gm)].map((match) => match[1]!))
  const missing = [...inSource].filter(([code]) => !listed.has(code)).map(([code, path]) => `${code} (src/${path})`)
  expect(missing.sort(), 'codes that docs/errors.md lacks').toEqual([])
  expect(
    [...listed].filter((code) => !inSource.has(code)),
    'codes that no source has',
  ).toEqual([])
})

/**
 * Codes of a source: what follows `code:` where a UserError is made, and the first argument of functions that make one
 * of `code` and more.
 */
function codesOf(source: string): string[] {
  if (!source.includes('UserError')) return []
  const written = [...source.matchAll(/\bcode: '([a-z0-9]+(?:-[a-z0-9]+)*)'/g)].map((match) => match[1]!)
  const makers = [...source.matchAll(/function (\w+)\(\s*code: string/g)].map((match) => match[1]!)
  const made = makers.flatMap((maker) =>
    [...source.matchAll(new RegExp(`\\b${maker}\\(\\s*'([a-z0-9-]+)'`, 'g'))].map((match) => match[1]!),
  )
  return [...written, ...made]
}

test('decisions/README.md lists every decision by its number, and no number stands for two', () => {
  const files = filesBelow('decisions', '.md')
    .map((path) => relative('decisions', path))
    .filter((name) => name !== 'README.md')
    .sort()
  const listed = [...read('decisions/README.md').matchAll(/^\| (\d{3}) \| \[.*\]\((\S+)\)/gm)]
  expect(listed.map(([, , file]) => file)).toEqual(files)
  const numbers = files.map((name) => name.slice(0, 3))
  expect(listed.map(([, number]) => number)).toEqual(numbers)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const name of files) expect(read(`decisions/${name}`)).toMatch(new RegExp(`^# ${name.slice(0, 3)}: `))
})

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md')

  test('names every folder and file of src/ in its rows', () => {
    const rows = page.slice(page.indexOf('## Rows'), page.indexOf('## Words'))
    const there = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter(({ name }) => !name.endsWith('.test.ts'))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    expect(there.filter((name) => !rows.includes(`\`${name}\``))).toEqual([])
  })

  test('links words to files that export them', () => {
    const links = [...page.matchAll(/\[`(\w+)(?:\([^)]*\))?`\]\((src\/[^)]+\.ts)\)/g)].filter(
      ([, name]) => name !== undefined,
    )
    expect(links.length).toBeGreaterThan(30)
    const wrong = links.filter(
      ([, name, file]) =>
        !new RegExp(`^export .*\\b(?:interface|type|class|function|const) ${name}\\b`, 'm').test(read(file!)),
    )
    expect(wrong.map(([, name, file]) => `${name}: ${file}`)).toEqual([])
  })
})
