import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  addressName,
  affected,
  dependencies,
  plain,
  resolveStacks,
  type Side,
  subjects,
  type Tree,
  UserError,
  waves,
} from './index.ts'

/** A tree as a program that embeds the library might make one: from whatever it has. */
function tree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort()
  return {
    root: '/memory',
    files: new Map(
      paths.map((path) => [
        path,
        { path, hash: createHash('sha1').update(files[path]!).digest('hex'), mode: 'file' as const },
      ]),
    ),
    text: (path) => files[path],
  }
}

function side(files: Readonly<Record<string, string>>): Side {
  const here = tree(files)
  const stacks = resolveStacks(here, { cwd: '', env: {}, gitRoot: '' })
  const inventory = stacks.inventory()
  return { stacks, inventory, subjects: subjects(here, inventory) }
}

const base = {
  'atmos.yaml':
    'base_path: .\ncomponents: {terraform: {base_path: components}}\n' +
    'stacks: {base_path: stacks, included_paths: ["*.yaml"], name_pattern: "{stage}"}\n',
  'stacks/dev.yaml':
    'vars: {stage: dev}\ncomponents:\n  terraform:\n    vpc:\n      vars:\n        cidr: 10.0.0.0/16\n' +
    '    app:\n      vars:\n        network: !terraform.state vpc id\n',
  'components/vpc/main.tf': 'variable "cidr" {}\n',
  'components/app/main.tf': 'variable "network" {}\n',
}

test('a program finds what differs between two trees of its own, and why', () => {
  const stack = base['stacks/dev.yaml'].replace('10.0.0.0/16', '10.4.0.0/16')
  const changes = affected(side(base), side({ ...base, 'stacks/dev.yaml': stack }), addressName)
  expect(changes.map(({ id, kind }) => [id, kind])).toEqual([
    ['app@dev', 'may'],
    ['vpc@dev', 'update'],
  ])
  expect(changes[1]!.reasons).toEqual([
    {
      kind: 'value',
      path: ['vars', 'cidr'],
      before: '10.0.0.0/16',
      after: '10.4.0.0/16',
      at: expect.objectContaining({ file: 'stacks/dev.yaml', line: 6, column: 15 }),
      was: expect.objectContaining({ file: 'stacks/dev.yaml', line: 6, column: 15 }),
    },
  ])
})

test('it puts instances in order, and sees their values', () => {
  const { subjects: found } = side(base)
  const edges = [...found.values()].flatMap(({ instance }) =>
    dependencies(instance).map(({ from, on, at }) => ({ from, to: on, at, why: `reads ${on}` })),
  )
  expect(waves([...found.keys()], edges)).toEqual([['vpc@dev'], ['app@dev']])
  const sections = plain(found.get('vpc@dev')!.instance.sections)
  expect(sections).toMatchObject({ vars: { stage: 'dev', cidr: '10.0.0.0/16' } })
})

test('it gets the errors that people get', () => {
  const broken = () => side({ ...base, 'stacks/dev.yaml': 'import: [nowhere]\n' })
  expect(broken).toThrow(UserError)
  expect(broken).toThrow(expect.objectContaining({ code: 'import-not-found', at: expect.anything() }))
})
