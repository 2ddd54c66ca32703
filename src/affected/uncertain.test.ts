import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Instance, LateCall } from '../stacks/instance.ts'
import { uncertainInputs } from './uncertain.ts'

const folder = 'components/terraform/vpc'
const instance = (late: readonly LateCall[] = []) => ({ folder, late }) as unknown as Instance
const ask = (main: string, more: Record<string, string> = {}) =>
  uncertainInputs(memoryTree({ [`${folder}/main.tf`]: main, ...more }), instance())

test('fixed modules and providers are certain', () => {
  expect(
    ask(`
      terraform { required_providers { aws = { source = "hashicorp/aws", version = "5.1.0" } } }
      module "a" {
        source  = "cloudposse/label/null"
        version = "0.25.0"
      }
      module "b" { source = "git::https://example.test/x.git?ref=0123456789012345678901234567890123456789" }
      module "c" { source = "../label" }`),
  ).toEqual([])
})

test('what may be another thing tomorrow is named', () => {
  expect(
    ask(`
      terraform { required_providers { aws = { source = "hashicorp/aws", version = "~> 5.0" } } }
      module "a" {
        source  = "cloudposse/label/null"
        version = ">= 0.25"
      }
      module "b" { source = "git::https://example.test/x.git?ref=main" }
      data "aws_ami" "linux" {}`),
  ).toEqual([
    'data.aws_ami.linux is read when planning',
    'module a floats: cloudposse/label/null names no fixed version',
    'module b floats: git::https://example.test/x.git?ref=main names no fixed version',
    'provider aws has no lock file and may be any ~> 5.0',
  ])
})

test('a lock file makes a range of provider versions certain', () => {
  const range = 'terraform { required_providers { aws = { source = "hashicorp/aws", version = "~> 5.0" } } }'
  expect(ask(range, { [`${folder}/.terraform.lock.hcl`]: '' })).toEqual([])
})

test('the environment is uncertain', () => {
  const call: LateCall = {
    name: 'env',
    args: 'REGION us-east-1',
    path: ['vars', 'region'],
    at: { file: 'a', line: 1, column: 1 },
  }
  expect(uncertainInputs(memoryTree({}), instance([call]))).toEqual(['!env REGION comes from the environment'])
})
