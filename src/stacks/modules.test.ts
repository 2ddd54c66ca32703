import { expect, test } from 'vitest'
import type { Tree } from '../git/tree.ts'
import { literalPaths, localModules, sensitiveVariables } from './modules.ts'

function tree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort()
  return {
    root: '/repo',
    files: new Map(paths.map((path) => [path, { path, hash: files[path]!, mode: 'file' }])),
    text: (path) => files[path],
  }
}

const repo = tree({
  'components/terraform/vpc/main.tf': `
    module "net" { source = "../../../modules/net" }
    module "self" { source = "./" }
    module "out" { source = "../../../../elsewhere" }
    module "registry" { source = "a/b/c" }
    variable "token" { sensitive = true }
    locals { a = file("\${path.module}/a.json") }`,
  'components/terraform/vpc/more.tf.json': '{"variable":{"key":{"sensitive":true}}}',
  'modules/net/main.tf': `
    module "deep" { source = "./deep" }
    locals {
      b = file("\${path.module}/b.json")
      c = file("from-root.json")
      d = file(var.where)
    }`,
  'modules/net/deep/main.tf': 'module "back" { source = "../" }',
  'modules/net/README.md': 'module "no" { source = "../unused" }',
})

test('local modules are followed through modules, around cycles, and not out of the repository', () => {
  expect(localModules(repo, 'components/terraform/vpc')).toEqual(['modules/net', 'modules/net/deep'])
})

test('literal paths belong to the module that names them, or to the folder Terraform runs in', () => {
  const { paths, unknown } = literalPaths(repo, 'components/terraform/vpc')
  expect(paths).toEqual([
    'components/terraform/vpc/a.json',
    'components/terraform/vpc/from-root.json',
    'modules/net/b.json',
  ])
  expect(unknown.map((it) => it.at)).toEqual([{ file: 'modules/net/main.tf', line: 6, column: 11 }])
})

test('sensitive variables are found in both syntaxes', () => {
  expect([...sensitiveVariables(repo, 'components/terraform/vpc')].sort()).toEqual(['key', 'token'])
})
