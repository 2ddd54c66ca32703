import type { Route } from '../route.ts'
import { checkRoutes } from './checks.ts'
import { contentRoutes } from './contents.ts'
import { deploymentRoutes } from './deployments.ts'
import { environmentRoutes } from './environments.ts'
import { issueRoutes } from './issues.ts'
import { pullRoutes } from './pulls.ts'
import { repositoryRoutes } from './repository.ts'
import { ruleRoutes } from './rules.ts'
import { runRoutes } from './runs.ts'
import { statusRoutes } from './statuses.ts'
import { workflowRoutes } from './workflows.ts'

/** All that the fake answers below a repository. */
export const routes: readonly Route[] = [
  ...repositoryRoutes,
  ...contentRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...statusRoutes,
  ...checkRoutes,
  ...deploymentRoutes,
  ...environmentRoutes,
  ...runRoutes,
  ...workflowRoutes,
  ...ruleRoutes,
]
