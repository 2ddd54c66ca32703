import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

const mixin = 'stacks/mixins/stage'

/** From a first commit to a change that is planned, merged, approved and applied; then what Airlock refuses. */
export const mainJob: readonly Scene[] = [
  {
    name: 'estate',
    title: 'An estate to begin with: 3 components in 6 stacks',
    on: 'quickstart',
    async play({ quietly, say, look }) {
      const plans = JSON.parse(await quietly(['plan', '--json'], 0)) as Counted
      say(
        `  Nothing was ever applied, so everything is in flight. ${count(plans, 'planned')} instances are planned at once: vpc, and\n` +
          `  cluster, which reads an output that the plan of vpc knows already. ${count(plans, 'deferred')} are ${look.bold('deferred')}: app reads what\n` +
          '  only an applied cluster can tell.',
      )
      await quietly(['approve', '--all'], 0)
      const first = JSON.parse(await quietly(['apply', '--json'], 3)) as Counted
      await quietly(['approve', '--all'], 0)
      const second = JSON.parse(await quietly(['apply', '--json'], 0)) as Counted
      say(
        `  Approved; ${count(first, 'applied')} applied, each after what it reads. The ${count(first, 'waits')} deferred ones were planned on the way;\n` +
          `  approved too; ${count(second, 'applied')} applied. 18 of 18, nothing in flight.`,
      )
    },
  },
  {
    name: 'affected',
    title: 'A branch changes one setting. What does it touch, and why?',
    on: 'quickstart',
    async play({ git, edit, airlock }) {
      await git('switch', '-qc', 'wider-dev')
      await edit(`${mixin}/dev.yaml`, 'address_range: 10.16.0.0/12', 'address_range: 10.64.0.0/12')
      await git('commit', '-qam', 'Move dev to its own address range')
      await airlock(['affected'], 0)
    },
  },
  {
    name: 'plan',
    title: 'Plans, sealed and stored; the comment that reviewers read',
    on: 'quickstart',
    async play({ airlock, say }) {
      await airlock(['plan'], 0)
      say(
        '  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after\n' +
          '  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)',
      )
    },
  },
  {
    name: 'merge',
    title: 'Squash-merged: in flight until it is applied',
    on: 'quickstart',
    async play({ git, airlock }) {
      await git('switch', '-q', 'main')
      await git('merge', '-q', '--squash', 'wider-dev')
      await git('commit', '-qm', 'Move dev to its own address range (#41)')
      await git('branch', '-qD', 'wider-dev')
      await airlock(['status'], 3)
    },
  },
  {
    name: 'apply',
    title: 'Approved, then applied: exactly that, in order, once',
    on: 'quickstart',
    async play({ airlock, say }) {
      await airlock(['approve', '--all'], 0)
      say(
        '  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip\n' +
          '  before its exact bytes are applied.',
      )
      await airlock(['apply'], 3)
      say(
        '  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is\n' +
          '  another now: a plan that nobody approved, so it waits.',
      )
      await airlock(['approve', 'app', '-s', 'plat-ue2-dev'], 0)
      await airlock(['apply'], 0)
      await airlock(['show', 'cluster', '-s', 'plat-ue2-dev'], 0)
      await airlock(['status'], 0)
    },
  },
  {
    name: 'tampered',
    title: 'Tampered with: refused, and the refusals explain themselves',
    on: 'quickstart',
    async play(stage) {
      const { git, edit, airlock, quietly, say, look } = stage
      await edit(`${mixin}/staging.yaml`, 'address_range: 10.32.0.0/12', 'address_range: 10.80.0.0/12')
      await git('commit', '-qam', 'Move staging to its own address range (#42)')
      await quietly(['plan'], 0)
      await quietly(['approve', '--all'], 0)
      say(`  ${look.bold('One byte')} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`)
      await flipByte(stage, 'vpc@plat-ue1-staging')
      await airlock(['apply', 'vpc', '-s', 'plat-ue1-staging'], 3)
      say(
        `  Somebody runs Terraform by hand, so that the ${look.bold('state')} of vpc in plat-ue2-staging moves behind Airlock's back:`,
      )
      await moveState(stage, 'plat-ue2-staging')
      await airlock(['apply', 'vpc', '-s', 'plat-ue2-staging'], 3)
      await airlock(['status'], 3)
    },
  },
]

/** What `plan --json` and `apply --json` say of each instance. */
interface Counted {
  readonly items: readonly { readonly kind: string }[]
}

function count({ items }: Counted, kind: string): number {
  return items.filter((item) => item.kind === kind).length
}

/** Changes one byte in the middle of the newest sealed plan of an instance, as a faulty disk or a wicked person would. */
async function flipByte({ repo, quietly }: Stage, id: string): Promise<void> {
  const status = JSON.parse(await quietly(['status', '--json'], 3)) as {
    items: { id: string; plan?: { blob: string } }[]
  }
  const blob = status.items.find((item) => item.id === id)?.plan?.blob
  if (blob === undefined) throw new Error(`no sealed plan of ${id}`)
  const path = join(repo, '.git', 'airlock', blob)
  const bytes = await readFile(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = bytes[middle]! ^ 1
  await writeFile(path, bytes)
}

/** Runs Terraform by hand in the component's folder, as people do: it adds a tag to the network. */
async function moveState({ run, repo }: Stage, stack: string): Promise<void> {
  const folder = 'components/terraform/vpc'
  await run('terraform', ['init', '-input=false'], folder)
  await run('terraform', ['workspace', 'select', stack], folder)
  const state = join(repo, folder, 'terraform.tfstate.d', stack)
  if (!(await readdir(state)).includes('terraform.tfstate')) throw new Error(`no state in ${state}`)
  await run('terraform', ['taint', 'folder_network.this'], folder)
}
