import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isNeverApplied, type PlainInstance, plainInstances } from './estates.ts'
import type { Stage } from './stage.ts'

/**
 * Applies an estate as people do who have Terraform and Atmos' conventions only: in every component's folder, a workspace
 * a stack, the variables in a file. One instance is left out: nobody ever applied it.
 */
export async function plainTerraform({ repo, run }: Stage): Promise<void> {
  const backend = JSON.stringify({ terraform: { backend: { local: {} } } })
  for (const component of new Set(plainInstances.map((it) => it.component))) {
    const folder = `components/terraform/${component}`
    await writeFile(join(repo, folder, 'backend.tf.json'), backend)
    await run('terraform', ['init', '-input=false'], folder)
  }
  const queue = plainInstances.filter((it) => !isNeverApplied(it))
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await apply(next)
  }
  const apply = async ({ component, stack, vars }: PlainInstance) => {
    const folder = `components/terraform/${component}`
    const file = `${stack}-${component}.terraform.tfvars.json`
    await writeFile(join(repo, folder, file), JSON.stringify(vars))
    await run('terraform', ['apply', '-auto-approve', '-input=false', `-var-file=${file}`], folder, {
      TF_WORKSPACE: stack,
    })
  }
  await Promise.all([worker(), worker(), worker()])
}
