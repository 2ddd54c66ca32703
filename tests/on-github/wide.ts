import type { Files } from './house.ts'

/** The components of a wide estate; each stack has one of each. They need no provider, so a plan of them costs little. */
const components = ['cluster', 'network', 'service'] as const
const stages = ['dev', 'prod', 'staging'] as const

/** Replaces the stacks and components of the estate that a house begins with by the first stack of a wide one. */
export function narrow(files: Record<string, string>): void {
  const isKept = (path: string) => path === 'stacks/orgs/plat/_defaults.yaml' || !/^(stacks|components)\//.test(path)
  for (const path of Object.keys(files)) if (!isKept(path)) delete files[path]
  for (const component of components) {
    files[`components/terraform/${component}/main.tf`] = code
    files[`stacks/catalog/${component}.yaml`] = manifest(component, 1)
  }
  Object.assign(files, wideStacks(components.length))
}

/** The stacks of a wide estate, so many that it has this many instances. */
export function wideStacks(instances: number): Files {
  const stacks = Array.from({ length: Math.ceil(instances / components.length) }, (_, index) => {
    const region = `r${String(index).padStart(3, '0')}`
    return [`stacks/orgs/plat/${region}.yaml`, stack(region, stages[index % stages.length]!)] as const
  })
  return Object.fromEntries(stacks)
}

const code = `variable "environment" { type = string }
variable "stage" { type = string }
variable "size" { type = number }

resource "terraform_data" "this" {
  input = { environment = var.environment, stage = var.stage, size = var.size }
}

output "size" { value = terraform_data.this.output.size }
`

function manifest(component: string, size: number): string {
  return `components:
  terraform:
    ${component}:
      vars:
        size: ${size}
`
}

function stack(region: string, stage: string): string {
  return `import:
  - orgs/plat/_defaults
${components.map((it) => `  - catalog/${it}\n`).join('')}
vars:
  environment: ${region}
  stage: ${stage}
`
}
