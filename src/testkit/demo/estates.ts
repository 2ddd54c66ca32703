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

/** One component of one stack of the estate that was applied by plain Terraform. */
export interface PlainInstance {
  readonly component: string
  readonly stack: string
  readonly vars: Readonly<Record<string, string | number>>
}

const common = { labels: { retention: 30 }, zone: { ttl: 300 }, bucket: { days: 90 } }

/** The sixty instances: labels everywhere, a zone nearly everywhere, and four buckets. */
export const plainInstances: readonly PlainInstance[] = ['dev', 'staging', 'prod'].flatMap((stage) =>
  Array.from({ length: 10 }, (_, index) => {
    const environment = `r${index}`
    const components = [
      'labels',
      ...(index < 9 && !(index === 8 && stage === 'dev') ? ['zone'] : []),
      ...bucketsOf(index, stage),
    ]
    return components.map((component) => ({
      component,
      stack: `acme-${environment}-${stage}`,
      vars: { tenant: 'acme', environment, stage, ...common[component as keyof typeof common] },
    }))
  }).flat(),
)

function bucketsOf(index: number, stage: string): string[] {
  return index === 0 || (index === 1 && stage === 'prod') ? ['bucket'] : []
}

/** The one that nobody ever applied. */
export function isNeverApplied({ component, stack }: PlainInstance): boolean {
  return component === 'zone' && stack === 'acme-r7-prod'
}

const provider = `terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`

/**
 * Two stacks of a network and a cluster that reads it; one of them has jobs too, which are made one after another, the
 * other a report of what others keep in the cloud.
 */
function small(): Readonly<Record<string, string>> {
  const stack = (environment: string, number: number, jobs: string) => `import:
  - catalog/defaults
  - catalog/cluster

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
      metadata:
        inherits:
          - cluster/defaults
      vars:
        size: 3
${jobs}`
  const jobs = `    jobs:
      vars:
        image: jobs:1.0.0
`
  const report = `    report:
      vars:
        notice: notice
`
  return {
    'stacks/catalog/defaults.yaml': `terraform:
  backend_type: local
`,
    'stacks/catalog/cluster.yaml': `components:
  terraform:
    cluster/defaults:
      metadata:
        type: abstract
      vars:
        cluster_version: "1.31"
        network_cidr: !terraform.state vpc cidr
`,
    'stacks/orgs/plat/dev/ue1.yaml': stack('ue1', 1, jobs),
    'stacks/orgs/plat/dev/ue2.yaml': stack('ue2', 2, report),
    'components/terraform/report/main.tf': `${provider}
${variables('notice', 'string')}
variable "region" {
  type = string
}

data "folder_lookup" "notice" {
  kind = "file"
  name = var.notice
}

output "notice" {
  value = data.folder_lookup.notice.json
}
`,
    'components/terraform/jobs/main.tf': `${provider}
${variables('image', 'string')}
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

/** Thirty stacks, as a team has them that runs Atmos by hand. */
function plain(): Readonly<Record<string, string>> {
  const stacks = new Map<string, PlainInstance[]>()
  for (const it of plainInstances) stacks.set(it.stack, [...(stacks.get(it.stack) ?? []), it])
  return {
    'stacks/catalog/defaults.yaml': `terraform:
  backend_type: local
  backend:
    local: {}
`,
    ...Object.fromEntries(
      Object.entries(common).map(([component, vars]) => [
        `stacks/catalog/${component}.yaml`,
        `components:\n  terraform:\n    ${component}/defaults:\n      metadata:\n        type: abstract\n      vars:\n${Object.entries(
          vars,
        )
          .map(([name, value]) => `        ${name}: ${value}\n`)
          .join('')}`,
      ]),
    ),
    ...Object.fromEntries(
      [...stacks].map(([name, instances]) => {
        const [tenant, environment, stage] = name.split('-')
        const vars = `vars:\n  tenant: ${tenant}\n  environment: ${environment}\n  stage: ${stage}\n`
        const imports = ['defaults', ...instances.map(({ component }) => component)]
        const components = instances.map(
          ({ component }) =>
            `    ${component}:\n      metadata:\n        component: ${component}\n        inherits:\n          - ${component}/defaults\n`,
        )
        return [
          `stacks/orgs/${tenant}/${stage}/${environment}.yaml`,
          `import:\n${imports.map((it) => `  - catalog/${it}\n`).join('')}\n${vars}\ncomponents:\n  terraform:\n${components.join('')}`,
        ]
      }),
    ),
    'components/terraform/bucket/main.tf': `${provider}
${variables('days', 'number')}
resource "folder_file" "bucket" {
  name    = "bucket-\${var.environment}-\${var.stage}"
  content = { owner = var.tenant, days = var.days }
}
`,
    'components/terraform/labels/main.tf': `${variables('retention', 'number')}
resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,
    'components/terraform/zone/main.tf': `${variables('ttl', 'number')}
resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`,
  }
}

/** Declarations of the variables that every component has, and of one more. */
function variables(name: string, type: string): string {
  return ['tenant', 'environment', 'stage']
    .map((it) => `variable "${it}" {\n  type = string\n}\n\n`)
    .concat(`variable "${name}" {\n  type = ${type}\n}\n`)
    .join('')
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
