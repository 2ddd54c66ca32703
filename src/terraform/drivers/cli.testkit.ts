import { join } from 'node:path'
import { nodeMachine } from '../../machine/drivers/node.ts'
import type { Sandbox } from '../../testkit/sandbox.ts'
import type { Job, Terraform } from '../terraform.ts'
import { cliTerraform } from './cli.ts'

/** The driver as tests use it, with its working copies in the sandbox. */
export function sandboxTerraform(
  { root, env }: Sandbox,
  stop = new AbortController().signal,
  of = 'a test',
): Terraform {
  return cliTerraform({ env, work: join(root, 'work'), machine: nodeMachine(), of, stop })
}

const folder = 'components/terraform/file'

const versions = `terraform {
  required_providers {
    folder = { source = "airlock.dev/demo/folder" }
  }
}
`

/** A component that holds one `folder_file` made of the variables `name`, `text` and `fail_on`. */
export const fileComponent = `${versions}
variable "name" { type = string }
variable "text" { type = string }
variable "fail_on" {
  type    = string
  default = null
}
variable "delay_ms" {
  type    = number
  default = null
}
resource "folder_file" "this" {
  name     = var.name
  content  = { text = var.text }
  fail_on  = var.fail_on
  delay_ms = var.delay_ms
}
output "text" { value = folder_file.this.content.text }
output "version" { value = folder_file.this.version }
`

/** A job for one component of local state, its state kept below `root/checkout`. */
export function jobOf(
  { root }: Pick<Sandbox, 'root'>,
  { name, main, vars, ...over }: { name: string; main: string; vars: Readonly<Record<string, unknown>> } & Partial<Job>,
): Job {
  return {
    key: `0123456789abcdef/file@${name}`,
    folder,
    files: new Map([[`${folder}/main.tf`, { bytes: Buffer.from(main), executable: false }]]),
    generated: new Map([
      ['backend.tf.json', JSON.stringify({ terraform: { backend: { local: {} } } })],
      ['vars.tfvars.json', JSON.stringify(vars)],
    ]),
    varFile: 'vars.tfvars.json',
    env: { TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true' },
    workspace: name,
    init: { reconfigure: true, passVars: false },
    links: new Map([['terraform.tfstate.d', join(root, 'checkout', folder, 'terraform.tfstate.d')]]),
    ...over,
  }
}

/** Whether real Terraform is on this machine: tests that need it are skipped, and counted, where it is not. */
export const hasTerraform =
  (await cliTerraform({
    env: process.env,
    work: '/nowhere',
    machine: nodeMachine(),
    of: 'a test',
    stop: new AbortController().signal,
  }).tool('terraform')) !== undefined
