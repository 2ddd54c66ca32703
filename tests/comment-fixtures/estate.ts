import type { MemoryFiles } from '../../src/git/drivers/memory.ts'
import type { ScriptedComponent } from '../../src/terraform/drivers/scripted.ts'
import { knownAfterApply } from '../../src/terraform/drivers/scripted-plan.ts'

const main = (name: string) => ({ [`components/terraform/${name}/main.tf`]: `# ${name}\n` })

const stack = (stage: string, environment: string, components: string) => ({
  [`stacks/orgs/plat/${stage}/${environment}.yaml`]: `import:
  - mixins/stage/${stage}

vars:
  environment: ${environment}

components:
  terraform:
${components}`,
})

const mixin = (stage: string, size: number, cidr: string) => ({
  [`stacks/mixins/stage/${stage}.yaml`]: `vars:
  tenant: plat
  stage: ${stage}
  size: ${size}
  cidr: ${cidr}
terraform:
  backend_type: local
`,
})

const vpc = '    vpc: {}\n'
const cluster = '    cluster:\n      vars:\n        network: !terraform.state vpc cidr\n'
const database = (engine: string) => `    database:\n      vars:\n        engine_version: "${engine}"\n`
const bastion = '    bastion:\n      vars:\n        users: [ann, bob]\n'
const dns = '    dns:\n      vars:\n        zone: plat.acme.test\n'

/** What is applied already: four stacks of one platform. */
export const before: MemoryFiles = {
  'atmos.yaml': `components:
  terraform:
    base_path: components/terraform
    auto_generate_backend_file: true
stacks:
  base_path: stacks
  included_paths: ["orgs/**/*"]
  name_pattern: "{tenant}-{environment}-{stage}"
`,
  '.github/CODEOWNERS': '/stacks/orgs/plat/prod/ @acme/network\n',
  ...main('vpc'),
  ...main('cluster'),
  ...main('database'),
  ...main('bastion'),
  ...main('dns'),
  ...mixin('dev', 1, '10.16.0.0/12'),
  ...mixin('staging', 2, '10.32.0.0/12'),
  ...mixin('prod', 3, '10.48.0.0/12'),
  ...stack('dev', 'ue2', vpc + database('15.4') + bastion),
  ...stack('staging', 'ue2', vpc + database('15.4')),
  ...stack('prod', 'ue1', vpc + cluster),
  ...stack('prod', 'ue2', vpc + cluster + database('15.4')),
}

/** What was merged before, and is not applied yet. */
export const earlier = stack(
  'prod',
  'ue2',
  `${vpc.replace('{}', '\n      vars:\n        size: 4')}${cluster}${database('15.4')}`,
)

/** What the pull request changes: twelve instances, each of them in one of these ways. */
export const change: Readonly<Record<string, string | undefined>> = {
  ...mixin('prod', 3, '10.96.0.0/12'),
  ...stack('dev', 'ue2', vpc + database('16.1') + dns),
  ...stack('staging', 'ue2', vpc + database('16.1') + dns),
  ...stack('prod', 'ue1', vpc + cluster + dns),
  ...stack('prod', 'ue2', `${vpc.replace('{}', '\n      vars:\n        size: 4')}${cluster}${database('16.1')}${dns}`),
}

/** What a value is that only the apply of what it depends on can tell. */
function later(kept: boolean, old: unknown, phase: 'plan' | 'apply', made: string): unknown {
  if (kept && old !== undefined) return old
  return phase === 'apply' ? made : knownAfterApply
}

const policy = (action: string) => JSON.stringify({ Statement: [{ Action: action, Effect: 'Allow' }] })

/** What Terraform makes of each component. */
export const components: Readonly<Record<string, ScriptedComponent>> = {
  vpc: ({ cidr, size, stage }, prior, phase) => {
    const old = prior['folder_network.this']
    const subnets = ['a', 'b'].map((zone) => [`folder_subnet.${zone}`, { zone, range: `${cidr} ${zone}` }])
    return {
      objects: {
        'folder_network.this': {
          arn: later(old?.cidr === cidr, old?.arn, phase, `folder:${cidr}`),
          cidr,
          size,
          name: `plat-${stage}`,
          token: `token-of-${cidr}`,
        },
        ...Object.fromEntries(subnets),
      },
      outputs: { cidr },
      sensitive: { 'folder_network.this': ['token'] },
    }
  },
  cluster: ({ network, size }, prior, phase) => ({
    objects: {
      'folder_cluster.this': {
        network,
        size,
        endpoint: later(true, prior['folder_cluster.this']?.endpoint, phase, 'https://cluster.acme.test'),
      },
    },
    outputs: {},
  }),
  database: ({ engine_version, size }, prior, phase) => {
    const old = prior['folder_database.this']
    return {
      objects: {
        'folder_database.this': {
          engine_version,
          size,
          address: later(old?.engine_version === engine_version, old?.address, phase, `db-${engine_version}`),
          policy: policy(engine_version === '15.4' ? 'read' : 'read-write'),
        },
      },
      outputs: {},
      fixed: { 'folder_database.this': ['engine_version'] },
    }
  },
  bastion: ({ users }) => ({
    objects: Object.fromEntries(
      (users as string[]).map((name) => [`folder_user.${name}`, { id: `user-${name}`, name }]),
    ),
    outputs: {},
  }),
  dns: ({ zone, stage, environment }, prior, phase) => ({
    objects: {
      'folder_zone.this': {
        name: `${environment}.${stage}.${zone}`,
        id: later(true, prior['folder_zone.this']?.id, phase, 'Z1'),
      },
    },
    outputs: { name: `${environment}.${stage}.${zone}` },
  }),
}
