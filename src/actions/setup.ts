import { readFile } from 'node:fs/promises'
import { type Checkout, checkout, commitOf } from '../flows/checkout.ts'
import { environmentOf } from '../flows/environment.ts'
import { jobOfFile, parseJobsFile, plannedCommit } from '../flows/jobs-file.ts'
import { fits, type ToolWishes, toolWishes, versionFor } from '../flows/tool-wishes.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { openPrograms, openRepo } from '../wire.ts'
import { jobsPath } from './affected.ts'
import { download, install, platformName, releases } from './install.ts'
import type { Action, Step } from './step.ts'

/** Puts the Terraform or OpenTofu on the PATH that the instances of a job ask for; what is there already is used if it fits. */
export const action: Action = async (step) => {
  const { at, ids } = await instancesOf(step)
  const asked = await toolWishes(at, ids)
  const { kind, command } = asked
  if (command !== kind) {
    step.log(`${command} is used as it is (components.terraform.command)`)
    return 0
  }
  const there = await openPrograms(step).find(kind, ['version'])
  if (there?.version !== undefined && fits(asked, there.version)) {
    step.log(`${kind} ${there.version} of this runner is used${wishText(asked)}`)
    return 0
  }
  const version = await versionFor(asked, () => releases(kind, download))
  const cache = step.env.RUNNER_TOOL_CACHE || step.context.temp
  const platform = platformName(process.platform, process.arch)
  const folder = await install(kind, version, { cache, platform, get: download })
  step.path(folder)
  step.log(`${kind} ${version} is on the PATH now${wishText(asked)}`)
  return 0
}

async function instancesOf(step: Step): Promise<{ readonly at: Checkout; readonly ids: readonly InstanceId[] }> {
  const world = await openRepo(step)
  const job = step.input('job')
  if (job !== '') {
    const file = parseJobsFile(await readFile(jobsPath(step)))
    return { at: await checkout(world, await plannedCommit(world, file)), ids: jobOfFile(file, job).ids }
  }
  const [component, environment] = [step.input('component'), step.input('environment')]
  const at = await checkout(world, await commitOf(world, 'HEAD'))
  const ids = [...at.subjects.values()].flatMap(({ instance }) =>
    (component === '' || instance.component === component) &&
    (environment === '' || environmentOf(instance) === environment)
      ? [instance.id]
      : [],
  )
  return { at, ids }
}

function wishText({ wishes }: ToolWishes): string {
  const all = [...new Set(wishes.map(({ constraint }) => constraint))]
  return all.length === 0 ? '' : ` (asked for: ${all.join(' and ')})`
}
