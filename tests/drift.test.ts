import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { entries } from '../src/cli/registry.ts'
import { run } from '../src/cli/run.ts'
import { hasTerraform } from '../src/terraform/drivers/cli.testkit.ts'
import { providerSource } from '../src/testkit/mirror.ts'
import { sandbox } from '../src/testkit/sandbox.ts'
import { recordedTerminal } from '../src/testkit/terminal.ts'

const provider = `terraform {
  required_providers {
    folder = { source = "${providerSource}" }
  }
}
variable "stage" { type = string }
`
const files: Readonly<Record<string, string>> = {
  'atmos.yaml':
    'components:\n  terraform:\n    base_path: components/terraform\n    auto_generate_backend_file: true\nstacks:\n  base_path: stacks\n  included_paths: ["**/*"]\n  name_pattern: "{stage}"\n',
  'components/terraform/vpc/main.tf': `${provider}
variable "cidr" { type = string }
resource "folder_network" "this" {
  name = var.stage
  cidr = var.cidr
}
output "cidr" { value = folder_network.this.cidr }
`,
  'components/terraform/note/main.tf': `${provider}
variable "text" { type = string }
resource "folder_file" "this" {
  name    = "note-\${var.stage}"
  content = { text = var.text }
}
`,
  'components/terraform/rules/main.tf': `${provider}
variable "network" { type = string }
resource "folder_file" "this" {
  name    = "rules-\${var.stage}"
  content = { network = var.network }
}
`,
  'stacks/dev.yaml': `vars: { stage: dev }
terraform: { backend_type: local }
components:
  terraform:
    note: { vars: { text: one } }
    vpc: { vars: { cidr: 10.0.0.0/16 } }
    rules:
      vars:
        network: !terraform.state vpc cidr
`,
  'stacks/prod.yaml':
    'vars: { stage: prod }\nterraform: { backend_type: local }\ncomponents: { terraform: { note: { vars: { text: one } } } }\n',
  '.gitignore': '.terraform/\nterraform.tfstate.d/\nbackend.tf.json\n.terraform.lock.hcl\n',
}

async function house() {
  const { root, cloud, env: outer, dispose } = await sandbox()
  const folder = join(root, 'infra')
  const env = {
    ...Object.fromEntries(Object.entries(outer).filter(([name]) => !/^(GIT_|AIRLOCK_|ATMOS_|TF_VAR_)/.test(name))),
    XDG_CONFIG_HOME: join(root, 'config'),
    AIRLOCK_WORK: join(root, 'work'),
    GIT_CONFIG_GLOBAL: '/dev/null',
  }
  await mkdir(join(root, 'work'))
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  const command = async (name: string, words: readonly string[], at = '.', more = {}) =>
    (await promisify(execFile)(name, words, { cwd: join(folder, at), env: { ...env, ...more } })).stdout
  const commit = async (subject: string) => {
    await command('git', ['add', '-A'])
    await command('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@acme.test', 'commit', '-qm', subject])
  }
  await command('git', ['init', '-qb', 'main'])
  await commit('Describe the estate')
  const initialised = new Set<string>()
  return {
    write,
    commit,
    /** Applies an instance by hand, where Atmos would. */
    async byHand(component: string, stack: string, ...words: string[]) {
      const at = `components/terraform/${component}`
      if (!initialised.has(component)) {
        initialised.add(component)
        await write(`${at}/backend.tf.json`, '{"terraform":{"backend":{"local":{}}}}')
        await command('terraform', ['init', '-input=false'], at)
      }
      const apply = ['apply', '-auto-approve', '-input=false', '-var', `stage=${stack}`, ...words]
      await command('terraform', apply, at, { TF_WORKSPACE: stack })
    },
    /** Changes an object of the cloud as somebody with another tool would. */
    async outside(object: string, change: (it: Record<string, unknown>) => void) {
      const path = join(cloud, `${object}.json`)
      const it = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
      change(it)
      await writeFile(path, JSON.stringify(it))
    },
    async airlock(...words: string[]) {
      const terminal = recordedTerminal({ cwd: folder, env, width: 120 })
      const code = await run(words, entries, () => terminal)
      return { code, text: terminal.printed() }
    },
    dispose,
  }
}

interface Found {
  readonly items: readonly { readonly id: string; readonly kind: string; readonly class?: string }[]
}

test.skipIf(!hasTerraform)(
  'an estate that plain Terraform applied is adopted, and four classes of drift are told apart in it',
  async () => {
    const here = await house()
    try {
      await Promise.all([
        here.byHand('vpc', 'dev', '-var', 'cidr=10.0.0.0/16'),
        here.byHand('rules', 'dev', '-var', 'network=10.0.0.0/16'),
        here.byHand('note', 'dev', '-var', 'text=one').then(() => here.byHand('note', 'prod', '-var', 'text=one')),
      ])
      const adopted = await here.airlock('adopt')
      expect(adopted.text).toMatch(/^Adopted: 4 of 4 instances are as main@[0-9a-f]{7} asks/)
      expect(adopted.code).toBe(0)

      // Out of band: the network was changed, and Terraform's state was made to agree by hand, which moves its output.
      await here.outside('network/dev', (it) => {
        it.cidr = '10.9.0.0/16'
      })
      await here.byHand('vpc', 'dev', '-var', 'cidr=10.0.0.0/16', '-refresh-only')
      // Noise: the cloud counts by itself, and nothing asks for a number.
      await here.outside('file/note-dev', (it) => {
        it.version = 7
      })
      // Merged, and not applied yet.
      await here.write('stacks/prod.yaml', files['stacks/prod.yaml']!.replace('text: one', 'text: two'))
      await here.commit('Say two')

      const { text, code } = await here.airlock('drift', '--json')
      const { items } = JSON.parse(text) as Found
      expect(items.map((it) => `${it.id} ${it.class ?? it.kind}`)).toEqual([
        'note@dev provider-noise',
        'note@prod unapplied-commit',
        'rules@dev external-data',
        'vpc@dev out-of-band',
      ])
      expect(code).toBe(3)

      // The state was written by hand: what is expected is what the code asks for, not what the state says.
      await here.outside('network/dev', (it) => {
        it.cidr = '10.8.0.0/16'
      })
      const issue = await here.airlock('drift', 'vpc', '-s', 'dev', '--issues')
      expect(issue.text).toContain('| `folder_network.this` | `cidr` | `"10.0.0.0/16"` | `"10.8.0.0/16"` |')
    } finally {
      await here.dispose()
    }
  },
  600_000,
)
