import { UserError } from '../error.ts'
import type { GitHubWorld, World } from '../flows/world.ts'
import type { StoreRole } from '../settings.ts'
import { openJobWorld } from '../wire/job.ts'
import type { Step } from './step.ts'

/** The world of a step. Only a step that was given a token can ask and tell GitHub. */
export async function openStep(
  step: Step,
  role: StoreRole,
  { runsTerraform = role === 'plan' || role === 'apply' } = {},
): Promise<World> {
  const { repository, serverUrl, apiUrl, temp, runId, attempt, jobId, run, runUrl, actor } = step.context
  return openJobWorld({
    cwd: step.cwd,
    env: step.env,
    signal: step.signal,
    run: { id: runId, attempt, ...(jobId && { job: jobId }), name: run, url: runUrl, actor },
    repository,
    serverUrl,
    apiUrl,
    temp,
    mask: step.mask,
    token: step.input('token'),
    role,
    runsTerraform,
  })
}

/** The world of a step that cannot do without GitHub. @throws UserError `token-missing` */
export async function openWithGitHub(step: Step, role: StoreRole): Promise<GitHubWorld> {
  return withGitHub(await openStep(step, role))
}

/** The same world, in which GitHub can be asked. @throws UserError `token-missing` */
export function withGitHub(world: World): GitHubWorld {
  const { github } = world
  if (github !== undefined) return { ...world, github }
  throw new UserError({
    code: 'token-missing',
    message: 'this step has no token for GitHub',
    fix: 'leave out the input token, which then is the token of the job, or give one that is not empty',
    exit: 2,
  })
}
