import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Tree } from '../src/git/tree.ts'
import { resolveStacks } from '../src/stacks/instances.ts'
import { plain } from '../src/stacks/value.ts'

const root = fileURLToPath(new URL('../examples/quickstart', import.meta.url))

function quickstart(): Tree {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
  return {
    root,
    files: new Map(paths.map((path) => [path, { path, hash: path, mode: 'file' }])),
    text: (path) => (paths.includes(path) ? readFileSync(join(root, path), 'utf8') : undefined),
  }
}

const stacks = () => resolveStacks(quickstart(), { cwd: '', env: {}, gitRoot: '' })
const instances = () => [...stacks().inventory().values()].filter((it) => !it.abstract)

test('the quickstart has three components in six stacks, all of local state in workspaces of their own', () => {
  const ids = ['app', 'cluster', 'vpc'].flatMap((component) =>
    ['ue1-dev', 'ue1-prod', 'ue1-staging', 'ue2-dev', 'ue2-prod', 'ue2-staging'].map((it) => `${component}@plat-${it}`),
  )
  expect(instances().map(({ id }) => id)).toEqual(ids)
  for (const { id, workspace, backendType } of instances()) {
    expect(id).toContain(workspace)
    expect(backendType).toBe('local')
  }
})

test('each of its components reads the one before', () => {
  const calls = (id: string) =>
    instances()
      .find((it) => it.id === id)
      ?.late.map(({ name, args }) => `${name} ${args}`)
  expect(calls('vpc@plat-ue2-prod')).toEqual([])
  expect(calls('cluster@plat-ue2-prod')).toEqual(['terraform.state vpc cidr'])
  expect(calls('app@plat-ue2-prod')).toEqual([
    'terraform.state cluster endpoint',
    'terraform.state cluster network_cidr',
  ])
})

test('every variable that a stack sets is one that the component declares, and all that must be set are', () => {
  for (const { id, folder, sections } of instances()) {
    const vars = sections.entries.get('vars')
    const declarations = readFileSync(join(root, folder, 'variables.tf'), 'utf8')
    const declared = [...declarations.matchAll(/^variable "(\w+)" \{([\s\S]*?)^\}/gm)]
    const set = vars ? Object.keys(plain(vars) as object) : []
    expect([id, set.filter((name) => !declared.some(([, it]) => it === name))]).toEqual([id, []])
    const required = declared.filter(([, , body]) => !body?.includes('default')).map(([, name]) => name ?? '')
    expect([id, required.filter((name) => !set.includes(name))]).toEqual([id, []])
  }
})

test('only the clusters of ue2 have an address for an endpoint', () => {
  const byAddress = instances().filter(({ sections }) =>
    JSON.stringify(plain(sections)).includes('"endpoint_mode":"address"'),
  )
  expect(byAddress.map(({ id }) => id)).toEqual([
    'cluster@plat-ue2-dev',
    'cluster@plat-ue2-prod',
    'cluster@plat-ue2-staging',
  ])
})
