import type { GitHub } from '../github.ts'
import { type RestOptions, restClient } from './rest-client.ts'
import { restComments } from './rest-comments.ts'
import { restChecks, restStatuses } from './rest-commits.ts'
import { restDeployments } from './rest-deployments.ts'
import { restGovernance } from './rest-governance.ts'
import { restPeople, restPulls } from './rest-pulls.ts'
import { restRuns } from './rest-runs.ts'

/** A repository on GitHub, over REST. */
export function restGitHub(options: RestOptions & Pick<GitHub, 'serverUrl'>): GitHub {
  const client = restClient(options)
  return {
    repository: options.repository,
    serverUrl: options.serverUrl,
    comments: restComments(client),
    statuses: restStatuses(client),
    checks: restChecks(client),
    deployments: restDeployments(client),
    pulls: restPulls(client),
    people: restPeople(client),
    runs: restRuns(client),
    governance: restGovernance(client),
    use: client.use,
  }
}
