import { posix } from 'node:path'
import { codeOnly, imports } from './imports.ts'

/** Rows from the lowest up: a file imports from rows below its own, and from its own folder, never sideways. */
const rows: readonly (readonly string[])[] = [
  ['error.ts', 'words.ts', 'canonical.ts', 'secrets.ts', 'time.ts'],
  ['git', 'store', 'terraform', 'github', 'notify', 'machine', 'credentials'],
  ['yaml'],
  ['templates'],
  ['stacks'],
  ['settings.ts', 'json.ts'],
  ['installation'],
  ['graph'],
  ['plan'],
  ['affected'],
  ['records'],
  ['sequences'],
  ['gate'],
  ['drift'],
  ['dashboard'],
  ['report'],
  ['flows'],
  ['wire.ts', 'wire', 'index.ts'],
  ['testkit'],
  ['cli', 'actions'],
]

const doors: readonly string[] = rows[1]!
const faces: readonly string[] = ['cli', 'actions']
const domain: readonly string[] = rows
  .slice(
    2,
    rows.findIndex((row) => row.includes('flows')),
  )
  .flat()

/** Pure functions and errors of port files that the domain may use; all else that it takes from a door is a type. */
const pureOfDoors: Readonly<Record<string, readonly string[]>> = {
  'git/tree.ts': ['NotLoaded', 'filesBelow'],
}

/** Node's modules that are pure, and what may be taken of them; the domain, flows and ports import no other. */
const pureOfNode: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createDecipheriv', 'createHash', 'createHmac', 'scryptSync'],
  'node:path': ['posix'],
}

/** Packages that are pure. */
const purePackages: readonly string[] = ['js-yaml', 'fflate', 'picomatch', 're2js']

const forbiddenFolders = /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.ts$)/
const impure =
  /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|(?<![.\w])fetch\(|set(?:Timeout|Interval|Immediate)\(|globalThis\b)/

/** What is wrong with how a set of source files (path below src/ → text) import and what they reach for. */
export function violations(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, source]) => [...ofPath(path), ...(isTest(path) ? [] : ofFile(path, source))])
}

function ofPath(path: string): string[] {
  const top = topOf(path)
  return [
    ...(rowOf(top) < 0 ? [`${path}: ${top} has no row in tests/architecture/rules.ts`] : []),
    ...(forbiddenFolders.test(path) ? [`${path}: a folder or file is named for a concept, not for a drawer`] : []),
    ...(path !== 'index.ts' && posix.basename(path) === 'index.ts'
      ? [`${path}: only the library has an index.ts`]
      : []),
  ]
}

function ofFile(path: string, source: string): string[] {
  const found = imports(source).flatMap((it) => {
    const why = it.from.startsWith('.') ? ofOurs(path, target(path, it.from), it) : ofForeign(path, it.from, it.names)
    return why === undefined ? [] : [`${path}:${it.line}: imports ${it.from}: ${why}`]
  })
  return [...found, ...reaches(path, source)]
}

function ofOurs(
  path: string,
  to: string,
  { typeOnly, names }: { typeOnly: boolean; names: readonly string[] },
): string | undefined {
  const [from, into] = [topOf(path), topOf(to)]
  if (isTest(to) || to.endsWith('.contract.ts')) return 'only tests import tests'
  if (isDriver(to) && !isWire(path) && from !== 'testkit' && !(from === into && isDriver(path)))
    return 'only wire.ts and wire/ import drivers'
  if (from === into) return undefined
  if (into === 'testkit')
    return path.startsWith('cli/demo') ? undefined : 'only tests, the demo and scripts use the test kit'
  if (from === 'testkit' || isWire(path)) return undefined
  if (path === 'index.ts' && !faces.includes(into) && into !== 'wire.ts' && into !== 'wire') return undefined
  if (rowOf(into) >= rowOf(from)) return `${into} is not in a row below ${from}`
  if (domain.includes(from) && doors.includes(into) && !typeOnly) {
    const taken = names.filter((name) => !pureOfDoors[to]?.includes(name))
    if (taken.length > 0) return `the domain takes only types from doors, not ${taken.join(', ')}`
  }
  return undefined
}

function ofForeign(path: string, from: string, names: readonly string[]): string | undefined {
  if (mayReachOut(path)) return undefined
  if (!from.startsWith('node:')) return purePackages.includes(from) ? undefined : 'this package is not known to be pure'
  const taken = names.filter((name) => !pureOfNode[from]?.includes(name))
  return taken.length === 0 ? undefined : `only drivers and faces reach out of the program (${taken.join(', ')})`
}

function reaches(path: string, source: string): string[] {
  const code = codeOnly(source).split('\n')
  if (faces.includes(topOf(path)) || topOf(path) === 'testkit') return []
  const pattern = mayReachOut(path) ? /\bprocess\.(?:argv|env)\b/ : impure
  const ownFetch = /\bfetch:/.test(code.join('\n'))
  return code.flatMap((line, index) => {
    const match = pattern.exec(line)
    if (match?.[0] === 'fetch(' && ownFetch) return []
    // Flows may measure how long they took; they decide nothing by it.
    if (match?.[0] === 'performance.now(' && topOf(path) === 'flows') return []
    return match ? [`${path}:${index + 1}: uses ${match[1] ?? match[0]}: not pure; take it from whoever calls`] : []
  })
}

function mayReachOut(path: string): boolean {
  return isDriver(path) || isWire(path) || faces.includes(topOf(path)) || topOf(path) === 'testkit'
}

function isWire(path: string): boolean {
  return path === 'wire.ts' || topOf(path) === 'wire'
}

function isDriver(path: string): boolean {
  return doors.includes(topOf(path)) && path.split('/')[1] === 'drivers'
}

function isTest(path: string): boolean {
  return /\.(test\w*|contract)\.ts$/.test(path) || path.includes('/fixtures/')
}

function topOf(path: string): string {
  return path.split('/')[0]!.replace(/\.test\.ts$/, '.ts')
}

function rowOf(top: string): number {
  return rows.findIndex((row) => row.includes(top))
}

function target(path: string, from: string): string {
  return posix.join(posix.dirname(path), from)
}
