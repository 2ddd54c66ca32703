import { UserError } from '../error.ts'
import type { GitHub } from '../github/github.ts'
import type { ActionsSource } from '../installation/dialect.ts'
import type { Finding } from '../installation/finding.ts'

/** What is tried on the real GitHub: the repository, the one that the actions lie in, and the name of the workflow file. */
export interface LiveTry {
  readonly github: GitHub
  /** Undefined where the file names no actions of ours. */
  readonly actions: { readonly github: GitHub; readonly source: ActionsSource } | undefined
  readonly workflow: string
}

/** Facts that we rely on and that only a run, or a change, would show. */
const untried = [
  'environment without a deployment',
  'subjects of OIDC tokens',
  'events of GITHUB_TOKEN',
  'tokens of forks and Dependabot',
  'the time that a cancelled step has',
  'actions of the form $/',
]

/** Tries what can be tried by reading alone, and says what it does not try. */
export async function tryGitHub({ github, actions, workflow }: LiveTry): Promise<Finding[]> {
  const commit =
    actions &&
    (await tried('live commit', async () => {
      const { repository, commit: id } = actions.source
      // Refused for a commit that is not there; the list of statuses would be empty.
      await actions.github.pulls.ofCommit(id)
      return { state: 'ok', found: `${repository} has ${id.slice(0, 7)}, and this token can see it` }
    }))
  const runs = await tried('live workflow', async () => {
    const found = await github.runs.unfinished(workflow)
    return { state: 'ok', found: `GitHub knows ${workflow}; ${found.length} of its runs are not over` }
  })
  const asking = await tried('live requests', async () => {
    await github.governance.facts()
    const before = github.use().unchanged
    await github.governance.facts()
    const { unchanged, remaining, foretold } = github.use()
    const left = remaining === undefined ? '' : `; ${remaining} left this hour`
    return unchanged > before
      ? {
          state: 'ok',
          found: `what did not change is not counted (304)${sharing(foretold)}${left}`,
        }
      : { state: 'missing', found: `GitHub answered the same twice and counted both${left}` }
  })
  return [
    ...(commit ? [commit] : []),
    runs,
    asking,
    {
      name: 'live, not tried',
      state: 'ok',
      found: `${untried.join(', ')}: they need a run, or would change something`,
    },
  ]
}

/** Whether one job can ask about what another was told. */
function sharing(foretold: boolean | undefined): string {
  if (foretold === undefined) return ''
  return foretold
    ? ', also of what another job was told'
    : '; but its ETags are no longer such that jobs can share answers'
}

async function tried(name: string, act: () => Promise<Omit<Finding, 'name'>>): Promise<Finding> {
  try {
    return { name, ...(await act()) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { name, state: 'wrong', found: error.message, ...(error.fix !== undefined && { fix: error.fix }) }
  }
}
