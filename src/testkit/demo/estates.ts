import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Estate } from './scene.ts'

/** Writes the files of an estate into the folder of its repository. */
export async function writeEstate(estate: Estate, repo: string): Promise<void> {
  const source = await quickstart()
  if (estate === 'quickstart') return cp(source, repo, { recursive: true })
  await cp(join(source, 'atmos.yaml'), join(repo, 'atmos.yaml'))
  await cp(join(source, '.gitignore'), join(repo, '.gitignore'))
  if (estate === 'small')
    for (const component of ['vpc', 'cluster'])
      await cp(join(source, 'components/terraform', component), join(repo, 'components/terraform', component), {
        recursive: true,
      })
  for (const [path, text] of Object.entries(estate === 'small' ? small() : plain())) {
    await mkdir(dirname(join(repo, path)), { recursive: true })
    await writeFile(join(repo, path), text)
  }
}

/** The stacks of the estate that was applied by plain Terraform, in order. */
export const plainStacks: readonly string[] = ['dev', 'staging', 'prod'].flatMap((stage) =>
  Array.from({ length: 10 }, (_, index) => `acme-r${index}-${stage}`),
)

const provider = `terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`

/** Two stacks of a network and a cluster that reads it; one of them has jobs too, which are made one after another. */
function small(): Readonly<Record<string, string>> {
  const stack = (environment: string, number: number, jobs: string) => `import:
  - catalog/defaults

vars:
  tenant: plat
  stage: dev
  environment: ${environment}
  region: us-east-${number}

components:
  terraform:
    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: ${number}
    cluster:
      vars:
        cluster_version: "1.31"
        size: 3
        network_cidr: !terraform.state vpc cidr
${jobs}`
  const jobs = `    jobs:
      vars:
        image: jobs:1.0.0
`
  return {
    'stacks/catalog/defaults.yaml': `terraform:
  backend_type: local
`,
    'stacks/orgs/plat/dev/ue1.yaml': stack('ue1', 1, jobs),
    'stacks/orgs/plat/dev/ue2.yaml': stack('ue2', 2, ''),
    'components/terraform/jobs/main.tf': `${provider}
variable "image" {
  type = string
}

variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

variable "region" {
  type = string
}

resource "folder_file" "queue" {
  name    = "queue-\${var.environment}"
  content = { image = var.image }
}

resource "folder_file" "worker" {
  name    = "worker-\${var.environment}"
  content = { image = var.image, queue = folder_file.queue.id }
}

resource "folder_file" "schedule" {
  name    = "schedule-\${var.environment}"
  content = { image = var.image, worker = folder_file.worker.id }
}
`,
  }
}

/** Thirty stacks of two components, as a team has them that runs Atmos by hand. */
function plain(): Readonly<Record<string, string>> {
  return {
    'stacks/catalog/defaults.yaml': `terraform:
  backend_type: local
components:
  terraform:
    labels:
      vars:
        retention: 30
    zone:
      vars:
        ttl: 300
`,
    ...Object.fromEntries(
      plainStacks.map((name) => {
        const [tenant, environment, stage] = name.split('-')
        const vars = `vars:\n  tenant: ${tenant}\n  environment: ${environment}\n  stage: ${stage}\n`
        return [
          `stacks/orgs/${tenant}/${stage}/${environment}.yaml`,
          `import:\n  - catalog/defaults\n\n${vars}\ncomponents:\n  terraform:\n    labels: {}\n    zone: {}\n`,
        ]
      }),
    ),
    'components/terraform/labels/main.tf': `variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

variable "retention" {
  type = number
}

resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,
    'components/terraform/zone/main.tf': `variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

variable "ttl" {
  type = number
}

resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`,
  }
}

/** `examples/quickstart`, which lies beside `dist/` in an installation and two levels up from here in development. */
async function quickstart(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const up of ['..', '../../..', '../..']) {
    const path = join(here, up, 'examples', 'quickstart')
    if (await readFile(join(path, 'atmos.yaml')).catch(() => undefined)) return path
  }
  throw new Error(`examples/quickstart is not in this installation (looked from ${here})`)
}
