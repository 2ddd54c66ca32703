import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scanModule } from './hcl.ts'

const MODULE = String.raw`
# variable "commented" {}
// module "x" { source = "./no" }
/* resource "a" "b" {
   provisioner "no" {} */
terraform {
  required_version = ">= 1.5" # not "this"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
      configuration_aliases = [aws.a, aws.b]
    }
    old = "1.2"
  }
  backend "s3" {}
}

variable "password" { sensitive = true }
variable "plain" {
  description = "sensitive = true ${'$'}{x} \"quoted\" { not a block"
  type = object({
    sensitive = optional(bool, true)
    b = string
  })
  validation {
    condition = can(regex("^[a-z]{1,3}$", var.plain))
    error_message = "no"
  }
}

locals {
  doc = <<-EOT
    module "in_heredoc" {
      source = "./never"
    }
    ${'$'}{file("${'$'}{path.module}/in-heredoc.txt")} ${'$'}${'$'}{literal}
  EOT
  after = "seen"
  for = { for k, v in var.m :
    k => v if v != null }
}

module "net" {
  source  = "../modules/net"
  for_each = toset(["a"])
}
module "registry" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.1.0"
}
module "computed" { source = "./${'$'}{var.x}" }

provider "aws" {
  alias = "use1"
}

resource "null_resource" "this" {
  provisioner "local-exec" {
    command = "echo ${'$'}{templatefile("${'$'}{path.module}/t.tpl", { a = file("b.txt") })}"
  }
  triggers = {
    a = filebase64("${'$'}{path.root}/../c.bin")
    b = file(var.where)
    c = "${'$'}{path.module}/src"
    d = fileset(path.module, "*.json")
    e = local.file("x")
  }
}
data "aws_ami" "linux" {}
output "secret" {
  value     = "x"
  sensitive = true
}
`

describe('a module file', () => {
  const module = scanModule(MODULE, 'components/terraform/vpc/main.tf')

  test('tells its variables and outputs, and which are sensitive', () => {
    expect(module.variables.map((it) => [it.name, it.sensitive])).toEqual([
      ['password', true],
      ['plain', false],
    ])
    expect(module.outputs.map((it) => [it.name, it.sensitive])).toEqual([['secret', true]])
  })

  test('tells module calls with their literal sources, not those of comments and heredocs', () => {
    expect(module.moduleCalls.map(({ name, source, version }) => [name, source, version])).toEqual([
      ['net', '../modules/net', undefined],
      ['registry', 'terraform-aws-modules/vpc/aws', '5.1.0'],
      ['computed', undefined, undefined],
    ])
    const line = MODULE.split('\n').findIndex((it) => it.startsWith('module "net"')) + 1
    expect(module.moduleCalls[0]?.at).toEqual({ file: 'components/terraform/vpc/main.tf', line, column: 1 })
  })

  test('tells providers, versions and the backend', () => {
    expect(module.requiredProviders.map(({ name, source, version }) => [name, source, version])).toEqual([
      ['aws', 'hashicorp/aws', '~> 5.0'],
      ['old', undefined, '1.2'],
    ])
    expect(module.requiredVersions).toEqual(['>= 1.5'])
    expect(module.providers.map(({ name, alias }) => [name, alias])).toEqual([['aws', 'use1']])
    expect(module.backend?.type).toBe('s3')
  })

  test('tells resources, data sources and provisioners', () => {
    expect(module.resources.map((it) => it.name)).toEqual(['null_resource.this'])
    expect(module.dataSources.map((it) => it.name)).toEqual(['data.aws_ami.linux'])
    expect(module.provisioners.map(({ name, type }) => [name, type])).toEqual([['null_resource.this', 'local-exec']])
  })

  test('tells which paths its code names, and which only a run can know', () => {
    expect(module.paths.map(({ by, base, path }) => [by, base, path])).toEqual([
      ['file', 'module', 'in-heredoc.txt'],
      ['filebase64', 'root', '../c.bin'],
      ['file', 'module', undefined],
      ['path', 'module', 'src'],
      ['fileset', 'module', '.'],
      ['templatefile', 'module', 't.tpl'],
      ['file', 'root', 'b.txt'],
    ])
  })

  test('has no problem', () => {
    expect(module.problem).toBeUndefined()
  })
})

test('a broken file is read as far as it goes, and the first problem is told with its place', () => {
  const broken = scanModule('variable "a" {}\nmodule "m" {\n  source = "./x"\n', 'main.tf')
  expect(broken.moduleCalls.map((it) => it.source)).toEqual(['./x'])
  expect(broken.problem).toEqual({ message: '"{" is not closed', at: { file: 'main.tf', line: 2, column: 12 } })
  expect(scanModule('a = "x\n', 'main.tf').problem?.message).toBe('a string is not closed')
  expect(scanModule('a = <<E\nx', 'main.tf').problem?.message).toBe('the heredoc E is not closed')
  expect(scanModule('}', 'main.tf').problem?.message).toBe('"}" closes nothing that is open')
  expect(scanModule('what is this', 'main.tf').problem?.message).toBe('"what" is neither an argument nor a block')
  expect(scanModule('a = 1 b = 2', 'main.tf').problem?.message).toBe('a line must end after an argument')
  expect(scanModule('a {} b {}', 'main.tf').problem?.message).toBe('a line must end after a block')
  expect(scanModule('a =\n', 'main.tf').problem?.message).toBe('a value was expected')
  expect(scanModule('a = 1 +\n', 'main.tf').problem?.message).toBe('a value was expected after this')
  expect(scanModule('a = "\\x"\n', 'main.tf').problem?.message).toBe('"\\x" is no escape')
  expect(scanModule('{', 'main.tf.json').problem?.message).toContain('JSON')
})

test('the JSON syntax says the same', () => {
  const module = scanModule(
    JSON.stringify({
      variable: { password: { sensitive: true }, plain: [{ default: '${x}' }] },
      module: { net: { source: '../net' } },
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '5' } }, backend: { s3: {} } },
      resource: { a: { b: { content: '${file("${path.module}/c.txt")}', provisioner: [{ 'local-exec': {} }] } } },
      provider: { aws: [{ alias: 'x' }, {}] },
    }),
    'main.tf.json',
  )
  expect(module.variables.map((it) => [it.name, it.sensitive])).toEqual([
    ['password', true],
    ['plain', false],
  ])
  expect(module.moduleCalls.map((it) => it.source)).toEqual(['../net'])
  expect(module.requiredProviders.map((it) => it.version)).toEqual(['5'])
  expect(module.backend?.type).toBe('s3')
  expect(module.provisioners.map((it) => it.type)).toEqual(['local-exec'])
  expect(module.providers.map((it) => it.alias)).toEqual(['x', undefined])
  expect(module.paths.map((it) => it.path)).toEqual(['c.txt'])
})

test('Windows line ends, tabs and one-line blocks are read', () => {
  const module = scanModule(
    'module "a" { source = "./a" }\r\n\tvariable b { sensitive = false }\r\nx = <<E\r\nt\r\nE\r\n',
    'm.tf',
  )
  expect(module.moduleCalls[0]?.source).toBe('./a')
  expect(module.variables[0]).toEqual({ name: 'b', sensitive: false, at: { file: 'm.tf', line: 2, column: 2 } })
  expect(module.problem).toBeUndefined()
})

test('any text is read to its end without an error', () => {
  const pieces = fc.constantFrom(
    '"',
    '${',
    '}',
    '{',
    '(',
    ')',
    '[',
    ']',
    '<<E',
    '<<-E\n',
    'E\n',
    '\n',
    '#',
    '/*',
    '*/',
    '\\',
    'a',
    ' = ',
    '%{',
    '~',
    '$',
    'file("x")',
    'module "m" ',
    '.',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      ),
      (text) => {
        expect(() => scanModule(text, 'main.tf')).not.toThrow()
      },
    ),
    { numRuns: 2000 },
  )
})

test('a module is found whatever stands before it in balanced form', () => {
  const before = fc.constantFrom(
    '# "{\n',
    '/* { " */',
    'a = "}${b["}"]}{"\n',
    'x { y = [1, {\n z = 2 }] }\n',
    'd = <<-E\n  } " ${ f({ a = "}" }) } {\n  E\n',
    'c = a ? "%{ if x }{%{ endif }" : null\n',
  )
  fc.assert(
    fc.property(fc.array(before, { maxLength: 8 }), (parts) => {
      const found = scanModule(`${parts.join('\n')}\nmodule "m" {\n  source = "./m"\n}\n`, 'main.tf')
      expect(found.moduleCalls.map(({ source }) => source)).toEqual(['./m'])
      expect(found.problem).toBeUndefined()
    }),
  )
})
