import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { imports } from './architecture/imports.ts'
import { violations } from './architecture/rules.ts'

const src = fileURLToPath(new URL('../src', import.meta.url))

function sources(): Map<string, string> {
  const files = readdirSync(src, { recursive: true, withFileTypes: true }).filter(
    (it) => it.isFile() && it.name.endsWith('.ts'),
  )
  const paths = files.map((it) => join(it.parentPath, it.name))
  return new Map(paths.map((path) => [relative(src, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]))
}

const planted = (path: string, source: string) => violations(new Map([[path, source]]))

test('every import of the source goes from a row to the rows below it', () => {
  const files = sources()
  expect(files.size).toBeGreaterThan(20)
  expect(violations(files)).toEqual([])
})

test('every form of import is seen', () => {
  const source = `import { a, type B } from './a.ts'
import type { C } from './c.ts'
import { type D } from './d.ts'
import e from 'e'
import * as f from 'node:f'
import './effect.ts'
import {
  g,
  h as i,
} from './g.ts'
export { j } from './j.ts'
export * from './k.ts'
export type { L } from './l.ts'
export const text = "from './not.ts'"
// import { no } from './comment.ts'
const later = () => import('./lazy.ts')
`
  expect(
    imports(source).map(({ from, typeOnly, names, line }) => [line, from, typeOnly ? 'type' : names.join()]),
  ).toEqual([
    [1, './a.ts', 'a'],
    [2, './c.ts', 'type'],
    [3, './d.ts', 'type'],
    [4, 'e', 'default'],
    [5, 'node:f', '*'],
    [6, './effect.ts', ''],
    [7, './g.ts', 'g,h'],
    [11, './j.ts', 'j'],
    [12, './k.ts', '*'],
    [13, './l.ts', 'type'],
    [16, './lazy.ts', '*'],
  ])
})

test.each([
  ['a door that knows another door', 'git/repo.ts', `import type { Store } from '../store/store.ts'`],
  ['a door that knows the domain', 'store/store.ts', `import type { Plan } from '../plan/plan.ts'`],
  ['an upward import of the domain', 'stacks/x.ts', `import { plan } from '../plan/plan.ts'`],
  ['an upward import by re-export', 'graph/x.ts', `export { plan } from '../plan/plan.ts'`],
  ['an upward import loaded lazily', 'plan/x.ts', `const a = await import('../flows/plan.ts')`],
  [
    'the domain that takes more than types from a door',
    'records/x.ts',
    `import { encodeKey } from '../store/store.ts'`,
  ],
  ['a flow that imports a driver', 'flows/x.ts', `import { fsStore } from '../store/drivers/fs.ts'`],
  ['a face that imports a driver', 'cli/x.ts', `import { fsStore } from '../store/drivers/fs.ts'`],
  ['a driver of another door', 'git/drivers/x.ts', `import { fsStore } from '../../store/drivers/fs.ts'`],
  ['a port that imports its driver', 'store/x.ts', `import { fsStore } from './drivers/fs.ts'`],
  ['files in the domain', 'gate/x.ts', `import { readFileSync } from 'node:fs'`],
  ['a process in a flow', 'flows/x.ts', `import { spawn } from 'node:child_process'`],
  ['randomness in the domain', 'records/x.ts', `import { createHash, randomUUID } from 'node:crypto'`],
  ['the clock in the domain', 'records/x.ts', `export const now = () => Date.now()`],
  ['a time of day in a flow', 'flows/x.ts', `const now = Date.now()`],
  ['the environment in a driver', 'store/drivers/x.ts', `const home = process.env.HOME`],
  ['the network in a flow', 'flows/x.ts', `const it = await fetch('https://a.test')`],
  ['the process in a flow', 'flows/x.ts', `process.exit(1)`],
  ['a package that may do anything, in the domain', 'plan/x.ts', `import { encrypt } from 'age-encryption'`],
  ['the test kit in a command', 'cli/plan.ts', `import { mirror } from '../testkit/mirror.ts'`],
  ['a test that the program imports', 'stacks/x.ts', `import { cases } from './merge.test.ts'`],
  ['a flow that opens the world itself', 'flows/x.ts', `import { openWorld } from '../wire.ts'`],
  ['a drawer', 'stacks/utils/x.ts', ''],
  ['a second index.ts', 'stacks/index.ts', ''],
  ['a folder without a row', 'misplaced/x.ts', ''],
])('%s is found', (_, path, source) => {
  expect(planted(path, `${source}\n`)).toHaveLength(1)
})

test.each([
  ['flows/plan.ts', `import { affected } from '../affected/affected.ts'\nimport { reading } from '../git/reading.ts'`],
  ['affected/x.ts', `import { filesBelow, type Tree } from '../git/tree.ts'\nimport { createHash } from 'node:crypto'`],
  ['wire.ts', `import { fsStore } from './store/drivers/fs.ts'`],
  ['store/drivers/fs.ts', `import { open } from 'node:fs/promises'\nimport type { Store } from '../store.ts'`],
  ['cli/demo.ts', `import { mirror } from '../testkit/mirror.ts'`],
  ['stacks/x.ts', `// process.env is not read here\nexport const help = 'Date.now() and process.env are words here'`],
])('%s may import what its row allows', (path, source) => {
  expect(planted(path, `${source}\n`)).toEqual([])
})
