import { join } from 'node:path'
import type { Credentials } from '../credentials/credentials.ts'
import { oidcCredentials } from '../credentials/drivers/oidc.ts'
import { UserError } from '../error.ts'
import type { World } from '../flows/world.ts'
import type { GitHub } from '../github/github.ts'
import { actionsMachine } from '../machine/drivers/actions.ts'
import type { StoreRole } from '../settings.ts'
import { openWorld } from '../wire.ts'
import { storedAnswers } from './answers.ts'
import type { Here } from './place.ts'

/** What a step of a job on GitHub Actions knows of where it stands. */
export interface InJob extends Here {
  /** The run, as records name it, and the account that started it. */
  readonly run: {
    readonly id: number
    readonly attempt: number
    /** GitHub's number of this job, where the runner tells it. */
    readonly job?: number
    readonly name: string
    readonly url: string
    readonly actor: string
  }
  readonly repository: GitHub['repository']
  readonly serverUrl: string
  readonly apiUrl: string
  /** Empty in a job that asks GitHub nothing. */
  readonly token: string
  /** Folder for files of the job. */
  readonly temp: string
  /** Never shows a text in the log. */
  readonly mask: (secret: string) => void
  /** What the job may do in the store. */
  readonly role: StoreRole
  /** Jobs that run no Terraform have no way to reach states, and need none. */
  readonly runsTerraform: boolean
}

/** Everything, as a job sees it: records in the repository's store, else in a folder that the jobs of the run hand on. */
export async function openJobWorld(job: InJob): Promise<World> {
  const { token, serverUrl, repository, run, role, temp, runsTerraform } = job
  const here = { ...job, gitEnv: gitCredentials(serverUrl, token) }
  const credentials = jobCredentials(job)
  const keysOf = credentials && { keysOf: credentials.forRole }
  const world = await openWorld(here, { role, folder: join(temp, 'airlock', 'store'), ...keysOf })
  return {
    ...world,
    ...(!runsTerraform && { states: hiddenStates }),
    ...(runsTerraform && credentials && { credentials, acts: role === 'apply' ? 'apply' : 'plan' }),
    machine: actionsMachine({
      job: {
        repository: `${repository.owner}/${repository.name}`,
        run: run.id,
        attempt: run.attempt,
        job: run.job,
      },
      run: { name: run.name, url: run.url },
      actor: run.actor,
      runner: world.machine,
    }),
    ...(token !== '' && {
      // Who plans runs code of others, and may not write what others read.
      github: await openJobGitHub(job, role === 'plan' ? undefined : world.store),
    }),
  }
}

/**
 * GitHub as a job sees it: for one that has no clone of the repository, too.
 * @param store where answers are remembered for other jobs
 */
export async function openJobGitHub(
  { token, apiUrl, serverUrl, repository, env }: Pick<InJob, 'token' | 'apiUrl' | 'serverUrl' | 'repository' | 'env'>,
  store?: World['store'],
): Promise<GitHub> {
  const { restGitHub } = await import('../github/drivers/rest.ts')
  const pace = env.AIRLOCK_GITHUB_PACE_MS
  return restGitHub({
    token,
    apiUrl,
    serverUrl,
    repository,
    ...(pace && { paceMs: Number(pace) }),
    ...(store && { memory: storedAnswers(store) }),
  })
}

/** A job that may ask GitHub for a token takes roles with it; in any other every process has what the environment has. */
function jobCredentials({ env, run, mask }: Pick<InJob, 'env' | 'run' | 'mask'>): Credentials | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = env
  if (!requestUrl || !requestToken) return undefined
  return oidcCredentials({
    requestUrl,
    requestToken,
    sessionName: `airlock-${run.name}`,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    endpoint: env.AWS_ENDPOINT_URL_STS || undefined,
    mask,
  })
}

const hiddenStates: World['states'] = {
  async read({ folder }) {
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} is not read by a job that runs no Terraform`,
      fix: 'look at it where plans are made: airlock plan',
    })
  },
}

/** Git's way to be told a token by its environment alone: no process list shows it, no file keeps it. */
function gitCredentials(serverUrl: string, token: string): Record<string, string> {
  if (token === '') return {}
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  }
}
